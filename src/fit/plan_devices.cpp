#include "fit/plan_devices.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace jobfit {
namespace {

constexpr std::size_t kExamples = 4;
/// Older ones are bought by those who know why.
constexpr int kYears = 6;
constexpr int kCards[] = {2, 3, 4, 6, 8};

/// Who would buy it, in the order of the examples.
enum class Shelf { nvidia_desktop, other_desktop, apple, shared, professional, server, none };

bool starts_with_any(std::string_view name, std::initializer_list<std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(), [&](auto start) { return name.starts_with(start); });
}

Shelf shelf_of(const Device& device) {
  const std::string_view name = device.name;
  // A name that stands for several products, or for a part that no shop sells by itself.
  if (name.find(" / ") != name.npos || name.find("Custom") != name.npos) return Shelf::none;
  if (device.laptop || device.kind == "cpu" || device.bandwidth <= 0) return Shelf::none;
  if (device.vendor == "apple") return Shelf::apple;
  if (starts_with_any(name, {"AMD Instinct", "NVIDIA GH200", "NVIDIA GB200"})) return Shelf::server;
  // Of the others that share their memory, those made for this: no graphics inside laptop processors, no
  // boards.
  if (device.kind == "unified")
    return starts_with_any(name, {"NVIDIA GB10", "AMD Radeon 80"}) ? Shelf::shared : Shelf::none;
  if (name.starts_with("NVIDIA GeForce ")) return Shelf::nvidia_desktop;
  if (starts_with_any(name, {"AMD Radeon RX ", "Intel Arc A", "Intel Arc B"})) return Shelf::other_desktop;
  if (starts_with_any(name, {"NVIDIA RTX ", "AMD Radeon PRO ", "AMD Radeon AI PRO ", "Intel Arc Pro "}))
    return Shelf::professional;
  // A800 and H800 were made for one country's export rules.
  if (starts_with_any(name, {"NVIDIA A800", "NVIDIA H800", "NVIDIA L20", "NVIDIA GeForce RTX 4090 D"}))
    return Shelf::none;
  return Shelf::server;
}

/// A machine around `count` of one device, to ask how fast it would be.
Machine around(const Device& device, Bytes memory, int count) {
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
  machine.gpus.assign(static_cast<std::size_t>(count), gpu);
  apply_policy(machine);
  return machine;
}

/// Whether the whole build lies on it and runs at `min_speed`.
bool suffices(BuildMemory& build, const Machine& machine, double min_speed) {
  const auto all = PlacementSearch(build, Hardware(machine), true).all();
  return std::any_of(all.begin(), all.end(), [&](const Placed& placed) {
    return min_speed <= 0 || placed.speed.decode.mid >= min_speed;
  });
}

struct Example {
  Bytes memory = 0;  ///< of all of them
  double bandwidth = 0;
  std::string name;
  /// The least memory first, then the slowest: what costs least.
  auto key() const { return std::tie(memory, bandwidth, name); }
};

using Shelves = std::array<std::optional<Example>, std::size_t(Shelf::none)>;

void keep_smaller(std::optional<Example>& kept, Example example) {
  if (!kept || example.key() < kept->key()) kept = std::move(example);
}

std::optional<Example> several_cards(BuildMemory& build, const std::vector<const Device*>& cards,
                                     double min_speed) {
  std::optional<Example> best;
  for (const int count : kCards) {
    for (const Device* card : cards) {
      for (const Bytes memory : card->memory) {
        Example example{memory * count, card->bandwidth, std::to_string(count) + "x " + card->name};
        if (best && !(example.key() < best->key())) continue;
        if (suffices(build, around(*card, memory, count), min_speed)) keep_smaller(best, std::move(example));
      }
    }
    if (best) break;  // fewer cards are simpler than less memory
  }
  return best;
}

}  // namespace

std::vector<std::string> example_devices(BuildMemory& build, const Catalog& catalog, double min_speed) {
  int newest = 0;
  for (const auto& device : catalog.devices) newest = std::max(newest, device.year);
  Shelves shelves;
  std::vector<const Device*> desktop, professional;
  for (const auto& device : catalog.devices) {
    const Shelf shelf = shelf_of(device);
    if (shelf == Shelf::none || device.year < newest - kYears) continue;
    if (shelf == Shelf::nvidia_desktop || shelf == Shelf::other_desktop) desktop.push_back(&device);
    if (shelf == Shelf::professional) professional.push_back(&device);
    auto sizes = device.memory;
    std::sort(sizes.begin(), sizes.end());
    auto& kept = shelves[std::size_t(shelf)];
    for (const auto memory : sizes) {
      Example example{memory, device.bandwidth,
                      sizes.size() > 1 ? device.name + " " + format_bytes(memory) : device.name};
      if (kept && !(example.key() < kept->key())) break;
      if (!suffices(build, around(device, memory, 1), min_speed)) continue;
      keep_smaller(kept, std::move(example));
      break;
    }
  }
  const auto at = [&](Shelf shelf) -> std::optional<Example>& { return shelves[std::size_t(shelf)]; };
  if (at(Shelf::nvidia_desktop) || at(Shelf::other_desktop)) {
    at(Shelf::professional).reset();
    at(Shelf::server).reset();
  } else {
    auto several = several_cards(build, desktop, min_speed);
    if (!several) several = several_cards(build, professional, min_speed);
    at(Shelf::nvidia_desktop) = std::move(several);
    if (at(Shelf::professional)) at(Shelf::server).reset();
  }
  std::vector<Example> found;
  for (auto& example : shelves)
    if (example && found.size() < kExamples) found.push_back(std::move(*example));
  std::sort(found.begin(), found.end(), [](const Example& a, const Example& b) { return a.key() < b.key(); });
  std::vector<std::string> names;
  for (auto& example : found) names.push_back(std::move(example.name));
  return names;
}

}  // namespace jobfit
