// What one build takes and reads, each figure computed once.
#pragma once

#include "jobfit/fit.hpp"

#include "fit/model_memory.hpp"
#include "fit/speed.hpp"

#include <map>
#include <optional>
#include <vector>

namespace jobfit {

/// What else lies beside the weights.
struct Extras {
  Bytes projector_bytes = 0;  ///< vision or audio projector, loaded with the model
  Working working = Working::exact;
  Sides more = {};  ///< working memory on top of that
};

/// Memory and traffic of one build at one setting, each figure computed once, whatever machine asks.
class BuildMemory {
 public:
  /// Holds on to `model` and `weights`.
  BuildMemory(ModelMemory& model, const WeightSums& weights, RunSettings settings, Extras extras);

  /// As memory_use, the extras added.
  const MemoryUse& use(const Offload& offload);
  /// Weights and caches alone, by layer, the output layer last; 0 for those in RAM.
  std::vector<Bytes> held_by_layer(const Offload& offload) const;
  /// What is offloaded where so many layers, or their experts alone, lie in RAM.
  Offload offload(Placement::Kind kind, int in_ram) const;
  /// Weights and caches alone.
  Sides held(const Offload& offload) const;
  /// The fewest in RAM with which the GPUs hold at most `room` bytes of weights and caches; nullopt: not even
  /// with all of them there.
  std::optional<int> least_in_ram(Placement::Kind kind, Bytes room) const;
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
  std::map<Offload, MemoryUse> uses_;
  const Traffic& traffic_at(std::optional<Traffic>& kept, std::int64_t filled);
  std::optional<Traffic> traffic_, full_, empty_;
};

}  // namespace jobfit
