#include "fit/placement_cards.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// Bytes of weights per layer on the GPU side; the output head last.
std::vector<double> layer_weights(const BuildMemory& build, const Placement& placement) {
  const int count = build.layers();
  std::vector<double> bytes(static_cast<std::size_t>(count) + 1, 0);
  bytes.back() = double(build.weights().output.bytes);
  for (int i = 0; i < std::min(count, static_cast<int>(build.weights().layers.size())); ++i) {
    const auto& layer = build.weights().layer(std::size_t(i));
    bytes[std::size_t(i)] = double(layer.dense.bytes);
    if (i >= placement.expert_layers_in_ram) bytes[std::size_t(i)] += double(layer.experts.bytes);
  }
  return bytes;
}

struct Cards {
  const GpuSet& set;
  const Machine& machine;
  double compute = 0;  ///< buffer that every card has
  double shared = 0;   ///< weights, cache and states to share out
  double room(std::size_t at) const {
    const auto& gpu = machine.gpus[set.gpus[at]];
    return double(gpu.usable_bytes - driver_overhead(gpu)) - compute;
  }
};

/// Fills the cards in order, each up to its room, or up to its share of all rooms.
bool fill(const Cards& cards, const std::vector<double>& layers, std::size_t first, bool in_proportion,
          Placed* placed) {
  const auto count = cards.set.gpus.size();
  double all_room = 0;
  for (std::size_t i = 0; i < count; ++i) all_room += std::max(cards.room(i), 0.0);
  placed->memory.per_gpu.assign(count, 0);
  placed->placement.gpu_shares.assign(cards.machine.gpus.size(), 0);
  std::size_t at = 0;
  double on_card = 0;
  for (std::size_t i = first; i < layers.size(); ++i) {
    for (;; ++at, on_card = 0) {
      if (at >= count) return false;
      const double room = cards.room(at);
      const bool last = at + 1 == count;
      const double target =
          in_proportion && !last ? std::min(room, cards.shared * room / all_room + layers[i] / 2) : room;
      if (on_card + layers[i] <= target) break;
    }
    on_card += layers[i];
    placed->placement.gpu_shares[cards.set.gpus[at]] += 1;
    placed->memory.per_gpu[at] += static_cast<Bytes>(layers[i]);
  }
  for (auto& bytes : placed->memory.per_gpu)
    if (bytes > 0) bytes += static_cast<Bytes>(cards.compute);
  return true;
}

}  // namespace

bool share_out(const BuildMemory& build, const GpuSet& set, const Machine& machine, Placed* placed) {
  auto& memory = placed->memory;
  auto layers = layer_weights(build, placed->placement);
  const auto first = static_cast<std::size_t>(std::max(build.layers() + 1 - placed->placement.gpu_layers, 0));
  double known = 0;
  for (std::size_t i = first; i < layers.size(); ++i) known += layers[i];
  const double compute =
      std::min(double(memory.compute_bytes + memory.projector_bytes), double(memory.gpu_bytes));
  const Cards cards{set, machine, compute, double(memory.gpu_bytes) - compute};
  // What is not weights (cache, states) follows the layers it belongs to.
  for (auto& bytes : layers) bytes *= known > 0 ? cards.shared / known : 0;
  if (!fill(cards, layers, first, true, placed) && !fill(cards, layers, first, false, placed)) return false;
  const auto further = static_cast<Bytes>(double(memory.compute_bytes) * double(set.gpus.size() - 1));
  memory.compute_bytes += further;
  memory.gpu_bytes += further;
  memory.total_bytes += further;
  return true;
}

}  // namespace jobfit
