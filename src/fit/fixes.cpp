// The smallest changes each of which alone makes a model fit, found by search over the smallest build that is
// still good, and what each costs.
#include "fit/choose.hpp"
#include "fit/squeeze.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace jobfit {
namespace {

/// Below this a conversation has no room.
constexpr std::int64_t kLeastContext = 4096;
constexpr std::int64_t kContextStep = 1024;
/// More than this, beyond twice the build and what is there, helps no one.
Bytes enough(Bytes now, const BuildCandidate& build) {
  return std::max(now, Bytes{0}) + 2 * build.build.file_bytes + 16 * kGiB;
}

/// One build at one cache type, tried on changed machines without computing its memory anew.
class Trial {
 public:
  Trial(const Model& model, ModelMemory& memory, const BuildCandidate& candidate, const FitNeeds& needs,
        const std::string& cache_type, Working working = Working::exact)
      : build_(memory, memory.weights(candidate.build), settings_for(model, needs, cache_type),
               {needs.images || needs.audio ? model.projector_bytes : 0, working}),
        needs_(needs),
        whole_(only_whole(needs, candidate.build)) {}

  bool works(const Machine& machine) {
    const Hardware hardware(machine);
    PlacementSearch search(build_, hardware, whole_);
    if (needs_.min_speed > 0 && search.fastest_at_most() < needs_.min_speed) return false;
    auto all = search.all();
    return std::any_of(all.begin(), all.end(),
                       [&](const Placed& placed) { return !too_slow(placed.speed, needs_); });
  }

 private:
  BuildMemory build_;
  const FitNeeds& needs_;
  bool whole_;
};

/// The least n in [low, high] for which `works`, in whole GiB; nullopt if not even high.
/// `near` says about the same and is cheap: it finds the place, `works` has the last word.
std::optional<Bytes> least_gib(Bytes low, Bytes high, const std::function<bool(Bytes)>& near,
                               const std::function<bool(Bytes)>& works) {
  const Bytes first = low / kGiB, last = high / kGiB;
  Bytes fails = first, holds = last;
  while (holds - fails > 1) {
    const auto middle = (holds + fails) / 2;
    (near(middle * kGiB) ? holds : fails) = middle;
  }
  while (holds < last && !works(holds * kGiB)) ++holds;
  if (holds == last && !works(holds * kGiB)) return std::nullopt;
  while (holds - 1 > first && works((holds - 1) * kGiB)) --holds;
  return holds * kGiB;
}

bool unified(const Machine& machine) {
  return std::any_of(machine.gpus.begin(), machine.gpus.end(), [](const Gpu& gpu) { return gpu.unified; });
}

struct Asked {
  const Model& model;
  ModelMemory& memory;
  const Candidates& candidates;
  std::span<const Device> devices;
  const Machine& machine;
  const FitNeeds& needs;
  const BuildCandidate& build;
};

/// The weights alone are more than there is: no context and no cache type helps.
bool hopeless(const Asked& asked) {
  return usable_ram(asked.machine) > 0 &&
         double(asked.build.build.file_bytes) * kLeastLoaded > double(usable_total(asked.machine));
}

void less_context(const Asked& asked, std::vector<Fix>& fixes) {
  if (hopeless(asked)) return;
  const auto works = [&](std::int64_t context) {
    auto needs = asked.needs;
    needs.context = context;
    return Trial(asked.model, asked.memory, asked.build, needs, "f16").works(asked.machine);
  };
  std::int64_t low = kLeastContext / kContextStep, high = asked.needs.context / kContextStep;
  if (high <= low || !works(low * kContextStep)) return;
  while (high - low > 1) {
    const auto middle = (low + high) / 2;
    (works(middle * kContextStep) ? low : high) = middle;
  }
  fixes.push_back(
      {"context",
       std::to_string(low * kContextStep),
       0,
       {"fit.fix.context",
        {{"context", format_tokens(low * kContextStep)}, {"asked", format_tokens(asked.needs.context)}}}});
}

void squeezed_cache(const Asked& asked, std::vector<Fix>& fixes) {
  if (asked.build.build.format != "gguf" || hopeless(asked)) return;
  if (cache_tolerance(asked.model) == CacheTolerance::refuted) return;
  if (!Trial(asked.model, asked.memory, asked.build, asked.needs, "q8_0").works(asked.machine)) return;
  fixes.push_back({"kv-cache",
                   "q8_0",
                   0,
                   {"fit.fix.cache", {{"points", rounded(cache_loss(asked.model, asked.needs))}}}});
}

/// Below the floor: said, with what it costs, for those who would rather have it than not.
void one_more_squeeze(const Asked& asked, std::vector<Fix>& fixes) {
  for (const auto* one : asked.candidates.all()) {
    const auto& candidate = *one;
    if (above_floor(candidate)) continue;
    if (double(candidate.build.file_bytes) * kLeastLoaded > double(usable_total(asked.machine))) continue;
    if (!Trial(asked.model, asked.memory, candidate, asked.needs, "f16").works(asked.machine)) continue;
    fixes.push_back(
        {"quantization",
         candidate.build.quantization,
         0,
         {"fit.fix.quantization",
          {{"quantization", candidate.build.quantization}, {"points", rounded(candidate.loss)}}}});
    return;
  }
}

/// The same build, exactly reckoned and nearly.
struct Trials {
  Trial exact, near;
};

/// The most that a device of this kind is sold with; without a table there is no bound.
Bytes most_sold(std::span<const Device> devices, std::string_view kind) {
  Bytes most = 0;
  for (const Device& device : devices) {
    if (device.kind != kind) continue;
    for (const Bytes memory : device.memory) most = std::max(most, memory);
  }
  return most > 0 ? most : std::numeric_limits<Bytes>::max();
}

void more_ram(const Asked& asked, Trials& trials, std::vector<Fix>& fixes) {
  const Bytes now = asked.machine.memory.total_bytes;
  if (now <= 0) return;
  const auto works = [&](Trial& trial) {
    return [&asked, &trial](Bytes total) { return trial.works(with_ram(asked.machine, total)); };
  };
  Bytes most = enough(now, asked.build);
  if (unified(asked.machine)) most = std::min(most, most_sold(asked.devices, "unified"));
  if (double(asked.build.build.file_bytes) * kLeastLoaded > double(most)) return;
  const auto least = least_gib(now, most, works(trials.near), works(trials.exact));
  if (!least || *least <= now) return;
  fixes.push_back({"ram",
                   std::to_string(*least / kGiB) + "GB",
                   *least,
                   {unified(asked.machine) ? "fit.fix.unified_memory" : "fit.fix.ram",
                    {{"total", format_bytes(*least)},
                     {"more", format_bytes(*least - now)},
                     {"quantization", asked.build.build.quantization}}}});
}

void more_gpu(const Asked& asked, Trials& trials, std::vector<Fix>& fixes) {
  if (unified(asked.machine)) return;  // there, GPU memory is RAM
  const bool has = !asked.machine.gpus.empty() && !asked.machine.gpus.front().integrated;
  const Bytes now = has ? asked.machine.gpus.front().memory_bytes : 0;
  const auto works = [&](Trial& trial) {
    return [&asked, &trial](Bytes total) { return trial.works(with_gpu(asked.machine, total)); };
  };
  const Bytes most = std::min(enough(now, asked.build), most_sold(asked.devices, "gpu"));
  if (double(asked.build.build.file_bytes) * kLeastLoaded > double(most) + double(usable_ram(asked.machine)))
    return;
  const auto least = least_gib(now, most, works(trials.near), works(trials.exact));
  if (!least || *least <= now) return;
  fixes.push_back({"gpu",
                   std::to_string(*least / kGiB) + "GB",
                   *least,
                   {has ? "fit.fix.gpu" : "fit.fix.a_gpu",
                    {{"total", format_bytes(*least)},
                     {"more", format_bytes(*least - now)},
                     {"quantization", asked.build.build.quantization}}}});
}

void lower_speed(const Asked& asked, double fastest, std::vector<Fix>& fixes) {
  const double floor = std::floor(fastest * 10) / 10;
  if (asked.needs.min_speed <= 0 || floor <= 0) return;
  fixes.push_back(
      {"min-speed",
       rounded(floor),
       0,
       {"fit.fix.min_speed", {{"speed", rounded(floor)}, {"asked", rounded(asked.needs.min_speed)}}}});
}

}  // namespace

Machine with_ram(Machine machine, Bytes total) {
  const double grown =
      machine.memory.total_bytes > 0 ? double(total) / double(machine.memory.total_bytes) : 1;
  machine.memory.total_bytes = total;
  machine.memory.available_bytes = 0;
  machine.memory.usable_bytes = 0;
  machine.memory.limited_by.clear();
  for (auto& gpu : machine.gpus) {
    if (!gpu.unified) continue;
    gpu.memory_bytes = static_cast<Bytes>(double(gpu.memory_bytes) * grown);
    gpu.usable_bytes = 0;
  }
  apply_policy(machine);
  return machine;
}

Machine with_gpu(Machine machine, Bytes memory) {
  if (machine.gpus.empty() || machine.gpus.front().integrated) {
    // A card of the middle, with the bandwidth of a GeForce RTX 3060: few that are sold have less, and a speed
    // that is asked for has to be reached too.
    Gpu gpu;
    gpu.vendor = "nvidia";
    gpu.backend = "cuda";
    gpu.generation = "Ampere";
    gpu.bandwidth_bytes_per_second = 360e9;
    gpu.tflops_fp16 = 25.5;
    machine.gpus.insert(machine.gpus.begin(), gpu);
  }
  auto& gpu = machine.gpus.front();
  gpu.memory_bytes = memory;
  gpu.usable_bytes = 0;
  apply_policy(machine);
  return machine;
}

std::vector<Fix> smallest_fixes(const Model& model, ModelMemory& memory, const Candidates& candidates,
                                std::span<const Device> devices, const Machine& machine,
                                const FitNeeds& needs, double fastest) {
  std::vector<Fix> fixes;
  const auto* build = smallest_good(candidates);
  if (!build) return fixes;
  const Asked asked{model, memory, candidates, devices, machine, needs, *build};
  lower_speed(asked, fastest, fixes);
  less_context(asked, fixes);
  squeezed_cache(asked, fixes);
  one_more_squeeze(asked, fixes);
  Trials trials{{model, memory, *build, needs, "f16"}, {model, memory, *build, needs, "f16", Working::near}};
  more_ram(asked, trials, fixes);
  more_gpu(asked, trials, fixes);
  return fixes;
}

}  // namespace jobfit
