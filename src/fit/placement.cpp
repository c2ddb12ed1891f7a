#include "fit/placement.hpp"

#include "fit/placement_cards.hpp"

#include <algorithm>
#include <limits>

namespace jobfit {
namespace {

/// The projector's own compute buffer for an image of a page's size, as a part of its weights.
constexpr double kProjectorWork = 0.25;

}  // namespace

bool faster_by_far(const Gpu& gpu, const Memory& ram) {
  constexpr double kFaster = 4;
  return gpu.bandwidth_bytes_per_second >= kFaster * ram.bandwidth_bytes_per_second &&
         ram.bandwidth_bytes_per_second > 0;
}

BuildMemory::BuildMemory(ModelMemory& model, const WeightSums& weights, RunSettings settings, Extras extras)
    : model_(model), weights_(weights), settings_(std::move(settings)), extras_(extras) {}

bool BuildMemory::has_experts() const {
  return std::any_of(shape().layers.begin(), shape().layers.end(),
                     [](const Layer& layer) { return layer.experts; });
}

const MemoryUse& BuildMemory::use(int gpu_layers, int expert_layers) {
  const auto [at, fresh] = uses_.try_emplace({gpu_layers, expert_layers});
  if (!fresh) return at->second;
  auto& memory = at->second;
  memory = memory_use(model_, weights_, settings_, gpu_layers, expert_layers, extras_.rough);
  if (extras_.projector_bytes > 0) {
    const auto work = static_cast<Bytes>(double(extras_.projector_bytes) * kProjectorWork);
    memory.projector_bytes += extras_.projector_bytes;
    memory.compute_bytes += work;
    memory.total_bytes += extras_.projector_bytes + work;
    (gpu_layers > 0 ? memory.gpu_bytes : memory.ram_bytes) += extras_.projector_bytes + work;
  }
  return memory;
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
    const auto& whole = use(layers() + 1, 0);
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
    return held_by(model_, weights_, settings_, placement.gpu_layers, placement.expert_layers_in_ram).gpu <=
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

PlacementSearch::PlacementSearch(BuildMemory& build, const Hardware& hardware, bool only_whole)
    : build_(build),
      hardware_(hardware),
      machine_(hardware.machine),
      sets_(hardware.sets),
      only_whole_(only_whole) {}

Bytes PlacementSearch::overhead(const GpuSet& set) const {
  Bytes bytes = 0;
  for (const auto i : set.gpus) bytes += driver_overhead(machine_.gpus[i]);
  return bytes;
}

/// All to the first of the set.
void PlacementSearch::share(const GpuSet& set, Placement* placement) const {
  placement->gpu_shares.clear();
  if (machine_.gpus.size() < 2) return;
  placement->gpu_shares.assign(machine_.gpus.size(), 0);
  placement->gpu_shares[set.gpus.front()] = 1;
}

bool PlacementSearch::fits(const GpuSet& set, int gpu_layers, int expert_layers, Placed* placed) {
  const auto& memory = build_.use(gpu_layers, expert_layers);
  placed->memory = memory;
  placed->memory.overhead_bytes = overhead(set);
  placed->placement.gpu_layers = gpu_layers;
  placed->placement.expert_layers_in_ram = expert_layers;
  share(set, &placed->placement);
  placed->memory.per_gpu = {memory.gpu_bytes};
  const Bytes on_gpu = memory.gpu_bytes + placed->memory.overhead_bytes;
  const Bytes ram = usable_ram(machine_);
  if (set.unified) {
    const auto& gpu = machine_.gpus[set.gpus.front()];
    placed->memory.available_bytes =
        ram > 0 ? std::min(gpu.usable_bytes, ram + gpu.own_bytes) : gpu.usable_bytes;
    // It lies inside the RAM: its own carve-out apart, what the GPU takes the CPU no longer has.
    const Bytes from_ram = std::max<Bytes>(on_gpu - gpu.own_bytes, 0) + memory.ram_bytes;
    return on_gpu <= gpu.usable_bytes && (ram <= 0 || from_ram <= ram);
  }
  const bool whole = gpu_layers > build_.layers() && expert_layers == 0;
  placed->memory.available_bytes = set.usable_bytes + (whole ? 0 : ram);
  // Where the RAM is not known (a GPU was named and nothing else), only what lies whole on the GPU is
  // believed.
  if (ram > 0 ? memory.ram_bytes > ram : !whole) return false;
  if (on_gpu > set.usable_bytes) return false;
  return set.gpus.size() < 2 || share_out(build_, set, machine_, placed);
}

bool PlacementSearch::place_on(const GpuSet& set, Placement::Kind kind, Placed* placed) {
  const int layers = build_.layers();
  placed->placement.kind = kind;
  placed->placement.context_tokens = build_.settings().context;
  placed->placement.kv_cache = build_.settings().cache_type;
  if (kind == Placement::Kind::gpu || kind == Placement::Kind::unified)
    return fits(set, layers + 1, 0, placed);
  // How many layers (or layers' experts) lie in RAM: more there never takes more of the GPU. A cheap
  // reckoning says where to start; from there the true figure is walked to.
  const bool experts = kind == Placement::Kind::experts_in_ram;
  const auto gpu_layers = [&](int in_ram) { return experts ? layers + 1 : layers + 1 - in_ram; };
  const auto expert_layers = [&](int in_ram) { return experts ? in_ram : 0; };
  const Bytes room = set.usable_bytes - overhead(set);
  const auto gpu_side_fits = [&](int in_ram) {
    return build_.use(gpu_layers(in_ram), expert_layers(in_ram)).gpu_bytes <= room;
  };
  if (layers < 1) return false;
  const Bytes whole = build_.use(layers + 1, 0).gpu_bytes;
  int low = 1;
  while (low < layers && whole - build_.moved_bytes(low, experts) > room) ++low;
  // What is carried over for a batch comes on top, which the true figure shows: so much more has to go.
  while (low < layers && !gpu_side_fits(low)) {
    const Bytes enough =
        build_.moved_bytes(low, experts) + build_.use(gpu_layers(low), expert_layers(low)).gpu_bytes - room;
    do ++low;
    while (low < layers && build_.moved_bytes(low, experts) < enough);
  }
  if (!gpu_side_fits(low)) return false;
  while (low > 1 && gpu_side_fits(low - 1)) --low;
  // On several cards whole layers may not pack: give the RAM a few more.
  const int last = std::min(low + (set.gpus.size() > 1 ? 2 * static_cast<int>(set.gpus.size()) : 0), layers);
  for (int in_ram = low; in_ram <= last; ++in_ram)
    if (fits(set, gpu_layers(in_ram), expert_layers(in_ram), placed)) return true;
  return false;
}

bool PlacementSearch::place_on_cpu(Placed* placed) {
  placed->placement.kind = Placement::Kind::cpu;
  placed->placement.context_tokens = build_.settings().context;
  placed->placement.kv_cache = build_.settings().cache_type;
  placed->memory = build_.use(0, 0);
  placed->memory.available_bytes = usable_ram(machine_);
  return placed->memory.total_bytes <= usable_ram(machine_);
}

std::vector<Placed> PlacementSearch::all() {
  std::vector<Placed> found;
  const auto keep = [&](Placed&& placed) {
    placed.speed = speed_of(build_, placed.placement, hardware_);
    found.push_back(std::move(placed));
  };
  for (const auto& set : sets_) {
    Placed placed;
    if (place_on(set, set.unified ? Placement::Kind::unified : Placement::Kind::gpu, &placed)) {
      keep(std::move(placed));
      continue;  // moving a part of it to slower memory cannot be faster
    }
    if (only_whole_) continue;
    if (build_.has_experts() && !set.unified) {
      placed = {};
      // The rest of a layer is used by every token and the experts by few: with both possible this is the
      // faster.
      if (place_on(set, Placement::Kind::experts_in_ram, &placed)) {
        keep(std::move(placed));
        continue;
      }
    }
    placed = {};
    if (place_on(set, Placement::Kind::split, &placed)) keep(std::move(placed));
  }
  // The CPU alone is worth a try where nothing else fits, or where its memory is no slower than a weak
  // card's.
  double fastest = 0;
  for (const auto& gpu : machine_.gpus) fastest = std::max(fastest, gpu.bandwidth_bytes_per_second);
  const bool worth_a_try = found.empty() || machine_.memory.bandwidth_bytes_per_second > fastest / 2;
  Placed placed;
  if (!only_whole_ && worth_a_try && place_on_cpu(&placed)) keep(std::move(placed));
  return found;
}

/// With the largest part on the GPU that its weights and caches alone leave room for.
double PlacementSearch::fastest_in_parts(const GpuSet& set) {
  const Bytes room = set.usable_bytes - overhead(set);
  const Sides whole = held_by(build_.model(), build_.weights(), build_.settings(), build_.layers() + 1, 0);
  if (whole.gpu <= room) return std::numeric_limits<double>::infinity();
  double fastest = 0;
  for (const auto kind : {Placement::Kind::experts_in_ram, Placement::Kind::split}) {
    if (kind == Placement::Kind::experts_in_ram && !build_.has_experts()) continue;
    auto placement = build_.most_on_gpu(kind, room);
    if (!placement) continue;
    share(set, &*placement);
    fastest = std::max(fastest, speed_of(build_.traffic(), *placement, hardware_).decode.mid);
  }
  return fastest;
}

double PlacementSearch::fastest_at_most() {
  constexpr double kUntold = std::numeric_limits<double>::infinity();
  if (only_whole_ || machine_.memory.bandwidth_bytes_per_second <= 0 || sets_.size() > 1) return kUntold;
  double fastest = 0;
  if (!sets_.empty()) {
    const GpuSet& set = sets_.front();
    const Gpu& gpu = machine_.gpus[set.gpus.front()];
    if (set.unified || set.gpus.size() > 1 || !faster_by_far(gpu, machine_.memory)) return kUntold;
    fastest = fastest_in_parts(set);
  }
  Placement cpu;
  cpu.kind = Placement::Kind::cpu;
  return std::max(fastest, speed_of(build_.traffic(), cpu, hardware_).decode.mid);
}

}  // namespace jobfit
