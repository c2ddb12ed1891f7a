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
  memory = memory_use(model_, weights_, settings_, offload, extras_.working);
  memory.gpu_bytes += extras_.more.gpu;
  memory.ram_bytes += extras_.more.ram;
  memory.total_bytes += extras_.more.all();
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

Offload BuildMemory::offload(Placement::Kind kind, int in_ram) const {
  return kind == Placement::Kind::experts_in_ram ? Offload{layers() + 1, in_ram}
                                                 : Offload{layers() + 1 - in_ram};
}

Sides BuildMemory::held(const Offload& offload) const {
  return held_by(model_, weights_, settings_, offload);
}

std::optional<int> BuildMemory::least_in_ram(Placement::Kind kind, Bytes room) const {
  const auto fits = [&](int in_ram) { return held(offload(kind, in_ram)).gpu <= room; };
  int fails = 0, works = layers();
  if (works < 1 || !fits(works)) return std::nullopt;
  while (works - fails > 1) {
    const int middle = (fails + works) / 2;
    (fits(middle) ? works : fails) = middle;
  }
  return works;
}

std::optional<Placement> BuildMemory::most_on_gpu(Placement::Kind kind, Bytes room) const {
  const auto in_ram = least_in_ram(kind, room);
  if (!in_ram) return std::nullopt;
  const Offload most = offload(kind, *in_ram);
  Placement placement;
  placement.kind = kind;
  placement.gpu_layers = static_cast<int>(most.layers);
  placement.expert_layers_in_ram = static_cast<int>(most.experts_in_ram);
  return placement;
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
