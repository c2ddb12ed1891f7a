// The reverse question: what machine would each build need.
#include "fit/choose.hpp"
#include "fit/plan_devices.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jobfit {
namespace {

/// The bandwidth at which `placement` on `machine` reaches `min_speed`; 0: no floor, infinity never.
double least_bandwidth(const Traffic& traffic, const Placement& placement, Machine machine,
                       double min_speed) {
  if (min_speed <= 0) return 0;
  const auto speed = [&](double bandwidth) {
    machine.memory.bandwidth_bytes_per_second = bandwidth;
    for (auto& gpu : machine.gpus) gpu.bandwidth_bytes_per_second = bandwidth;
    return speed_of(traffic, placement, Hardware(machine)).decode.mid;
  };
  double low = 1e9, high = 2e13;
  if (speed(high) < min_speed) return std::numeric_limits<double>::infinity();
  while (high / low > 1.005) {
    const double middle = std::sqrt(low * high);
    (speed(middle) >= min_speed ? high : low) = middle;
  }
  return high;
}

}  // namespace

std::vector<PlanRow> plan(const Model& model, const Catalog& catalog, std::int64_t context,
                          double min_speed) {
  const auto made = make_shape(model.shape);
  const auto* shape = std::get_if<Shape>(&made);
  if (!shape) return {};
  FitNeeds needs;
  needs.context = context;
  needs.min_speed = min_speed;
  Machine any;  // of no particular kind: GGUF builds, and what the user can make
  any.os = "linux";
  ModelMemory memory(*shape);
  const auto published = published_builds(model, memory, catalog, any, needs);
  const auto candidates = candidates_of(model, memory, catalog, needs, published);
  std::vector<PlanRow> rows;
  for (const auto* one : candidates.all()) {
    const auto& candidate = *one;
    BuildMemory build(memory, memory.weights(candidate.build), settings_for(model, needs, "f16"), {});
    const int layers = build.layers() + 1;
    Gpu card;
    card.vendor = "nvidia";
    card.backend = "cuda";
    Machine middling;
    middling.cpu.cores = 32;  // who has so much bandwidth has cores to go with it
    middling.gpus.push_back(card);
    Placement whole, none;
    whole.kind = Placement::Kind::gpu;
    whole.gpu_layers = layers;
    PlanRow row;
    row.build = candidate.build;
    row.quality_loss = candidate.loss;
    row.memory = build.use({layers});
    row.memory.overhead_bytes = driver_overhead(card);
    row.gpu_bytes = row.memory.gpu_bytes + row.memory.overhead_bytes;
    row.ram_bytes = build.use({}).total_bytes;
    row.gpu_bandwidth = least_bandwidth(build.traffic(), whole, middling, min_speed);
    row.ram_bandwidth = least_bandwidth(build.traffic(), none, middling, min_speed);
    row.devices = example_devices(build, catalog, min_speed);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace jobfit
