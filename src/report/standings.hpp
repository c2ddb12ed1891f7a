// Where one model stands in an advice: what `why` and `compare` look up.
#pragma once

#include "jobfit/advice.hpp"

namespace jobfit {

/// One candidate of a model, and how far it came.
struct Road {
  Candidate candidate;
  const Drop* drop = nullptr;          ///< nullptr: no gate dropped it
  Gate dropped_at = Gate::job;         ///< only with a drop
  const Standing* standing = nullptr;  ///< nullptr where a question dropped it
  const Pick* pick = nullptr;          ///< fits, and is listed
  const TooBig* too_big = nullptr;
};

/// Every road of `model`, the one that came furthest first; empty: it was no candidate at all.
std::vector<Road> roads_of(const Advice& advice, std::uint32_t model);

/// The first pick, or nullptr.
const Pick* first_pick(const Advice& advice);

}  // namespace jobfit
