#include "fit/model_graph.hpp"
namespace jobfit {
GraphIndex ModelGraph::kda(GraphIndex x) { return x; }
GraphIndex ModelGraph::rwkv7(GraphIndex x) { return x; }
GraphIndex ModelGraph::index_scores(GraphIndex, GraphIndex) { return kNone; }
GraphIndex ModelGraph::gemma3n_layers(GraphIndex x, const std::vector<std::int64_t>& b) { for (std::size_t i = 0; i < b.size(); ++i) { block_ = b[i]; x = layer(x, i + 1 == b.size()); } return x; }
}
