// Steps of the choice that the fixes try again with one thing changed.
#pragma once

#include "fit/try_build.hpp"

#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace jobfit {

/// Whether the build's quantization is within what this model bears.
bool above_floor(const BuildCandidate& candidate);
/// Bits per weight of the usual squeeze, or the fewest that this model is published in and bears.
double usual_bits_of(const std::vector<BuildCandidate>& builds);

/// Candidates in the order of preference: published, and where none of them fits, what the user can make.
class Candidates {
 public:
  /// Holds on to `builds`.
  Candidates(const std::vector<BuildCandidate>& builds, double free,
             std::function<std::vector<BuildCandidate>()> make)
      : published(builds), free_loss(free), make_(std::move(make)) {}

  const std::vector<BuildCandidate>& published;
  const double free_loss;  ///< up to here a squeeze counts as free: what Q6_K costs this model
  /// Made when they are first asked for.
  const std::vector<BuildCandidate>& makeable() const;
  std::vector<const BuildCandidate*> all() const;

 private:
  std::function<std::vector<BuildCandidate>()> make_;
  mutable std::optional<std::vector<BuildCandidate>> made_;
};
/// `published`: what published_builds gave. Holds on to its arguments: they must outlive it.
Candidates candidates_of(const Model& model, ModelMemory& memory, const Catalog& catalog,
                         const FitNeeds& needs, const std::vector<BuildCandidate>& published);

/// The smallest file above the floor, published or makeable, for which misfits and fixes are told; nullptr:
/// none.
const BuildCandidate* smallest_good(const Candidates& candidates);

/// The least squeezed that fits; nullopt if none does. Nothing of the Misfit is computed.
std::optional<Fit> choose_among(const Model& model, ModelMemory& memory, const Candidates& candidates,
                                const Hardware& hardware, const FitNeeds& needs);

/// The smallest changes each of which alone makes `model` fit. `fastest`: decode at mid of what fits in
/// memory, 0 if nothing does. `devices`: no more memory than the largest of them is asked for.
std::vector<Fix> smallest_fixes(const Model& model, ModelMemory& memory, const Candidates& candidates,
                                std::span<const Device> devices, const Machine& machine,
                                const FitNeeds& needs, double fastest);

}  // namespace jobfit
