// What a tensor's name says of it: how the converter and the quantizer treat it, and where it lies.

#include "fit/mix.hpp"

#include <algorithm>

namespace jobfit {
namespace {

using Category = TensorTraits::Category;

Category category_of(std::string_view name) {
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  if (name == "output.weight") return Category::output;
  if (name == "token_embd.weight" || name == "per_layer_token_embd.weight") return Category::token_embedding;
  if (has("attn_qkv.weight")) return Category::qkv;
  if (has("attn_kv_b.weight")) return Category::kv_b;
  if (has("attn_v.weight")) return Category::v;
  if (has("attn_k.weight")) return Category::k;
  if (has("attn_q.weight")) return Category::q;
  if (has("attn_output.weight")) return Category::attention_output;
  if (has("ffn_up")) return Category::up;
  if (has("ffn_gate")) return Category::gate;
  if (has("ffn_down")) return Category::down;
  return Category::other;
}

/// As a matrix.
bool may_quantize(std::string_view name) {
  if (!name.ends_with("weight") || name.find("_norm.weight") != std::string_view::npos) {
    return false;
  }
  static constexpr std::string_view kKept[] = {"ffn_gate_inp.weight",
                                               "ffn_gate_tid2eid.weight",
                                               "position_embd.weight",
                                               "altup",
                                               "laurel",
                                               "per_layer_model_proj",
                                               "ssm_conv1d",
                                               "shortconv.conv.weight",
                                               "indexer.k_proj.weight",
                                               "indexer.q_proj.weight",
                                               "time_mix_first.weight",
                                               "time_mix_w0.weight",
                                               "time_mix_w1.weight",
                                               "time_mix_w2.weight",
                                               "time_mix_v0.weight",
                                               "time_mix_v1.weight",
                                               "time_mix_v2.weight",
                                               "time_mix_a0.weight",
                                               "time_mix_a1.weight",
                                               "time_mix_a2.weight",
                                               "time_mix_g1.weight",
                                               "time_mix_g2.weight",
                                               "time_mix_lerp_fused.weight"};
  return std::none_of(std::begin(kKept), std::end(kKept),
                      [&](std::string_view kept) { return name.find(kept) != std::string_view::npos; });
}

/// What the converter writes to a 16-bit file where it does not write 16 bits; vectors stay F32 anyway.
bool stays_f32(std::string_view name) {
  if (!name.ends_with(".weight") || name.ends_with("_norm.weight")) return true;
  static constexpr std::string_view kFull[] = {
      "ffn_gate_inp",       "ssm_conv1d",          "shortconv.conv", "altup_correct_coef",
      "altup_predict_coef", "ffn_gate_tid2eid",    "time_mix_w1",    "time_mix_w2",
      "position_embd",      "time_mix_lerp_fused", "indexer.proj"};
  return std::any_of(std::begin(kFull), std::end(kFull),
                     [&](std::string_view full) { return name.find(full) != std::string_view::npos; });
}

/// Draft blocks stay on the disk unless they are asked for, but llama.cpp marks not every tensor of
/// theirs as skippable: these it loads all the same.
bool loads_anyway(std::string_view architecture, std::string_view tensor) {
  const auto has = [&](std::string_view part) { return tensor.find(part) != std::string_view::npos; };
  const bool feed_forward = has("ffn_") && !has("ffn_norm");
  if (architecture == "hy_v3") return feed_forward || has("exp_probs_b");
  if (architecture == "step35") {
    return has("attn_q_norm") || has("attn_k_norm") || has("attn_gate") || feed_forward;
  }
  return (architecture == "glm-dsa" || architecture == "deepseek32") && has("exp_probs_b");
}

TensorTraits::Place place_of(std::string_view name, bool block) {
  if (block) return TensorTraits::Place::block;
  if (name == "token_embd.weight") return TensorTraits::Place::embedding;
  // Looked up a row at a time, so llama.cpp leaves them in RAM however much is offloaded.
  const bool lookup =
      name == "per_layer_token_embd.weight" || name == "position_embd.weight" || name == "token_types.weight";
  if (lookup) return TensorTraits::Place::lookup;
  // What makes every layer's input of the tokens is the first layer's.
  const bool first = name == "per_layer_model_proj.weight" || name == "per_layer_proj_norm.weight";
  return first ? TensorTraits::Place::first_block : TensorTraits::Place::output;
}

}  // namespace

TensorTraits traits_of(std::string_view name, bool block, std::string_view architecture) {
  TensorTraits traits;
  traits.category = category_of(name);
  traits.place = place_of(name, block);
  traits.own_output = !block && name == "output.weight";
  traits.routed =
      name.find("_exps.") != std::string_view::npos || name.find("_chexps.") != std::string_view::npos;
  traits.quantizes = may_quantize(name);
  traits.full = stays_f32(name);
  traits.loaded_anyway = block && loads_anyway(architecture, name);
  return traits;
}

ModelTensors tensors_of(const Hparams& h) {
  ModelTensors tensors{inventory_of(h), {}};
  tensors.traits.resize(tensors.list.names.size());
  std::vector<char> known(tensors.traits.size(), 0);
  for (std::size_t i = 0; i < tensors.list.entries.size(); ++i) {
    const std::uint32_t name = tensors.list.entries[i].name;
    if (known[name]++) continue;
    const bool block = i >= tensors.list.outside.count;
    tensors.traits[name] = traits_of(tensors.list.names[name], block, h.architecture->name);
  }
  return tensors;
}

}  // namespace jobfit
