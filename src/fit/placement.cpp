#include "fit/placement.hpp"

#include "fit/placement_cards.hpp"

#include <algorithm>
#include <limits>

namespace jobfit {

bool faster_by_far(const Gpu& gpu, const Memory& ram) {
  // From a GPU no faster than the RAM to one of 3.5 times its bandwidth, no split of any model was faster
  // than the largest part on the GPU and the CPU alone: twice is on the safe side.
  constexpr double kFaster = 2;
  return gpu.bandwidth_bytes_per_second >= kFaster * ram.bandwidth_bytes_per_second &&
         ram.bandwidth_bytes_per_second > 0;
}

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

bool PlacementSearch::fits(const GpuSet& set, const Offload& offload, Placed* placed) {
  placed->placement.gpu_layers = static_cast<int>(offload.layers);
  placed->placement.expert_layers_in_ram = static_cast<int>(offload.experts_in_ram);
  const bool whole = offload.whole(build_.layers());
  if (set.gpus.size() > 1) return fits_on_cards(set, offload, placed);
  const auto& memory = build_.use(offload);
  placed->memory = memory;
  placed->memory.overhead_bytes = overhead(set);
  share(set, &placed->placement);
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
  placed->memory.available_bytes = set.usable_bytes + (whole ? 0 : ram);
  return on_gpu <= set.usable_bytes && (ram <= 0 || memory.ram_bytes <= ram);
}

bool PlacementSearch::fits_on_cards(const GpuSet& set, Offload offload, Placed* placed) {
  const Bytes ram = usable_ram(machine_);
  const bool whole = offload.whole(build_.layers());
  offload.cards = share_out(build_, set, machine_, offload);
  if (offload.cards.empty()) return false;
  placed->memory = build_.use(offload);
  placed->memory.overhead_bytes = overhead(set);
  placed->memory.available_bytes = set.usable_bytes + (whole ? 0 : ram);
  placed->placement.gpu_shares.assign(machine_.gpus.size(), 0);
  for (std::size_t i = 0; i < set.gpus.size(); ++i)
    placed->placement.gpu_shares[set.gpus[i]] = double(offload.cards[i]);
  return ram <= 0 || placed->memory.ram_bytes <= ram;
}

bool PlacementSearch::place_on(const GpuSet& set, Placement::Kind kind, Placed* placed) {
  const int layers = build_.layers();
  placed->placement.kind = kind;
  placed->placement.context_tokens = build_.settings().context;
  placed->placement.kv_cache = build_.settings().cache_type;
  if (kind == Placement::Kind::gpu || kind == Placement::Kind::unified)
    return fits(set, {layers + 1}, placed);
  // Where the RAM is not known (a GPU was named and nothing else), only what lies whole on it is believed.
  if (usable_ram(machine_) <= 0) return false;
  if (set.gpus.size() > 1) return place_parts_on_cards(set, kind, placed);
  // How many layers (or layers' experts) lie in RAM: more there never takes more of the GPU. So many must for
  // weights and caches alone, which is often more than the RAM holds.
  const Bytes room = set.usable_bytes - overhead(set);
  const auto least = build_.least_in_ram(kind, room);
  if (!least || build_.held(build_.offload(kind, *least)).ram > usable_ram(machine_)) return false;
  const auto working = [&](const Offload& offload) {
    return build_.use(offload).gpu_bytes - build_.held(offload).gpu;
  };
  const auto gpu_side_fits = [&](int in_ram) {
    return build_.use(build_.offload(kind, in_ram)).gpu_bytes <= room;
  };
  // What is carried over for a batch is not part of what a whole offload works with: where it shows, so much
  // more has to go.
  int low = build_.least_in_ram(kind, room - working({layers + 1})).value_or(layers);
  while (low < layers && !gpu_side_fits(low))
    low = std::max(low + 1,
                   build_.least_in_ram(kind, room - working(build_.offload(kind, low))).value_or(layers));
  if (!gpu_side_fits(low)) return false;
  while (low > *least && gpu_side_fits(low - 1)) --low;
  return fits(set, build_.offload(kind, low), placed);
}

/// The least in RAM with which the rest packs.
bool PlacementSearch::place_parts_on_cards(const GpuSet& set, Placement::Kind kind, Placed* placed) {
  const auto least = build_.least_in_ram(kind, set.usable_bytes - overhead(set));
  const auto over = [&](int in_ram) {
    return build_.held(build_.offload(kind, in_ram)).ram > usable_ram(machine_);
  };
  if (!least || over(*least)) return false;
  int last = build_.layers();
  while (over(last)) --last;
  const auto packs = [&](int in_ram) {
    return !share_out(build_, set, machine_, build_.offload(kind, in_ram)).empty();
  };
  int low = *least, fails = low - 1;
  for (int step = 1; !packs(low); step *= 2) {
    fails = low;
    if (fails == last) return false;
    low = std::min(low + step, last);
  }
  while (low - fails > 1) {
    const int middle = (low + fails) / 2;
    (packs(middle) ? low : fails) = middle;
  }
  return fits(set, build_.offload(kind, low), placed);
}

bool PlacementSearch::place_on_cpu(Placed* placed) {
  placed->placement.kind = Placement::Kind::cpu;
  placed->placement.context_tokens = build_.settings().context;
  placed->placement.kv_cache = build_.settings().cache_type;
  placed->memory = build_.use({});
  placed->memory.available_bytes = usable_ram(machine_);
  return placed->memory.total_bytes <= usable_ram(machine_);
}

std::vector<Placed> PlacementSearch::all() {
  std::vector<Placed> found;
  const auto keep = [&](Placed&& placed) {
    placed.speed = speed_of(build_, placed.placement, hardware_);
    found.push_back(std::move(placed));
  };
  std::vector<const GpuSet*> whole;
  for (const auto& set : sets_) {
    Placed placed;
    if (std::any_of(whole.begin(), whole.end(),
                    [&](const GpuSet* on) { return only_spreads(*on, set, machine_); }))
      continue;
    if (place_on(set, set.unified ? Placement::Kind::unified : Placement::Kind::gpu, &placed)) {
      keep(std::move(placed));
      whole.push_back(&set);
      continue;  // moving a part of it to slower memory cannot be faster
    }
    if (only_whole_) continue;
    if (std::any_of(sets_.begin(), sets_.end(),
                    [&](const GpuSet& more) { return takes_from_ram(set, more, machine_); }))
      continue;
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
  const Sides whole = build_.held({build_.layers() + 1});
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
