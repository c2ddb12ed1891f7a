// The working memory of one evaluation: what the graph allocator reserves for the largest batch.
#pragma once

#include "jobfit/fit.hpp"

#include "fit/cache.hpp"
#include "fit/graph_memory.hpp"
#include "fit/hparams.hpp"
#include "fit/weight_sums.hpp"

#include <vector>

namespace jobfit {

/// A number per block, the same for layers whose graphs are the same.
std::vector<int> layer_kinds(const Hparams& h);

/// How many of the last layers, the output layer first, are on the GPU, and of how many of the first layers
/// the experts stay in RAM.
struct Offload {
  std::int64_t layers = 0, experts_in_ram = 0;
};

/// The blocks whose graph shows the same peak as the graph of all of them. Placements with the same `kinds`
/// need the same memory.
struct TellingBlocks {
  std::vector<std::int64_t> blocks;
  std::vector<int> kinds;      ///< of each: its layer's kind and side
  std::vector<int> all_kinds;  ///< the same of every block
  GraphPlacement placement;
};
TellingBlocks telling_blocks(const Hparams& h, const std::vector<int>& layer_kinds, const Offload& offload);

/// Of each telling block what its weights are held in, where they are carried from RAM to the GPU, else nothing.
/// Blocks whose graphs are the same may differ in this: each stands for the heaviest of its kind, as what is
/// carried for one block has gone when the next one's comes.
std::vector<HeldMatrices> carried_matrices(const WeightSums& weights, const TellingBlocks& telling);

/// The graph over these blocks, wherever they lie. `carried`: of each block, if any.
FlatGraph compute_graph(const Hparams& h, const RunSettings& settings, const CacheLayout& layout,
                        const std::vector<const HeldMatrices*>& carried, const std::vector<std::int64_t>& blocks);

}  // namespace jobfit
