// The `{name}` holes of a template of data/words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// The names in order; nullopt: a brace that opens or closes nothing, or a hole that is no name.
std::optional<std::vector<std::string>> template_holes(std::string_view text);

}  // namespace jobfit
