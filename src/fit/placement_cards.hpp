// The GPU side of a placement shared out over several cards.
#pragma once

#include "fit/placement.hpp"

namespace jobfit {

/// Shares the GPU side of `placed` out over the cards of `set` by whole layers and fills in gpu_shares,
/// per_gpu and the compute buffer that each further card needs. False: it does not pack.
bool share_out(const BuildMemory& build, const GpuSet& set, const Machine& machine, Placed* placed);

}  // namespace jobfit
