// The working memory of one evaluation: what the graph allocator reserves for the largest batch.
#pragma once

#include "fit/cache.hpp"
#include "fit/hparams.hpp"
#include "jobfit/fit.hpp"

namespace jobfit {

struct ComputeBytes {
  Bytes device = 0, host = 0;
};

/// `offloaded`: blocks (and the output layer) on the GPU; 0 none, blocks+1 all.
ComputeBytes compute_bytes(const Hparams& h, const RunSettings& settings, const CacheLayout& layout,
                           std::int64_t offloaded);

}  // namespace jobfit
