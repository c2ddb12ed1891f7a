// What can be said of a model on a machine without a search: most of a catalog is plainly too big for it, or
// plainly fits.
#pragma once

#include "fit/choose.hpp"

#include <vector>

namespace jobfit {

/// Nobody publishes fewer bits per weight than this above the floor: a bound from below where nothing else is
/// known.
inline constexpr double kLeastBitsPerWeight = 2.5;

/// Whether every build, published or not, is plainly more than the machine holds. False says nothing.
bool surely_too_big(const Model& model, const Machine& machine);

/// Whether the build with the smallest file above the floor, and with it every other, is plainly more than
/// the machine holds. False says nothing.
bool surely_too_big(const Model& model, ModelMemory& memory, const Build& smallest, const Machine& machine,
                    const FitNeeds& needs);

/// Whether a small build fits, and is fast enough, with so much to spare that nothing needs to be searched.
/// False says nothing. `published`: what published_builds gave.
bool surely_fits(const Model& model, ModelMemory& memory, const std::vector<BuildCandidate>& published,
                 const Machine& machine, const FitNeeds& needs);

}  // namespace jobfit
