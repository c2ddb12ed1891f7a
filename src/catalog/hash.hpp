// A fast hash that is the same on every machine. It guards against accidents, not attacks.
#pragma once

#include <cstdint>
#include <string_view>

namespace jobfit {

/// Of `text`, continuing from `seed`.
std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0);

}  // namespace jobfit
