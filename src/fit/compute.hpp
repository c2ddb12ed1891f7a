// The working memory of one evaluation: what the graph allocator reserves for the largest batch.
#pragma once

#include "jobfit/fit.hpp"

#include "fit/cache.hpp"
#include "fit/graph_memory.hpp"
#include "fit/hparams.hpp"
#include "fit/offload.hpp"
#include "fit/weight_sums.hpp"

#include <vector>

namespace jobfit {

/// A number per block, the same for layers whose graphs are the same.
std::vector<int> layer_kinds(const Hparams& h);

/// The blocks whose graph shows the same peak as the graph of all of them. Placements with the same `kinds`
/// need the same memory.
struct TellingBlocks {
  std::vector<std::int64_t> blocks;
  std::vector<int> kinds;  ///< of each: its layer's kind and side, and what is carried for it
  GraphPlacement placement;
};
/// `weights`: where some are carried from RAM to the GPU, blocks are alike only if theirs are.
TellingBlocks telling_blocks(const Hparams& h, const std::vector<int>& layer_kinds, const Offload& offload,
                             const WeightSums* weights = nullptr);

/// Of each telling block what its weights are held in, where they are carried from RAM to the GPU, else
/// nothing.
std::vector<HeldMatrices> carried_matrices(const WeightSums& weights, const TellingBlocks& telling);

/// The graph over these blocks, wherever they lie.
FlatGraph compute_graph(const Hparams& h, const RunSettings& settings, const CacheLayout& layout,
                        const std::vector<std::int64_t>& blocks);

}  // namespace jobfit
