// One build on one machine: every placement tried, and the fastest kept.
#pragma once

#include "fit/choose_builds.hpp"
#include "fit/placement.hpp"

#include <optional>
#include <string>

namespace jobfit {

/// One build on one machine, tried with every placement.
struct Tried {
  std::optional<Fit> fit;    ///< fits and is fast enough
  bool fits_memory = false;  ///< some placement holds it
  double fastest = 0;        ///< of those, decode at mid; 0 unknown
  Bytes least_bytes = 0;     ///< what it would need without a GPU
  bool skipped = false;      ///< it cannot reach what it was asked to: nothing else is known of it
};

/// The least decode speed at which a build is taken, in tokens/s; 0: any, an unknown one too.
struct Pace {
  double whole = 0;  ///< where it lies whole on a GPU or in unified memory
  double apart = 0;  ///< where a part of it, or all, is in RAM
};
/// The job's floor and nothing more.
Pace bearable(const FitNeeds& needs);
bool too_slow(const Speed& speed, Placement::Kind kind, const Pace& pace);

/// `cache_type` "f16" or "q8_0". A build whose parts lie apart and that surely stays below `worth` tokens/s
/// is skipped. The longest context is left out: fill_longest_context, for what is taken.
Tried try_build(const Model& model, ModelMemory& memory, const BuildCandidate& candidate,
                const Hardware& hardware, const FitNeeds& needs, const std::string& cache_type,
                const Pace& pace, double worth = 0);

void fill_longest_context(const Model& model, ModelMemory& memory, const BuildCandidate& candidate,
                          const Hardware& hardware, const FitNeeds& needs, Fit& fit);

/// The model's window: as trained, and as far as its maker documents an extension. 0: not known.
struct Window {
  std::int64_t native = 0, extended = 0;
};
Window window_of(const Model& model, const Shape& shape);

/// Of a file so much is loaded at the least: draft blocks, which are not, are never a tenth of it.
inline constexpr double kLeastLoaded = 0.9;

/// Whether this build's runtime cannot split it between GPU and RAM.
bool only_whole(const FitNeeds& needs, const Build& build);
/// Speed known, and its middle below what is needed. An unknown speed passes, with a caution.
bool too_slow(const Speed& speed, const FitNeeds& needs);
/// Memory settings of a run with these needs.
RunSettings settings_for(const Model& model, const FitNeeds& needs, const std::string& cache_type);
/// A number with at most one decimal, for a sentence.
std::string rounded(double value);

}  // namespace jobfit
