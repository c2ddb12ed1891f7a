#include "fit/model_memory.hpp"

#include "fit/compute.hpp"
#include "fit/squeeze.hpp"
#include "fit/squeeze_dynamic.hpp"

#include <algorithm>
#include <cmath>

namespace jobfit {
namespace {

/// A file's size that was rounded when published says less than the shape, unless they disagree by more than
/// this.
constexpr double kRounded = 0.04;
/// Names and vocabulary in a GGUF file: what lies between its size and its tensors.
constexpr double kHeader = 0.005;

}  // namespace

std::optional<MixedWeights> weights_of(const Hparams& h, const ModelTensors& tensors, const Build& build) {
  auto weights = mix_weights(h, tensors, build.quantization, build.qat);
  const bool exact_mix = weights.has_value();
  if (!weights) weights = mix_weights(h, tensors, nearest_mix(build.quantization), build.qat);
  if (!weights)
    weights = mix_weights(h, tensors, "Q8_0", false);  // only the proportions count: scaled to the file
  else if (build.file_bytes <= 0)
    return weights;
  if (!weights || weights->total_bytes <= 0) return std::nullopt;
  if (build.file_bytes <= 0) return std::nullopt;
  const double off = std::abs(double(build.file_bytes) / double(weights->total_bytes) - 1);
  if (!exact_mix || off > (build.rounded ? kRounded : kHeader)) {
    if (!spread_dynamic(*weights, tensors, build.quantization, build.file_bytes))
      scale_to(*weights, build.file_bytes);
  }
  return weights;
}

ModelMemory::ModelMemory(const Shape& shape, const ShapeFigures& worked_out)
    : shape_(shape),
      worked_out_(worked_out),
      hparams_(hparams_of(shape)),
      layer_kinds_(layer_kinds(hparams_)) {}

const ModelTensors& ModelMemory::tensors() {
  if (!tensors_) tensors_ = tensors_of(hparams_);
  return *tensors_;
}

const WeightSums& ModelMemory::weights(const Build& build) {
  const auto [found, fresh] = weights_.try_emplace(BuildKey{build.quantization, build.qat, build.file_bytes});
  if (!fresh) return found->second;
  if (const auto mixed = weights_of(hparams_, tensors(), build)) {
    found->second = sums_of(tensors(), *mixed);
  } else {
    // A file's size alone is enough to make proportions of, unless the shape has no tensors at all.
    found->second.total_bytes = found->second.unnamed = build.file_bytes;
  }
  return found->second;
}

Bytes ModelMemory::computed_bytes(const Build& build) {
  if (!build.qat) {
    if (const auto known = worked_out_.file_bytes(build.quantization)) return *known;
  }
  const auto [found, fresh] = computed_bytes_.try_emplace(BuildKey{build.quantization, build.qat, 0});
  if (!fresh) return found->second;
  if (const auto mixed = weights_of(hparams_, tensors(), build)) found->second = mixed->total_bytes;
  return found->second;
}

void ModelMemory::slim() {
  tensors_.reset();
  for (const auto& run : runs_) run->built.clear();
}

ModelMemory::Run& ModelMemory::run(RunSettings settings) {
  settings.filled = -1;
  settings.projector = false;
  const auto known =
      std::find_if(runs_.rbegin(), runs_.rend(), [&](const auto& run) { return run->settings == settings; });
  if (known != runs_.rend()) {
    std::rotate(runs_.rbegin(), known, known + 1);
    return *runs_.back();
  }
  if (runs_.size() == kMostRuns) runs_.erase(runs_.begin());
  auto run = std::make_unique<Run>();
  run->layout = lay_out_cache(hparams_, settings);
  run->caches = cache_bytes(hparams_, settings, run->layout);
  RunSettings usual;
  usual.context = settings.context;
  run->usual = settings == usual;
  run->settings = std::move(settings);
  runs_.push_back(std::move(run));
  return *runs_.back();
}

FlatGraph& ModelMemory::graph(Run& run, const std::vector<std::int64_t>& blocks) {
  // Where a layer reads another's cache it matters which blocks are there, else only of what kinds they are.
  const bool shares =
      std::find(hparams_.shares_kv.begin(), hparams_.shares_kv.end(), 1) != hparams_.shares_kv.end();
  std::vector<std::int64_t> key;
  for (const std::int64_t block : blocks)
    key.push_back(shares ? block : layer_kinds_[static_cast<std::size_t>(block)]);
  const auto [found, fresh] = run.built.try_emplace(std::move(key));
  if (fresh) found->second = compute_graph(hparams_, run.settings, run.layout, blocks);
  return found->second;
}

/// In two places each side as if it held all, and on a GPU the largest matrix that may be carried there.
std::vector<Bytes> ModelMemory::compute_near(Run& run, const Run::Where& where) {
  const auto all_on = [&](bool gpu) {
    if (run.usual) {
      if (auto near = worked_out_.near(run.settings.context, gpu).bytes; !near.empty()) return near;
    }
    return compute(run, {{gpu ? hparams_.blocks + 1 : 0}, nullptr}, Working::exact);
  };
  if (where.offload.layers == 0) return all_on(false);
  const auto gpu = all_on(true);
  const bool whole = where.offload.whole(hparams_.blocks);
  std::vector<Bytes> near(static_cast<std::size_t>(where.offload.cpu()), gpu.front());
  if (!whole && where.weights != nullptr) near.front() += largest_matrix(*where.weights);
  near.push_back(gpu.back());
  return near;
}

std::vector<Bytes> ModelMemory::compute(Run& run, Run::Where where, Working how) {
  if (how == Working::near) return compute_near(run, where);
  const std::int64_t layers = where.offload.layers;
  // Only weights that are carried from RAM to the GPU show in a graph.
  const bool whole = where.offload.whole(hparams_.blocks);
  if (layers == 0 || whole) where.weights = nullptr;
  const bool in_one_place = run.usual && (layers == 0 || (whole && where.offload.cards.empty()));
  if (in_one_place && how != Working::exact) {
    auto near = worked_out_.near(run.settings.context, whole);
    const double share = how == Working::at_most ? 1 + near.off : 1 - near.off;
    for (Bytes& bytes : near.bytes) bytes = static_cast<Bytes>(double(bytes) * share);
    if (!near.bytes.empty()) return near.bytes;
  }
  const auto [found, fresh] = run.compute.try_emplace(where, nullptr);
  if (!fresh) return *found->second;
  if (in_one_place) {
    if (auto known = worked_out_.working(run.settings.context, whole); !known.empty()) {
      found->second = &run.known.emplace_back(std::move(known));
      return *found->second;
    }
  }
  TellingBlocks telling = telling_blocks(hparams_, layer_kinds_, where.offload, where.weights);
  std::vector<int>& key = telling.kinds;
  key.insert(key.end(), {telling.placement.backends, telling.placement.blocks.back().backend});
  auto& graphs = run.graphs[where.weights];
  const auto [graph, unknown] = graphs.try_emplace(std::move(key));
  if (unknown) {
    FlatGraph& built = this->graph(run, telling.blocks);
    if (where.weights != nullptr) hold(built, carried_matrices(*where.weights, telling));
    graph->second = graph_memory(built, telling.placement);
  }
  found->second = &graph->second;
  return graph->second;
}

}  // namespace jobfit
