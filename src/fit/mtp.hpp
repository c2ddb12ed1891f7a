// Whether predicting several tokens at once pays.
#pragma once

#include "jobfit/fit.hpp"

namespace jobfit {

/// By the model's heads or drafter and by where its weights lie.
MtpAdvice mtp_advice(const Model& model, const Placement& placement);

}  // namespace jobfit
