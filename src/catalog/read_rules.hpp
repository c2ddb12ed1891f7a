// Rules and their predicates, in a question file or in a team's own.
#pragma once

#include "jobfit/questions.hpp"

#include "catalog/draft.hpp"
#include "catalog/reader.hpp"

#include <optional>
#include <vector>

namespace jobfit {

/// The rules of a list. `gate` nullopt: each names its own.
std::vector<Rule> read_rule_list(Draft& draft, const Value& list, std::optional<Gate> gate);

}  // namespace jobfit
