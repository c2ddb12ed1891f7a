// Decode and prefill as ranges. A token costs what it reads over what the memory gives, plus what the class
// of hardware adds per layer; a placement on two sides costs the sum of both.
#include "fit/speed.hpp"

#include "fit/placement.hpp"
#include "fit/speed_traffic.hpp"

#include <algorithm>
#include <cmath>

namespace jobfit {
namespace {

/// Handing activations over between a GPU and the CPU or another GPU, once per token and crossing.
constexpr double kCrossing = 200e-6;

/// Threads wait for each other after every operation: per thread and layer.
constexpr double kMeeting = 5e-6;

double seconds_reading(const FamilyBytes& bytes, const std::array<double, kTypeFamilies>& rate,
                       double scale) {
  double seconds = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    if (bytes[i] > 0) seconds += bytes[i] / (rate[i] * scale);
  return seconds;
}

double gpu_layer_seconds(const LayerTraffic& layer, const Gpu& gpu, const Hardware::Card& card,
                         bool experts_here) {
  const double bandwidth = gpu.bandwidth_bytes_per_second;
  const GpuEfficiency& gives = card.gives;
  double seconds = seconds_reading(layer.dense, card.fractions, bandwidth) +
                   (layer.cache + layer.state) / (bandwidth * gives.cache_fraction) + gives.layer_us * 1e-6;
  if (experts_here && layer.routed)
    seconds += seconds_reading(layer.experts, card.fractions, bandwidth) + gives.experts_us * 1e-6;
  return seconds;
}

/// Worked out when first asked for.
struct Once {
  double seconds = -1;
  template <typename Reckon>
  double of(Reckon reckon) {
    if (seconds < 0) seconds = reckon();
    return seconds;
  }
};

/// What layers of one kind take: all on the CPU, all on a GPU, there without the experts, the experts alone.
struct KindSeconds {
  Once cpu, gpu, dense, experts;
};

/// Cores beyond what the memory can feed do not help; hyperthreads do not count.
double cpu_seconds(const FamilyBytes& bytes, double plain_bytes, const Machine& machine,
                   const CpuEfficiency& gives) {
  const double bandwidth = machine.memory.bandwidth_bytes_per_second * gives.stream;
  double alone = 0;  // seconds of one core
  for (std::size_t i = 0; i < bytes.size(); ++i) alone += bytes[i] / gives.per_core[i];
  // As many threads as pay for the meeting.
  const double threads = std::clamp(std::sqrt(alone / kMeeting), 1.0, double(useful_threads(machine.cpu)));
  return (sum(bytes) + plain_bytes) / bandwidth + alone / threads + threads * kMeeting;
}

/// The GPU that holds a layer: by the shares of the split, in order.
std::size_t gpu_of(double position, const std::vector<double>& shares) {
  double total = 0, below = 0;
  for (const double share : shares) total += share;
  if (total <= 0) return 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    below += shares[i] / total;
    if (shares[i] > 0 && position < below - 1e-9) return i;
  }
  for (std::size_t i = shares.size(); i-- > 0;)
    if (shares[i] > 0) return i;
  return 0;
}

Range around(double mid, double spread) { return {mid / (1 + spread), mid, mid * (1 + spread)}; }

bool on_gpu(Placement::Kind kind) { return kind != Placement::Kind::cpu && kind != Placement::Kind::cloud; }

/// Multiply-adds per second that prefill reaches; 0 unknown.
double prefill_flops(const Placement& placement, const Hardware& hardware, std::size_t main_gpu) {
  if (on_gpu(placement.kind))
    return hardware.machine.gpus[main_gpu].tflops_fp16 * 1e12 *
           hardware.cards[main_gpu].gives.prefill_fraction;
  return std::max(hardware.machine.cpu.cores, 1) * hardware.cpu.prefill_flops_per_core;
}

}  // namespace

int useful_threads(const Cpu& cpu) {
  const int cores = cpu.performance_cores > 0 ? cpu.performance_cores : cpu.cores;
  return std::clamp(cores, 1, kMostThreads);
}

DecodeTime decode_time(const Traffic& traffic, const Placement& placement, const Hardware& hardware) {
  DecodeTime time;
  const Machine& machine = hardware.machine;
  const int layers = static_cast<int>(traffic.layers.size());
  const bool gpus = on_gpu(placement.kind) && !machine.gpus.empty();
  // As -ngl counts, the output layer is the first to go.
  const int first_gpu_layer = gpus ? std::clamp(layers + 1 - placement.gpu_layers, 0, layers) : layers;
  const bool head_on_gpu = gpus && placement.gpu_layers > 0;
  const auto& cpu_gives = hardware.cpu;
  const auto& cards = hardware.cards;
  bool uses_cpu = false;
  std::vector<bool> used(machine.gpus.size(), false);

  const auto holder = [&](int layer) {
    if (cards.size() == 1) return std::size_t{0};
    // As llama.cpp deals them out, the output layer among them.
    const int offloaded = layers + 1 - first_gpu_layer;
    const auto index = gpu_of(double(layer - first_gpu_layer) / offloaded, placement.gpu_shares);
    return std::min(index, machine.gpus.size() - 1);
  };
  const auto on_cpu = [&](const LayerTraffic& layer) {
    FamilyBytes bytes = layer.dense;
    for (std::size_t f = 0; f < bytes.size(); ++f) bytes[f] += layer.experts[f];
    return cpu_seconds(bytes, layer.cache + layer.state, machine, cpu_gives) + cpu_gives.layer_us * 1e-6;
  };
  std::vector<KindSeconds> known(traffic.kinds.size() * std::max<std::size_t>(cards.size(), 1));
  std::vector<char> loaded;  // all but draft blocks
  for (const LayerTraffic& kind : traffic.kinds) loaded.push_back(sum(kind.dense) + sum(kind.experts) > 0);
  for (int i = 0; i < layers; ++i) {
    const std::size_t kind = traffic.layers[static_cast<std::size_t>(i)];
    const auto& layer = traffic.kinds[kind];
    if (!loaded[kind]) continue;
    const bool experts_in_ram = layer.routed && i < placement.expert_layers_in_ram;
    if (i < first_gpu_layer) {
      time.cpu += known[kind].cpu.of([&] { return on_cpu(layer); });
      uses_cpu = true;
      continue;
    }
    const auto index = holder(i);
    const auto& gpu = machine.gpus[index];
    if (gpu.bandwidth_bytes_per_second <= 0) return {};
    const auto& gives = cards[index].gives;
    used[index] = true;
    const double host = cards[index].host;
    KindSeconds& here = known[index * traffic.kinds.size() + kind];
    time.gpu += (experts_in_ram ? here.dense : here.gpu).of([&] {
      return gpu_layer_seconds(layer, gpu, cards[index], !experts_in_ram);
    }) + host;
    time.overhead +=
        host + (gives.layer_us + (layer.routed && !experts_in_ram ? gives.experts_us : 0)) * 1e-6;
    time.spread = std::max(time.spread, gives.spread);
    time.main_gpu = index;
    if (experts_in_ram) {
      time.cpu += here.experts.of([&] { return cpu_seconds(layer.experts, 0, machine, cpu_gives); }) +
                  2 * kCrossing / 4;
      uses_cpu = true;
    }
  }
  if (head_on_gpu) {
    const auto index = holder(layers);
    const auto& gpu = machine.gpus[index];
    if (gpu.bandwidth_bytes_per_second <= 0) return {};
    const auto& gives = cards[index].gives;
    time.gpu += seconds_reading(traffic.head, cards[index].fractions, gpu.bandwidth_bytes_per_second) +
                gives.token_us * 1e-6;
    time.overhead += gives.token_us * 1e-6;
    time.spread = std::max(time.spread, gives.spread);
    time.main_gpu = index;
  } else {
    time.cpu += cpu_seconds(traffic.head, 0, machine, cpu_gives);
    uses_cpu = true;
  }
  if (uses_cpu && machine.memory.bandwidth_bytes_per_second <= 0) return {};
  if (uses_cpu) time.spread = std::max(time.spread, cpu_gives.spread);
  const auto count = std::count(used.begin(), used.end(), true);
  if (count > 0) time.gpu += kCrossing * double(count - 1 + (uses_cpu ? 1 : 0));
  time.known = true;
  return time;
}

Speed estimate_speed(const Shape& shape, const WeightTable& weights, const RunSettings& settings,
                     const Placement& placement, const Machine& machine) {
  ModelMemory model(shape);
  const auto sums = sums_of(shape, weights);
  BuildMemory build(model, sums, settings, {});
  return speed_of(build, placement, Hardware(machine));
}

Speed speed_of(BuildMemory& build, const Placement& placement, const Hardware& hardware) {
  auto speed = speed_of(build.traffic(), placement, hardware);
  if (speed.decode.mid <= 0 || build.settings().filled >= 0) return speed;
  // Both ends of a conversation belong to the range: an empty cache is the fastest, a full one the slowest.
  const auto full = decode_time(build.traffic_full(), placement, hardware);
  const auto empty = decode_time(build.traffic_empty(), placement, hardware);
  if (full.known) speed.decode.low = std::min(speed.decode.low, 1 / full.total());
  if (empty.known) speed.decode.high = std::max(speed.decode.high, 1 / empty.total());
  return speed;
}

Speed speed_of(const Traffic& traffic, const Placement& placement, const Hardware& hardware) {
  Speed speed;
  speed.bound_by = "unknown";
  if (placement.kind == Placement::Kind::cloud) return speed;
  const auto time = decode_time(traffic, placement, hardware);
  if (time.known && time.total() > 0) {
    speed.decode = around(1 / time.total(), time.spread);
    if (time.cpu > time.gpu)
      speed.bound_by = "ram bandwidth";
    else
      speed.bound_by = time.overhead > time.gpu / 2 ? "compute" : "gpu memory bandwidth";
  }
  if (on_gpu(placement.kind) && hardware.machine.gpus.empty()) return speed;
  const double flops = prefill_flops(placement, hardware, time.main_gpu);
  if (flops > 0 && traffic.active_weights > 0) {
    // Layers and experts on the CPU side still run their prompt on the GPU in large batches, at the price of
    // copying them over; half the pace is what such runs show.
    const bool both =
        placement.kind == Placement::Kind::split || placement.kind == Placement::Kind::experts_in_ram;
    speed.prefill = around(flops / (2 * traffic.active_weights) * (both ? 0.5 : 1), both ? 1.5 : 0.8);
  }
  return speed;
}

}  // namespace jobfit
