// One given build on one machine, whether it fits or not: for `jobfit estimate`.
#include <algorithm>

#include "fit/choose.hpp"

namespace jobfit {

Estimate estimate_build(const Shape& shape, const WeightTable& weights, const RunSettings& settings,
                        const Machine& machine, Bytes projector_bytes) {
  ModelMemory model(shape);
  const auto sums = sums_of(shape, weights);
  BuildMemory build(model, sums, settings, {projector_bytes});
  const Hardware hardware(machine);
  PlacementSearch search(build, hardware, false);
  std::vector<Placed> all = search.all();
  Estimate estimate;
  estimate.fits = !all.empty();
  if (estimate.fits) {
    // Whole on a GPU first; a later placement must be faster to be taken.
    const auto best = std::max_element(all.begin(), all.end(), [](const Placed& a, const Placed& b) {
      return a.speed.decode.mid < b.speed.decode.mid;
    });
    estimate.placement = best->placement;
    estimate.memory = best->memory;
    estimate.speed = best->speed;
    estimate.placement.longest_context = search.longest_context(best->placement, shape.trained_context);
    return estimate;
  }
  const bool gpu = std::any_of(machine.gpus.begin(), machine.gpus.end(), [](const Gpu& one) { return !one.integrated; });
  estimate.placement.kind = gpu ? Placement::Kind::gpu : Placement::Kind::cpu;
  estimate.placement.gpu_layers = gpu ? build.layers() + 1 : 0;
  estimate.placement.context_tokens = settings.context;
  estimate.placement.kv_cache = settings.cache_type;
  estimate.memory = build.use({estimate.placement.gpu_layers});
  Bytes on_gpus = 0;
  for (const GpuSet& set : hardware.sets) on_gpus = std::max(on_gpus, set.usable_bytes);
  estimate.memory.available_bytes = gpu ? on_gpus : machine.memory.usable_bytes;
  return estimate;
}

std::optional<WeightTable> weights_for(const Shape& shape, const Build& build) {
  const Hparams h = hparams_of(shape);
  const ModelTensors tensors = tensors_of(h);
  const auto weights = weights_of(h, tensors, build);
  if (!weights) return std::nullopt;
  return table_of(tensors, *weights);
}

}  // namespace jobfit
