// The working memory of one evaluation: what the graph allocator reserves for the largest batch.
#pragma once

#include <vector>

#include "fit/cache.hpp"
#include "fit/hparams.hpp"
#include "fit/model_graph.hpp"
#include "jobfit/fit.hpp"

namespace jobfit {

/// The blocks whose graph shows the same peak as the graph of all of them.
std::vector<std::int64_t> telling_blocks(const Hparams& h, const GraphPlacement& placement);

/// Bytes by backend, the CPU's last.
std::vector<Bytes> compute_bytes(const Hparams& h, const RunSettings& settings, const CacheLayout& layout,
                                 const GraphPlacement& placement);

}  // namespace jobfit
