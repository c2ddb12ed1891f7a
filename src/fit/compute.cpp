#include "fit/compute.hpp"

#include "fit/graph_memory.hpp"
#include "fit/model_graph.hpp"

#include <algorithm>

namespace jobfit {

std::vector<Bytes> compute_bytes(const Hparams& h, const RunSettings& settings, const CacheLayout& layout,
                                 const GraphPlacement& placement) {
  const GgmlType* type = ggml_type(settings.cache_type);
  if (!type) type = ggml_type("f16");
  std::vector<std::int64_t> blocks;
  for (std::int64_t i = 0; i < h.trunk(); ++i) blocks.push_back(i);
  ModelGraph model(h, layout, *type, std::max(1, settings.parallel), placement);
  Graph graph = model.build(blocks);
  return graph_memory(graph, placement.backends);
}

}  // namespace jobfit
