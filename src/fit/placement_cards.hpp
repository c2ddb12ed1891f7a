// The GPU side of a placement shared out over several cards.
#pragma once

#include "fit/build_memory.hpp"
#include "fit/usable.hpp"

namespace jobfit {

/// How many of `offload`'s layers each card of `set` has, in proportion to the cards' memory where that goes
/// in; empty: it does not pack.
std::vector<std::int64_t> share_out(BuildMemory& build, const GpuSet& set, const Machine& machine,
                                    Offload offload);

}  // namespace jobfit
