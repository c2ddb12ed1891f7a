#include "fit/usable.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <tuple>

namespace jobfit {
namespace {

/// Beyond this many GPUs only runs of the list are tried, not every subset.
constexpr std::size_t kSubsets = 6;

std::string backend_of(const Gpu& gpu) { return gpu.backend.empty() ? gpu.vendor : gpu.backend; }

bool can_hold(const Gpu& gpu) { return !gpu.integrated && gpu.usable_bytes > 0; }

/// Whether `more` has all of `few`'s cards, and `each` holds of every one that it adds.
template <typename Each>
bool only_adds(const GpuSet& few, const GpuSet& more, Each each) {
  if (few.gpus.size() >= more.gpus.size()) return false;
  if (!std::includes(more.gpus.begin(), more.gpus.end(), few.gpus.begin(), few.gpus.end())) return false;
  return std::all_of(more.gpus.begin(), more.gpus.end(), [&](std::size_t gpu) {
    return std::binary_search(few.gpus.begin(), few.gpus.end(), gpu) || each(gpu);
  });
}

double slowest(const GpuSet& set, const Machine& machine) {
  double least = std::numeric_limits<double>::infinity();
  for (const auto gpu : set.gpus) least = std::min(least, machine.gpus[gpu].bandwidth_bytes_per_second);
  return least;
}

}  // namespace

Bytes driver_overhead(const Gpu& gpu) {
  // A CUDA context with its kernels and cuBLAS workspace takes 300 to 500 MiB, ROCm's about as much; Vulkan's
  // pipelines less; Metal shares the process.
  const auto backend = backend_of(gpu);
  if (gpu.vendor == "apple" || backend == "metal") return 96 * kMiB;
  if (backend == "vulkan" || backend == "sycl") return 256 * kMiB;
  if (backend == "cuda" || backend == "nvidia" || backend == "rocm" || backend == "amd") return 448 * kMiB;
  return 320 * kMiB;
}

Bytes usable_ram(const Machine& machine) { return std::max<Bytes>(machine.memory.usable_bytes, 0); }

Bytes usable_total(const Machine& machine) {
  Bytes total = usable_ram(machine), shared = 0;
  for (const auto& gpu : machine.gpus) {
    if (!can_hold(gpu)) continue;
    if (gpu.unified) {
      total += std::min(gpu.own_bytes, gpu.usable_bytes);
      shared = std::max(shared, gpu.usable_bytes);
    } else {
      total += gpu.usable_bytes;
    }
  }
  return std::max(total, shared);
}

std::vector<GpuSet> gpu_sets(const Machine& machine) {
  std::vector<GpuSet> sets;
  std::vector<std::vector<std::size_t>> groups;
  std::vector<std::string> backends;
  for (std::size_t i = 0; i < machine.gpus.size(); ++i) {
    const auto& gpu = machine.gpus[i];
    if (!can_hold(gpu)) continue;
    if (gpu.unified) {
      sets.push_back({{i}, true, gpu.usable_bytes});
      continue;
    }
    const auto backend = backend_of(gpu);
    const auto at = std::find(backends.begin(), backends.end(), backend);
    if (at == backends.end()) {
      backends.push_back(backend);
      groups.push_back({i});
    } else {
      groups[std::size_t(at - backends.begin())].push_back(i);
    }
  }
  using Kind = std::tuple<std::string, Bytes, double>;
  for (const auto& group : groups) {
    std::set<std::multiset<Kind>> seen;
    const auto add = [&](const std::vector<std::size_t>& members) {
      std::multiset<Kind> kinds;
      GpuSet set;
      for (const auto i : members) {
        const auto& gpu = machine.gpus[i];
        kinds.insert({gpu.name, gpu.usable_bytes, gpu.bandwidth_bytes_per_second});
        set.gpus.push_back(i);
        set.usable_bytes += gpu.usable_bytes;
      }
      if (seen.insert(std::move(kinds)).second) sets.push_back(std::move(set));
    };
    if (group.size() <= kSubsets) {
      for (std::size_t mask = 1; mask < (std::size_t{1} << group.size()); ++mask) {
        std::vector<std::size_t> members;
        for (std::size_t i = 0; i < group.size(); ++i)
          if (mask >> i & 1) members.push_back(group[i]);
        add(members);
      }
    } else {
      for (std::size_t first = 0; first < group.size(); ++first)
        for (std::size_t last = first + 1; last <= group.size(); ++last)
          add({group.begin() + std::ptrdiff_t(first), group.begin() + std::ptrdiff_t(last)});
    }
  }
  return sets;
}

bool only_spreads(const GpuSet& few, const GpuSet& more, const Machine& machine) {
  const double least = slowest(few, machine);
  return only_adds(few, more,
                   [&](std::size_t gpu) { return machine.gpus[gpu].bandwidth_bytes_per_second <= least; });
}

bool takes_from_ram(const GpuSet& few, const GpuSet& more, const Machine& machine) {
  const double least = slowest(few, machine);
  Bytes smallest = std::numeric_limits<Bytes>::max();
  for (const auto gpu : few.gpus) smallest = std::min(smallest, machine.gpus[gpu].usable_bytes);
  return only_adds(few, more, [&](std::size_t gpu) {
    return machine.gpus[gpu].bandwidth_bytes_per_second >= least &&
           machine.gpus[gpu].usable_bytes >= smallest;
  });
}

}  // namespace jobfit
