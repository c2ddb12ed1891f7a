#include "fit/mtp.hpp"

namespace jobfit {

// A guess is checked by running several tokens through the weights at once. On parallel hardware that holds
// all of them that costs little more than one token: Qwen3.6 27B went from 6.4 to 12.6 tokens/s on a Strix
// Halo GPU, the 35B-A3B (whose guesses wake different experts) from 51 to 67. With weights partly in RAM one
// test was 23 % slower. On a CPU several tokens cost several times the arithmetic; a single report has a gain
// of 1.28 there.
MtpAdvice mtp_advice(const Model& model, const Placement& placement) {
  if (model.mtp != "heads" && model.mtp != "drafter") {
    if (model.mtp == "none") return {false, {"fit.mtp.none", {}}};
    return {false, {"fit.mtp.unknown", {}}};
  }
  switch (placement.kind) {
    case Placement::Kind::gpu:
    case Placement::Kind::unified: {
      const bool experts = model.active_parameters > 0 && model.active_parameters < model.parameters;
      if (model.mtp == "drafter" && model.drafter.empty()) return {true, {"fit.mtp.drafter", {}}};
      if (model.mtp == "drafter") return {true, {"fit.mtp.drafter_named", {{"drafter", model.drafter}}}};
      return {true, {experts ? "fit.mtp.pays_less" : "fit.mtp.pays", {}}};
    }
    case Placement::Kind::split:
    case Placement::Kind::experts_in_ram:
      return {false, {"fit.mtp.split", {}}};
    case Placement::Kind::cpu:
      return {false, {"fit.mtp.cpu", {}}};
    case Placement::Kind::cloud:
      break;
  }
  return {false, {"fit.mtp.cloud", {}}};
}

}  // namespace jobfit
