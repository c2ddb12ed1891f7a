// A graph as its scheduler and allocator see it: what there is to allocate and who reads whom, close
// together, for many placements to be tried on.
#pragma once

#include "fit/graph.hpp"
#include "fit/held_matrix.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace jobfit {

/// Where something lies or runs as far as a graph tells: nowhere of its own, in RAM, with a block's layers,
/// with its routed experts. The odd ones among them: what RAM would draw goes to the first GPU.
using GraphSite = std::uint16_t;
inline constexpr GraphSite kNoSite = 0, kRamSite = 2;
constexpr GraphSite site_of(const GraphOwner& owner) {
  return owner.block < 0 ? kRamSite : static_cast<GraphSite>(4 + 4 * owner.block + (owner.experts ? 2 : 0));
}

struct FlatGraph {
  struct Tensor {
    Bytes bytes = 0;           ///< padded to the allocator's alignment
    std::uint64_t layout = 0;  ///< the same for the same type, size and strides
    GraphIndex view_of = kNone;
    std::uint32_t first = 0;    ///< of its sources
    GraphSite lies = kNoSite;   ///< whose memory it has from the start: a weight, a cache or a view of one
    GraphSite drawn = kNoSite;  ///< what decides where it is worked out
    std::uint8_t count = 0;     ///< of its sources
    GraphOp op = GraphOp::none;
    bool in_place = false, output = false, weight = false, input = false;
    bool seats = false;  ///< reads memory without contents, which lies where it is first needed
  };
  /// How often a tensor is read, and how often its memory is looked at from another.
  struct Uses {
    std::int16_t readers = 0, views = 0;
  };
  std::vector<Tensor> tensors;
  std::vector<Uses> uses;  ///< by tensor
  std::vector<GraphIndex> sources;
  std::vector<GraphIndex> nodes, leafs;
  std::vector<GraphIndex> worked;  ///< nodes that compute something: views do not
  struct Matrix {
    GraphIndex tensor;
    std::int32_t block;  ///< which of those that the graph is over
    Sizes size;
  };
  std::vector<Matrix> matrices;    ///< the blocks' weights, in floats until hold() tells better
  Bytes largest = 0;               ///< of what a node leaves behind, in bytes as they are
};

FlatGraph flatten(const Graph& graph);

/// Says what the matrices are held in, by block; it shows where they are carried to another backend. Blocks
/// without any are left as they are.
void hold(FlatGraph& graph, const std::vector<HeldMatrices>& by_block);

}  // namespace jobfit
