#include "fit/cache.hpp"
#include "fit/compute.hpp"
#include "fit/hparams.hpp"
#include "fit/memory.hpp"
#include "jobfit/fit.hpp"

#include <algorithm>
#include <charconv>
#include <map>

namespace jobfit {
namespace {

enum class Where { input, repeating, output };

struct TensorPlace {
  Where where = Where::output;
  std::int64_t layer = 0;
};

TensorPlace place_of(std::string_view name) {
  TensorPlace place;
  if (name.starts_with("blk.")) {
    place.where = Where::repeating;
    std::from_chars(name.data() + 4, name.data() + name.size(), place.layer);
    return place;
  }
  // Looked up a row at a time, so llama.cpp leaves them in RAM however much is offloaded.
  static constexpr std::string_view kInputs[] = {"token_embd.weight", "per_layer_token_embd.weight",
                                                 "position_embd.weight", "token_types.weight"};
  if (std::find(std::begin(kInputs), std::end(kInputs), name) != std::end(kInputs))
    place.where = Where::input;
  return place;
}

/// What most of the bytes are held in; nullptr where no tensors are known.
const GgmlType* commonest_type(const WeightTable& weights) {
  std::map<std::string_view, Bytes> by_type;
  for (const Tensor& tensor : weights.tensors) by_type[tensor.type] += tensor.bytes;
  const auto most = std::max_element(by_type.begin(), by_type.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == by_type.end() ? nullptr : ggml_type(most->first);
}

/// Draft blocks stay on the disk unless they are asked for, but llama.cpp marks not every tensor of
/// theirs as skippable: these it loads all the same.
bool loaded_anyway(std::string_view architecture, std::string_view tensor) {
  const auto has = [&](std::string_view part) { return tensor.find(part) != std::string_view::npos; };
  if (architecture == "hy_v3") return (has(".ffn_") && !has(".ffn_norm")) || has(".exp_probs_b");
  if (architecture == "step35") {
    return has(".attn_q_norm") || has(".attn_k_norm") || has(".attn_gate") ||
           (has(".ffn_") && !has(".ffn_norm"));
  }
  return (architecture == "glm-dsa" || architecture == "deepseek32") && has(".exp_probs_b");
}

}  // namespace

bool is_routed_expert(std::string_view tensor) {
  return tensor.find("_exps.") != std::string_view::npos || tensor.find("_chexps.") != std::string_view::npos;
}

MemoryUse memory_use(const Shape& shape, const WeightTable& weights, const RunSettings& settings,
                     int gpu_layers, int expert_layers_in_ram) {
  const Hparams h = hparams_of(shape);
  const std::int64_t offloaded = std::clamp<std::int64_t>(gpu_layers, 0, h.blocks + 1);
  const std::int64_t first =
      h.blocks + 1 - offloaded;  // the first block on the GPU; the output layer is block `blocks`
  const bool output_on_gpu = offloaded > 0;
  const bool own_output = std::any_of(weights.tensors.begin(), weights.tensors.end(),
                                      [](const Tensor& t) { return t.name == "output.weight"; });

  MemoryUse use;
  const auto put = [&](Bytes bytes, bool gpu) { (gpu ? use.gpu_bytes : use.ram_bytes) += bytes; };

  Bytes counted = 0;
  for (const Tensor& tensor : weights.tensors) {
    const TensorPlace place = place_of(tensor.name);
    const bool draft = place.where == Where::repeating && place.layer >= h.trunk();
    counted += tensor.bytes;
    if (draft && !settings.mtp && !loaded_anyway(shape.architecture, tensor.name)) continue;
    bool gpu = false;
    switch (place.where) {
      case Where::input:
        // Tied embeddings are also the output layer: the copy on the GPU is the one that is counted.
        gpu = output_on_gpu && !own_output && tensor.name == "token_embd.weight";
        break;
      case Where::output: gpu = output_on_gpu; break;
      case Where::repeating:
        gpu = place.layer >= first &&
              !(place.layer < expert_layers_in_ram && is_routed_expert(tensor.name));
        break;
    }
    put(tensor.bytes, gpu);
    use.weights_bytes += tensor.bytes;
  }
  if (const Bytes rest = weights.total_bytes - counted; rest > 0) {  // only a file's size is known
    put(rest, offloaded > h.blocks);
    use.weights_bytes += rest;
  }

  const CacheLayout layout = lay_out_cache(h, settings);
  const CacheBytes cache = cache_bytes(h, settings, layout);
  for (std::size_t i = 0; i < static_cast<std::size_t>(h.blocks); ++i) {
    const bool gpu = static_cast<std::int64_t>(i) >= first;
    put(cache.kv[i] + cache.state[i], gpu);
    use.kv_cache_bytes += cache.kv[i];
    use.state_bytes += cache.state[i];
  }

  GraphPlacement placement;
  placement.backends = offloaded > 0 ? 2 : 1;
  for (std::int64_t i = 0; i <= h.blocks; ++i) placement.block.push_back(offloaded > 0 && i < first ? 1 : 0);
  placement.weights = commonest_type(weights);
  placement.expert_layers_in_ram = offloaded > 0 ? expert_layers_in_ram : 0;
  const std::vector<Bytes> compute = compute_bytes(h, settings, layout, placement);
  for (std::size_t i = 0; i < compute.size(); ++i) {
    put(compute[i], i + 1 < compute.size());
    use.compute_bytes += compute[i];
  }

  use.output_bytes = h.vocabulary * layout.outputs_kept * 4;
  put(use.output_bytes, false);

  use.total_bytes = use.weights_bytes + use.kv_cache_bytes + use.state_bytes + use.compute_bytes +
                    use.output_bytes;
  if (use.gpu_bytes > 0) use.per_gpu = {use.gpu_bytes};
  return use;
}

}  // namespace jobfit
