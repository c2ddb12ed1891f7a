// Why a pick is the pick, how sure that is, and what to watch.
#pragma once

#include "jobfit/advice.hpp"

namespace jobfit {

Confidence confidence_in(const Pick& pick);
void explain_pick(const AdviceInput& input, Pick& pick);

}  // namespace jobfit
