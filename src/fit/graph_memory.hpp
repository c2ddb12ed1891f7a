// Where the nodes of a graph run, and how much memory their results need at most: llama.cpp's
// scheduler and graph allocator, followed step by step.
#pragma once

#include "fit/flat_graph.hpp"

#include <vector>

namespace jobfit {

/// Which backend owns what. The last backend is the CPU, those before it are GPUs.
struct GraphPlacement {
  struct Block {
    int backend = 0;
    bool experts_in_ram = false;
  };
  int backends = 1;
  std::vector<Block> blocks;  ///< those that the graph was built over, and one more for the output layer
  /// Whole on several GPUs: while one works on a batch the one before it begins the next, so what is handed
  /// over is held several times.
  bool pipelined = false;
  int cpu() const { return backends - 1; }
};

/// Bytes by backend.
std::vector<Bytes> graph_memory(const FlatGraph& graph, const GraphPlacement& placement);

}  // namespace jobfit
