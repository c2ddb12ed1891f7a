#include "fit/certain.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// More working memory than any model takes of whose fitting there is no doubt; a test asks them all.
constexpr Bytes kSurelyWorking = 3 * kGiB;

/// The smallest build above the floor, placed with so much room to spare that it surely fits.
class PlainBuild {
 public:
  PlainBuild(const Model& model, ModelMemory& memory, const Build& build, const Hardware& hardware,
             const FitNeeds& needs)
      : memory_(memory),
        build_(build),
        hardware_(hardware),
        machine_(hardware.machine),
        needs_(needs),
        settings_(settings_for(model, needs, "f16")),
        beside_(kSurelyWorking + (settings_.projector ? 2 * model.projector_bytes : 0)),
        layers_(static_cast<int>(memory.shape().layers.size())) {}

  bool fits_whole() const {
    const auto& sets = hardware_.sets;
    Bytes all = build_.file_bytes + beside_ + build_.file_bytes / 20;
    const auto& caches = memory_.run(settings_).caches;
    for (const auto* bytes : {&caches.kv, &caches.state})
      for (const Bytes layer : *bytes) all += layer + layer / 8;
    const Bytes ram = usable_ram(machine_);
    if (sets.empty()) return all <= ram && !only_whole(needs_, build_) && fast_enough({});
    const auto roomy = std::find_if(sets.begin(), sets.end(), [&](const GpuSet& set) {
      return set.gpus.size() == 1 && all <= set.usable_bytes && (!set.unified || all <= ram);
    });
    if (roomy == sets.end()) return false;
    Placement whole;
    whole.kind = roomy->unified ? Placement::Kind::unified : Placement::Kind::gpu;
    whole.gpu_layers = layers_ + 1;
    whole.gpu_shares.assign(machine_.gpus.size(), 0);
    whole.gpu_shares[roomy->gpus.front()] = 1;
    return fast_enough(whole);
  }

  /// With layers, or a mixture's experts, in RAM: as many as must. The search puts fewer there, which is
  /// faster as long as the GPU's memory is.
  bool fits_in_parts() const {
    const auto& sets = hardware_.sets;
    if (sets.size() != 1 || machine_.gpus.size() != 1 || sets.front().unified) return false;
    const Gpu& gpu = machine_.gpus.front();
    if (only_whole(needs_, build_) || !faster_by_far(gpu, machine_.memory)) return false;
    const BuildMemory build(memory_, memory_.weights(build_), settings_, {});
    const Bytes room = gpu.usable_bytes - driver_overhead(gpu) - beside_;
    const auto parts = build.most_on_gpu(
        build.has_experts() ? Placement::Kind::experts_in_ram : Placement::Kind::split, room);
    if (!parts) return false;
    const Sides held = build.held({parts->gpu_layers, parts->expert_layers_in_ram});
    return held.ram + kSurelyWorking <= usable_ram(machine_) && fast_enough(*parts);
  }

 private:
  bool fast_enough(const Placement& placement) const {
    if (needs_.min_speed <= 0) return true;
    BuildMemory build(memory_, memory_.weights(build_), settings_, {});
    return !too_slow(speed_of(build.traffic(), placement, hardware_), placement.kind, bearable(needs_));
  }

  ModelMemory& memory_;
  const Build& build_;
  const Hardware& hardware_;
  const Machine& machine_;
  const FitNeeds& needs_;
  const RunSettings settings_;
  const Bytes beside_;
  const int layers_;
};

}  // namespace

bool surely_too_big(const Model& model, const Machine& machine) {
  if (usable_ram(machine) <= 0 || model.parameters <= 0) return false;
  double least = model.parameters * kLeastBitsPerWeight / 8;
  for (const Build& build : model.builds)
    if (build.file_bytes > 0) least = std::min(least, double(build.file_bytes));
  return least * kLeastLoaded > double(usable_total(machine));
}

bool surely_too_big(const Model& model, ModelMemory& memory, const Build& smallest, const Machine& machine,
                    const FitNeeds& needs) {
  if (usable_ram(machine) <= 0) return false;
  const auto room = double(usable_total(machine));
  if (double(smallest.file_bytes) * kLeastLoaded > room) return true;
  // Of the caches half at the least, where they bear to be squeezed; of a larger build as much of the
  // weights, or a little less where the tensors are of other types.
  constexpr double kOtherTypes = 0.95;
  const Sides held = held_by(memory, memory.weights(smallest), settings_for(model, needs, "q8_0"), {});
  return double(held.all()) * kOtherTypes > room;
}

bool surely_fits(const Model& model, ModelMemory& memory, const std::vector<BuildCandidate>& builds,
                 const Machine& machine, const FitNeeds& needs) {
  const auto window = window_of(model, memory.shape());
  if (window.extended > 0 && needs.context > window.extended) return false;
  const BuildCandidate* smallest = nullptr;
  for (const auto& build : builds)
    if (above_floor(build) && (!smallest || build.build.file_bytes < smallest->build.file_bytes))
      smallest = &build;
  if (!smallest || smallest->bits > usual_bits_of(builds)) return false;
  const Hardware hardware(machine);
  const PlainBuild build(model, memory, smallest->build, hardware, needs);
  return build.fits_whole() || build.fits_in_parts();
}

}  // namespace jobfit
