// What a model takes whichever build and machine ask: worked out once and kept.
#pragma once

#include "jobfit/fit.hpp"

#include "fit/cache.hpp"
#include "fit/compute.hpp"
#include "fit/flat_graph.hpp"
#include "fit/hparams.hpp"
#include "fit/offload.hpp"
#include "fit/weight_sums.hpp"
#include "fit/worked_out.hpp"

#include <compare>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace jobfit {

/// How working memory is reckoned: as the allocator takes it; near that, and cheap; or, of a model in one
/// place, no more or no less than that, and mostly cheap.
enum class Working { exact, near, at_least, at_most };

/// Everything of a shape but its weights' types. Figures are made when they are first asked for.
class ModelMemory {
 public:
  /// Holds on to `shape`. `worked_out`: what is known of it beforehand.
  explicit ModelMemory(const Shape& shape, const ShapeFigures& worked_out = {});
  ModelMemory(const ModelMemory&) = delete;
  ModelMemory& operator=(const ModelMemory&) = delete;

  const Shape& shape() const { return shape_; }
  const Hparams& hparams() const { return hparams_; }
  const ModelTensors& tensors();
  /// Of one build; they sum to file_bytes where that was published exactly.
  const WeightSums& weights(const Build& build);
  /// The file's size where none was published, from the shape; 0 where no mix is known.
  Bytes computed_bytes(const Build& build);

  /// One way of running it.
  struct Run {
    RunSettings settings;
    bool usual = false;  ///< all but the context as they are by default
    CacheLayout layout;
    CacheBytes caches;
    /// Working memory by backend, the CPU's last; by what is offloaded and the weights, some of which are
    /// carried over: they must outlive this.
    struct Where {
      Offload offload;
      const WeightSums* weights = nullptr;
      auto operator<=>(const Where&) const = default;
    };
    std::map<Where, const std::vector<Bytes>*> compute;
    /// By the weights that are carried, if any, and what else tells a graph's size: many placements share
    /// one.
    std::map<const WeightSums*, std::map<std::vector<int>, std::vector<Bytes>>> graphs;
    std::list<std::vector<Bytes>> known;                   ///< worked out beforehand
    std::map<std::vector<std::int64_t>, FlatGraph> built;  ///< by kinds of blocks
  };
  /// Of the ways of running it, contexts mostly, the last so many are kept: many machines ask for ever new
  /// ones.
  static constexpr std::size_t kMostRuns = 64;
  /// Speed's and the projector's settings make no difference to it. Good until the next is asked for.
  Run& run(RunSettings settings);
  std::size_t runs() const { return runs_.size(); }
  std::vector<Bytes> compute(Run& run, Run::Where where, Working how);
  /// Lets go of tensors and graphs, which are most of it and rarely asked for again; what was added up over them
  /// is kept.
  void slim();

 private:
  FlatGraph& graph(Run& run, const std::vector<std::int64_t>& blocks);
  std::vector<Bytes> compute_near(Run& run, const Run::Where& where);
  const Shape& shape_;
  ShapeFigures worked_out_;
  Hparams hparams_;
  std::vector<int> layer_kinds_;
  std::optional<ModelTensors> tensors_;
  using BuildKey = std::tuple<std::string, bool, Bytes>;  // its quantization, qat, the file's size
  std::map<BuildKey, WeightSums> weights_;
  std::map<BuildKey, Bytes> computed_bytes_;
  std::vector<std::unique_ptr<Run>> runs_;  // asked for last comes last
};

/// Weights of one build; nullopt where its quantization is no mix we know and no file size was published.
std::optional<MixedWeights> weights_of(const Hparams& h, const ModelTensors& tensors, const Build& build);

/// Bytes on the GPU and in RAM.
struct Sides {
  Bytes gpu = 0, ram = 0;
  void put(Bytes bytes, bool on_gpu) { (on_gpu ? gpu : ram) += bytes; }
  Bytes all() const { return gpu + ram; }
};

/// Weights and caches: what a placement takes before anything is computed.
Sides held_by(ModelMemory& model, const WeightSums& weights, const RunSettings& settings,
              const Offload& offload);
/// The same of every layer, the output layer last; 0 for those in RAM.
std::vector<Bytes> held_by_layer(ModelMemory& model, const WeightSums& weights, const RunSettings& settings,
                                 const Offload& offload);

/// As the public memory_use, on one GPU or several.
MemoryUse memory_use(ModelMemory& model, const WeightSums& weights, const RunSettings& settings,
                     const Offload& offload, Working how = Working::exact);

}  // namespace jobfit
