// Where a build can lie on a machine, with its memory on both sides and its speed.
#pragma once

#include "jobfit/fit.hpp"

#include "fit/model_memory.hpp"
#include "fit/speed.hpp"

#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace jobfit {

struct Placed {
  Placement placement;
  MemoryUse memory;
  Speed speed;
};

/// Whether the GPU's memory is so much faster that a layer in RAM is slower, whatever else a layer costs.
bool faster_by_far(const Gpu& gpu, const Memory& ram);

/// What else lies beside the weights.
struct Extras {
  Bytes projector_bytes = 0;  ///< vision or audio projector, loaded with the model
  bool rough = false;         ///< working memory as ModelMemory::compute's rough
};

/// Memory and traffic of one build at one setting, each figure computed once, whatever machine asks.
class BuildMemory {
 public:
  /// Holds on to `model` and `weights`.
  BuildMemory(ModelMemory& model, const WeightSums& weights, RunSettings settings, Extras extras);

  /// As memory_use, the extras added.
  const MemoryUse& use(int gpu_layers, int expert_layers);
  /// Of the GPU side of a whole offload, what `in_ram` layers (or their experts alone) take away: near the
  /// truth, and cheap, as a start for the search.
  Bytes moved_bytes(int in_ram, bool experts);
  /// What one token reads at the fill of the settings, at a full and at an empty cache.
  const Traffic& traffic();
  const Traffic& traffic_full();
  const Traffic& traffic_empty();

  ModelMemory& model() const { return model_; }
  const Shape& shape() const { return model_.shape(); }
  const WeightSums& weights() const { return weights_; }
  const RunSettings& settings() const { return settings_; }
  const Extras& extras() const { return extras_; }
  int layers() const { return static_cast<int>(shape().layers.size()); }
  bool has_experts() const;
  /// Split, or with experts in RAM: the placement whose part on one GPU is the largest that `room` bytes
  /// hold, weights and caches alone. Its shares are left empty; nullopt: not even the smallest part fits.
  std::optional<Placement> most_on_gpu(Placement::Kind kind, Bytes room) const;

 private:
  ModelMemory& model_;
  const WeightSums& weights_;
  RunSettings settings_;
  Extras extras_;
  std::map<std::pair<int, int>, MemoryUse> uses_;
  std::vector<double> layer_bytes_, expert_bytes_;  ///< weights per layer, made when first needed
  const Traffic& traffic_at(std::optional<Traffic>& kept, std::int64_t filled);
  std::optional<Traffic> traffic_, full_, empty_;
};

/// The placements of one build on one machine, each with the largest part on the GPU that fits.
class PlacementSearch {
 public:
  /// Holds on to both. `only_whole`: the runtime cannot split between GPU and RAM.
  PlacementSearch(BuildMemory& build, const Hardware& hardware, bool only_whole);

  /// All that fit, in the order they were tried: whole on a GPU first, CPU last.
  std::vector<Placed> all();
  /// Bounds the fastest of all() without reckoning working memory, which makes a placement only slower;
  /// infinite where that cannot be told. Most builds that are too slow are so by far.
  double fastest_at_most();
  /// The longest context, in steps of 1024 tokens, at which `like` fits; at most `cap`.
  std::int64_t longest_context(const Placement& like, std::int64_t cap);

 private:
  bool fits(const GpuSet& set, int gpu_layers, int expert_layers, Placed* placed);
  bool place_on(const GpuSet& set, Placement::Kind kind, Placed* placed);
  bool place_on_cpu(Placed* placed);
  double fastest_in_parts(const GpuSet& set);
  void share(const GpuSet& set, Placement* placement) const;
  /// How a placement of one kind goes at another context.
  struct Held {
    bool fits = false;
    /// What is left, or lacks where negative; none where the parts could lie otherwise.
    std::optional<Bytes> spare;
  };
  Held held_at(const Placement& like, std::int64_t context);
  Bytes overhead(const GpuSet& set) const;

  BuildMemory& build_;
  const Hardware& hardware_;
  const Machine& machine_;
  const std::vector<GpuSet>& sets_;
  bool only_whole_;
};

}  // namespace jobfit
