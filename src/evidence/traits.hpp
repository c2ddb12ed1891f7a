// What is assumed before any score is read: how abilities hang together, what thinking
// brings, what a specialist is for. All in standard deviations of the catalog's models.
#pragma once

#include "jobfit/catalog.hpp"

#include <string_view>

namespace jobfit::evidence {

/// How one capability relates to the rest.
struct CapabilityTraits {
  double general = 1;   ///< share of the general ability in it: 1 reasoning, near 0 candour
  double spread = 0.5;  ///< standard deviation of what is the capability's own
  double thinking = 0;  ///< what thinking adds to it; negative where it costs
};
CapabilityTraits capability_traits(std::string_view capability);

/// What the kind of a model says about one capability before anything was measured:
/// a shift of its mean, and how wide the guess is against a generalist's.
struct KindTraits {
  double shift = 0;
  double width = 1;
  double general = 1;  ///< how far its general ability carries over into this capability
};
KindTraits kind_traits(std::string_view kind, std::string_view capability);

/// The shift of the general ability itself: a base model or an OCR model is no
/// conversation partner whatever its size.
double kind_general_shift(std::string_view kind);

/// True where the model cannot do it at all: pictures without an eye, infilling
/// without the tokens for it.
bool incapable(const Model& model, std::string_view capability);

/// How far a score's mode is from the mode that is rated (the best: thinking where
/// the model can). 0 the same, 1 thinking switched off.
double mode_distance(const Model& model, std::string_view mode);

/// Extra variance for the class of the reporter, and how much it flatters.
struct ReporterTraits {
  double variance = 0;
  double bias = 0;
};
ReporterTraits reporter_traits(ReporterClass reporter);

}  // namespace jobfit::evidence
