// What `why` adds to the advice: each rule that looked at the model, and what would make it win.
#pragma once

#include "jobfit/report.hpp"

namespace jobfit {

std::vector<RuleTouch> rules_on(const AdviceInput& input, std::uint32_t model);
/// Single changes, each of which makes `model` the first pick; found by walking.
std::vector<Flip> changes_for(const AdviceInput& input, const Advice& advice, std::uint32_t model);

}  // namespace jobfit
