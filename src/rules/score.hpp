// How well one model serves the answers: a weighted mean of ratings, with an error bar.
#pragma once

#include <vector>

#include "rules/rule_set.hpp"

namespace jobfit {

JobScore score_model(const WalkInput& input, const std::vector<WeightSource>& weights, std::size_t model);

/// Best first, and ranks given. A total order that no file order can change.
void rank(const WalkInput& input, std::vector<Standing>& standings);

}  // namespace jobfit
