#include "fit/model_memory.hpp"
#include "jobfit/fit.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// As llama.cpp offloads: the output layer first, then the blocks from the last on.
Sides place_weights(const WeightSums& weights, std::int64_t trunk, std::int64_t blocks, std::int64_t offloaded,
                    std::int64_t experts_in_ram, bool mtp) {
  Sides sides;
  const std::int64_t first = blocks + 1 - offloaded;
  const bool output_on_gpu = offloaded > 0;
  // Tied embeddings are also the output layer: the copy on the GPU is the one that is counted.
  sides.put(weights.embedding.bytes, output_on_gpu && !weights.own_output);
  sides.put(weights.lookups, false);
  sides.put(weights.output.bytes, output_on_gpu);
  sides.put(weights.first.bytes, first <= 0);
  for (std::size_t i = 0; i < weights.layers.size(); ++i) {
    const auto& layer = weights.layer(i);
    const auto block = static_cast<std::int64_t>(i);
    const bool on_disk = block >= trunk && !mtp;  // a draft block stays there unless it is asked for
    sides.put(on_disk ? layer.dense_anyway : layer.dense.bytes, block >= first);
    sides.put(on_disk ? layer.experts_anyway : layer.experts.bytes, block >= first && block >= experts_in_ram);
  }
  sides.put(weights.unnamed, offloaded > blocks);
  return sides;
}

}  // namespace

Sides held_by(ModelMemory& model, const WeightSums& weights, const RunSettings& settings, int gpu_layers,
              int expert_layers_in_ram) {
  const Hparams& h = model.hparams();
  const std::int64_t offloaded = std::clamp<std::int64_t>(gpu_layers, 0, h.blocks + 1);
  Sides held = place_weights(weights, h.trunk(), h.blocks, offloaded, expert_layers_in_ram, settings.mtp);
  const CacheBytes& caches = model.run(settings).caches;
  for (std::size_t i = 0; i < static_cast<std::size_t>(h.blocks); ++i)
    held.put(caches.kv[i] + caches.state[i], static_cast<std::int64_t>(i) >= h.blocks + 1 - offloaded);
  return held;
}

MemoryUse memory_use(ModelMemory& model, const WeightSums& weights, const RunSettings& settings, int gpu_layers,
                     int expert_layers_in_ram, bool rough) {
  const Hparams& h = model.hparams();
  const std::int64_t offloaded = std::clamp<std::int64_t>(gpu_layers, 0, h.blocks + 1);
  const std::int64_t first = h.blocks + 1 - offloaded;  // on the GPU; the output layer is block `blocks`

  MemoryUse use;
  Sides sides = place_weights(weights, h.trunk(), h.blocks, offloaded, expert_layers_in_ram, settings.mtp);
  use.weights_bytes = sides.all();

  auto& run = model.run(settings);
  for (std::size_t i = 0; i < static_cast<std::size_t>(h.blocks); ++i) {
    sides.put(run.caches.kv[i] + run.caches.state[i], static_cast<std::int64_t>(i) >= first);
    use.kv_cache_bytes += run.caches.kv[i];
    use.state_bytes += run.caches.state[i];
  }

  const auto compute =
      model.compute(run, {offloaded, offloaded > 0 ? expert_layers_in_ram : 0, &weights}, rough);
  for (std::size_t i = 0; i < compute.size(); ++i) {
    sides.put(compute[i], i + 1 < compute.size());
    use.compute_bytes += compute[i];
  }

  use.output_bytes = h.vocabulary * run.layout.outputs_kept * 4;
  sides.put(use.output_bytes, false);

  use.gpu_bytes = sides.gpu;
  use.ram_bytes = sides.ram;
  use.total_bytes = sides.all();
  if (use.gpu_bytes > 0) use.per_gpu = {use.gpu_bytes};
  return use;
}

MemoryUse memory_use(const Shape& shape, const WeightTable& weights, const RunSettings& settings,
                     int gpu_layers, int expert_layers_in_ram) {
  ModelMemory model(shape);
  return memory_use(model, sums_of(shape, weights), settings, gpu_layers, expert_layers_in_ram);
}

}  // namespace jobfit
