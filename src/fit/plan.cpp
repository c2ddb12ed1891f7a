// The reverse question: what machine would each build need.
#include "fit/choose.hpp"
#include "fit/efficiency.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace jobfit {
namespace {

constexpr std::size_t kExamples = 4;

/// A machine around one device, to ask how fast it would be.
Machine around(const Device& device, Bytes memory) {
  Machine machine;
  machine.os = device.vendor == "apple" ? "macos" : "linux";
  machine.cpu.cores = 8;
  Gpu gpu;
  gpu.name = device.name;
  gpu.vendor = device.vendor;
  gpu.generation = device.generation;
  gpu.memory_bytes = memory;
  gpu.bandwidth_bytes_per_second = device.bandwidth;
  gpu.tflops_fp16 = device.tflops_fp16;
  gpu.unified = device.kind == "unified";
  gpu.backend = device.vendor == "nvidia" ? "cuda" : device.vendor == "apple" ? "metal" : "vulkan";
  if (gpu.unified) {
    machine.memory.total_bytes = memory;
    machine.memory.bandwidth_bytes_per_second = device.bandwidth;
  }
  machine.gpus.push_back(std::move(gpu));
  apply_policy(machine);
  return machine;
}

/// Whether the whole build lies on this device and runs at `min_speed`.
bool suffices(BuildMemory& build, const Device& device, Bytes memory, double min_speed) {
  const auto machine = around(device, memory);
  const auto all = PlacementSearch(build, machine, true).all();
  return std::any_of(all.begin(), all.end(), [&](const Placed& placed) {
    return min_speed <= 0 || placed.speed.decode.mid >= min_speed;
  });
}

std::vector<std::string> smallest_devices(BuildMemory& build, const Catalog& catalog, double min_speed) {
  struct Found {
    Bytes memory;
    double bandwidth;
    std::string name;
  };
  std::vector<Found> found;
  for (const auto& device : catalog.devices) {
    if (device.laptop || device.kind == "cpu" || device.bandwidth <= 0) continue;
    auto sizes = device.memory;
    std::sort(sizes.begin(), sizes.end());
    for (const auto memory : sizes) {
      if (!suffices(build, device, memory, min_speed)) continue;
      found.push_back({memory, device.bandwidth,
                       device.memory.size() > 1 ? device.name + " " + format_bytes(memory) : device.name});
      break;
    }
  }
  // The least memory first, then the slowest: what costs least.
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    if (a.memory != b.memory) return a.memory < b.memory;
    if (a.bandwidth != b.bandwidth) return a.bandwidth < b.bandwidth;
    return a.name < b.name;
  });
  std::vector<std::string> names;
  for (const auto& device : found)
    if (names.size() < kExamples) names.push_back(device.name);
  return names;
}

/// The bandwidth at which `placement` on `machine` reaches `min_speed`; 0: no floor, infinity never.
double least_bandwidth(const Traffic& traffic, const Placement& placement, Machine machine,
                       double min_speed) {
  if (min_speed <= 0) return 0;
  const auto speed = [&](double bandwidth) {
    machine.memory.bandwidth_bytes_per_second = bandwidth;
    for (auto& gpu : machine.gpus) gpu.bandwidth_bytes_per_second = bandwidth;
    return speed_of(traffic, placement, machine).decode.mid;
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
  const auto candidates = candidates_of(model, *shape, catalog, any, needs);
  std::vector<PlanRow> rows;
  for (const auto* one : candidates.all()) {
    const auto& candidate = *one;
    BuildMemory build(*shape, candidate.weights(*shape), settings_for(model, needs, "f16"), {});
    const int layers = build.layers() + 1;
    Gpu card;
    card.vendor = "nvidia";
    card.backend = "cuda";
    Machine middling;
    middling.cpu.cores = 8;
    middling.gpus.push_back(card);
    Placement whole, none;
    whole.kind = Placement::Kind::gpu;
    whole.gpu_layers = layers;
    PlanRow row;
    row.build = candidate.build;
    row.quality_loss = candidate.loss;
    row.memory = build.use(layers, 0);
    row.memory.overhead_bytes = driver_overhead(card);
    row.gpu_bytes = row.memory.gpu_bytes + row.memory.overhead_bytes;
    row.ram_bytes = build.use(0, 0).total_bytes;
    row.gpu_bandwidth = least_bandwidth(build.traffic(), whole, middling, min_speed);
    row.ram_bandwidth = least_bandwidth(build.traffic(), none, middling, min_speed);
    row.devices = smallest_devices(build, catalog, min_speed);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace jobfit
