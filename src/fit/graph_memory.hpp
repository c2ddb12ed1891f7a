// Where the nodes of a graph run, and how much memory their results need at most: llama.cpp's
// scheduler and graph allocator, followed step by step.
#pragma once

#include <vector>

#include "fit/graph.hpp"

namespace jobfit {

/// Bytes by backend. The last backend is the CPU, those before it are GPUs.
/// The graph is changed: copies of what crosses backends are added to it.
std::vector<Bytes> graph_memory(Graph& graph, int backends);

}  // namespace jobfit
