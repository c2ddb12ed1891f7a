// The rules that answers bring into force, gate by gate.
#pragma once

#include <vector>

#include "jobfit/rules.hpp"

namespace jobfit {

/// Those of the question files, of the further needs (made from the answers, ids "need.…"),
/// of the closed roads (ids "egress.LEVEL.…"), and the user's own. In a fixed order.
std::vector<Rule> rule_set(const WalkInput& input);

/// Failures that count: minded by a job, neither excused by one nor tolerated.
std::vector<std::string> minded_failures(const WalkInput& input);

/// Capabilities and weights of the answers: each job's own (the first leads, the others at half
/// weight), the languages', the minded failures'. Sorted by capability; a capability once.
struct WeightSource { Weight weight; Sentence because; };
std::vector<WeightSource> weigh(const WalkInput& input, const std::vector<std::string>& minded);

}  // namespace jobfit
