#include "fit/build_memory.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// The projector's own compute buffer for an image of a page's size, as a part of its weights.
constexpr double kProjectorWork = 0.25;

}  // namespace

BuildMemory::BuildMemory(ModelMemory& model, const WeightSums& weights, RunSettings settings, Extras extras)
    : model_(model), weights_(weights), settings_(std::move(settings)), extras_(extras) {}

bool BuildMemory::has_experts() const {
  return std::any_of(shape().layers.begin(), shape().layers.end(),
                     [](const Layer& layer) { return layer.experts; });
}

const MemoryUse& BuildMemory::use(const Offload& offload) {
  const auto [at, fresh] = uses_.try_emplace(offload);
  if (!fresh) return at->second;
  auto& memory = at->second;
  memory = memory_use(model_, weights_, settings_, offload, extras_.rough);
  if (extras_.projector_bytes > 0) {
    const auto work = static_cast<Bytes>(double(extras_.projector_bytes) * kProjectorWork);
    memory.projector_bytes += extras_.projector_bytes;
    memory.compute_bytes += work;
    memory.total_bytes += extras_.projector_bytes + work;
    // Of several GPUs the first has it.
    if (!memory.per_gpu.empty()) memory.per_gpu.front() += extras_.projector_bytes + work;
    (memory.per_gpu.empty() ? memory.ram_bytes : memory.gpu_bytes) += extras_.projector_bytes + work;
  }
  return memory;
}

std::vector<Bytes> BuildMemory::held_by_layer(const Offload& offload) const {
  return jobfit::held_by_layer(model_, weights_, settings_, offload);
}

Bytes BuildMemory::moved_bytes(int in_ram, bool experts) {
  const auto count = static_cast<std::size_t>(layers());
  if (layer_bytes_.empty()) {
    layer_bytes_.assign(count, 0);
    expert_bytes_.assign(count, 0);
    for (std::size_t i = 0; i < std::min(count, weights_.layers.size()); ++i) {
      if (shape().layers[i].draft) continue;
      expert_bytes_[i] = double(weights_.layer(i).experts.bytes);
      layer_bytes_[i] = double(weights_.layer(i).dense.bytes) + expert_bytes_[i];
    }
    const auto& whole = use({layers() + 1});
    const double cache = double(whole.kv_cache_bytes + whole.state_bytes) / double(count);
    for (auto& bytes : layer_bytes_) bytes += cache;
  }
  // Layers leave the GPU from the first on, and so do their experts.
  const auto& bytes = experts ? expert_bytes_ : layer_bytes_;
  double moved = 0;
  for (std::size_t i = 0; i < count && i < std::size_t(in_ram); ++i) moved += bytes[i];
  return static_cast<Bytes>(moved);
}

std::optional<Placement> BuildMemory::most_on_gpu(Placement::Kind kind, Bytes room) const {
  const auto with = [&](int in_ram) {
    const bool experts = kind == Placement::Kind::experts_in_ram;
    Placement placement;
    placement.kind = kind;
    placement.gpu_layers = experts ? layers() + 1 : layers() + 1 - in_ram;
    placement.expert_layers_in_ram = experts ? in_ram : 0;
    return placement;
  };
  const auto fits = [&](int in_ram) {
    const Placement placement = with(in_ram);
    return held_by(model_, weights_, settings_, {placement.gpu_layers, placement.expert_layers_in_ram}).gpu <=
           room;
  };
  int fails = 0, works = layers();
  if (works < 1 || !fits(works)) return std::nullopt;
  while (works - fails > 1) {
    const int middle = (fails + works) / 2;
    (fits(middle) ? works : fails) = middle;
  }
  return with(works);
}

const Traffic& BuildMemory::traffic_at(std::optional<Traffic>& kept, std::int64_t filled) {
  if (!kept) kept = token_traffic(shape(), weights_, filled, settings_.cache_type);
  return *kept;
}

const Traffic& BuildMemory::traffic() {
  return traffic_at(traffic_, settings_.filled >= 0 ? settings_.filled : typical_fill(settings_.context));
}

const Traffic& BuildMemory::traffic_full() { return traffic_at(full_, settings_.context); }

const Traffic& BuildMemory::traffic_empty() { return traffic_at(empty_, 0); }

}  // namespace jobfit
