#include "jobfit/fit.hpp"

#include "fit/model_memory.hpp"

#include <algorithm>
#include <numeric>

namespace jobfit {
namespace {

constexpr std::int64_t kInRam = -1;

/// Tells `put(bytes, block)` what every block holds, kInRam where it is no block's; the output layer is block
/// `blocks`.
template <typename Put>
void put_weights(const WeightSums& weights, const Hparams& h, bool mtp, const Offload& offload, Put put) {
  const std::int64_t output = offload.layers > 0 ? h.blocks : kInRam;
  // Tied embeddings are also the output layer: the copy on the GPU is the one that is counted.
  put(weights.embedding.bytes, weights.own_output ? kInRam : output);
  put(weights.lookups, kInRam);
  put(weights.output.bytes, output);
  put(weights.first.bytes, 0);
  for (std::size_t i = 0; i < weights.layers.size(); ++i) {
    const auto& layer = weights.layer(i);
    const auto block = static_cast<std::int64_t>(i);
    const bool on_disk = block >= h.trunk() && !mtp;  // a draft block stays there unless it is asked for
    put(on_disk ? layer.dense_anyway : layer.dense.bytes, block);
    put(on_disk ? layer.experts_anyway : layer.experts.bytes,
        block < offload.experts_in_ram ? kInRam : block);
  }
  put(weights.unnamed, 0);
}

template <typename Put>
void put_caches(const CacheBytes& caches, Put put) {
  for (std::size_t i = 0; i < caches.kv.size(); ++i)
    put(caches.kv[i] + caches.state[i], static_cast<std::int64_t>(i));
}

Offload clamped(Offload offload, std::int64_t blocks) {
  offload.layers = std::clamp<std::int64_t>(offload.layers, 0, blocks + 1);
  if (offload.layers == 0) offload.experts_in_ram = 0;
  return offload;
}

}  // namespace

Sides held_by(ModelMemory& model, const WeightSums& weights, const RunSettings& settings,
              const Offload& asked) {
  const Hparams& h = model.hparams();
  const Offload offload = clamped(asked, h.blocks);
  const std::int64_t first = h.blocks + 1 - offload.layers;
  Sides held;
  const auto put = [&](Bytes bytes, std::int64_t block) {
    held.put(bytes, block != kInRam && block >= first);
  };
  put_weights(weights, h, settings.mtp, offload, put);
  put_caches(model.run(settings).caches, put);
  return held;
}

std::vector<Bytes> held_by_layer(ModelMemory& model, const WeightSums& weights, const RunSettings& settings,
                                 const Offload& asked) {
  const Hparams& h = model.hparams();
  const Offload offload = clamped(asked, h.blocks);
  const std::int64_t first = h.blocks + 1 - offload.layers;
  std::vector<Bytes> held(static_cast<std::size_t>(h.blocks) + 1, 0);
  const auto put = [&](Bytes bytes, std::int64_t block) {
    if (block != kInRam && block >= first) held[static_cast<std::size_t>(block)] += bytes;
  };
  put_weights(weights, h, settings.mtp, offload, put);
  put_caches(model.run(settings).caches, put);
  return held;
}

MemoryUse memory_use(ModelMemory& model, const WeightSums& weights, const RunSettings& settings,
                     const Offload& asked, Working how) {
  const Hparams& h = model.hparams();
  const Offload offload = clamped(asked, h.blocks);
  const auto cpu = static_cast<std::size_t>(offload.cpu());
  std::vector<Bytes> held(cpu + 1, 0);
  const auto put = [&](Bytes bytes, std::int64_t block) {
    held[block == kInRam ? cpu : static_cast<std::size_t>(offload.backend(block, h.blocks))] += bytes;
  };
  put_weights(weights, h, settings.mtp, offload, put);

  MemoryUse use;
  use.weights_bytes = std::accumulate(held.begin(), held.end(), Bytes{0});
  auto& run = model.run(settings);
  put_caches(run.caches, put);
  use.kv_cache_bytes = std::accumulate(run.caches.kv.begin(), run.caches.kv.end(), Bytes{0});
  use.state_bytes = std::accumulate(run.caches.state.begin(), run.caches.state.end(), Bytes{0});

  const auto compute = model.compute(run, {offload, &weights}, how);
  for (std::size_t i = 0; i < held.size(); ++i) {
    held[i] += compute[i];
    use.compute_bytes += compute[i];
  }
  use.output_bytes = h.vocabulary * run.layout.outputs_kept * 4;
  held[cpu] += use.output_bytes;

  use.ram_bytes = held[cpu];
  held.pop_back();
  use.gpu_bytes = std::accumulate(held.begin(), held.end(), Bytes{0});
  use.total_bytes = use.gpu_bytes + use.ram_bytes;
  use.per_gpu = std::move(held);
  return use;
}

MemoryUse memory_use(const Shape& shape, const WeightTable& weights, const RunSettings& settings,
                     int gpu_layers, int expert_layers_in_ram) {
  ModelMemory model(shape);
  return memory_use(model, sums_of(shape, weights), settings, {gpu_layers, expert_layers_in_ram});
}

}  // namespace jobfit
