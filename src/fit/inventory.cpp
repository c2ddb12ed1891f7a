#include "fit/inventory.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

using std::int64_t;

void add_attention(Inventory& out, const Hparams& h, int64_t i) {
  const Architecture& a = *h.architecture;
  if (a.compressed) return add_compressed_attention(out, h, i);
  if (a.latent != LatentUse::never) return add_latent_attention(out, h, i);
  const auto at = static_cast<std::size_t>(i);
  const int64_t e = h.embedding, heads = h.heads[at], kv_heads = h.kv_heads[at];
  const int64_t key = h.key_length[at], value = h.value_length[at];
  const int64_t q = heads * key * (a.gate == AttentionGate::in_query ? 2 : 1);
  const int64_t k = kv_heads * key, v = kv_heads * value;
  if (a.fused_qkv) {
    out.add("attn_qkv.weight", {e, q + k + v});
    if (a.qkv_bias) out.add("attn_qkv.bias", {q + k + v});
  } else {
    out.add("attn_q.weight", {e, q});
    const bool own_kv = !h.shares_kv[at] || a.name == "gemma3n";
    if (own_kv) {
      out.add("attn_k.weight", {e, k});
      // Gemma 4's full layers take their values from the keys where the two have the same width.
      const bool value_is_key = a.name == "gemma4" && !h.windowed[at] && h.per_layer_embedding == 0;
      if (!value_is_key) out.add("attn_v.weight", {e, v});
    }
    if (a.qkv_bias) {
      out.add("attn_q.bias", {q});
      out.add("attn_k.bias", {k});
      out.add("attn_v.bias", {v});
    }
  }
  out.add("attn_output.weight", {heads * value, e});
  if (a.attention_output_bias) out.add("attn_output.bias", {e});
  if (a.gate == AttentionGate::per_head) out.add("attn_gate.weight", {e, heads});
  if (a.gate == AttentionGate::per_element) out.add("attn_gate.weight", {e, heads * key});
  if (a.sinks && (a.name != "mimo2" || h.windowed[at])) out.add("attn_sinks.weight", {heads});
  if ((a.block_sparse || a.gated_streams) && h.indexed[at]) {
    out.add("indexer.q_proj.weight", {e, h.indexer_heads * h.indexer_key});
    out.add("indexer.k_proj.weight", {e, h.indexer_key});
    out.add("indexer.q_norm.weight", {h.indexer_key});
    out.add("indexer.k_norm.weight", {h.indexer_key});
  }
  if (a.qk_norm == QkNorm::none) return;
  const bool whole = a.qk_norm == QkNorm::whole;
  if (a.name == "plamo2") {
    out.add("attn_q_norm.weight", {key, heads});
    out.add("attn_k_norm.weight", {key, kv_heads});
    return;
  }
  out.add("attn_q_norm.weight", {whole ? heads * key : key});
  if (!h.shares_kv[at] || a.name == "gemma3n") out.add("attn_k_norm.weight", {whole ? k : key});
}

void add_norms(Inventory& out, const Hparams& h, int64_t i, bool feeds) {
  const Architecture& a = *h.architecture;
  const int64_t e = h.embedding;
  const auto norm = [&](std::string_view name) {
    // Two families write some of their norms without the usual ending.
    const bool bare = (a.name == "falcon-h1" && name == "ffn_norm") ||
                      (a.name == "plamo2" && name.starts_with("post_")) ||
                      (a.name == "plamo3" && name.starts_with("post_"));
    out.add(bare ? std::string(name) : fmt::format("{}.weight", name), {e});
    if (a.norm_bias) out.add(fmt::format("{}.bias", name), {e});
  };
  if (a.attention_norm) norm("attn_norm");
  if (a.post_attention_norm && a.name != "grok") norm("post_attention_norm");
  if (a.name == "grok" || a.name == "dbrx") norm("attn_output_norm");
  if (feeds && a.feed_forward_norm == FeedForwardNorm::own && a.name != "dbrx") norm("ffn_norm");
  // Nemotron-H's layers do one thing each, but its draft blocks do two.
  const bool two = a.recurrence != Recurrence::none && a.feed_forward_norm == FeedForwardNorm::none;
  const bool after_attention = a.feed_forward_norm == FeedForwardNorm::post_attention || (two && i >= h.trunk());
  if (feeds && after_attention) norm("post_attention_norm");
  if (feeds && a.post_feed_forward_norm) norm(a.name == "grok" ? "layer_output_norm" : "post_ffw_norm");
}

void add_gemma_extras(Inventory& out, const Hparams& h, int64_t i) {
  const Architecture& a = *h.architecture;
  const int64_t e = h.embedding, p = h.per_layer_embedding;
  if (a.name == "gemma4") {
    out.add("layer_output_scale.weight", {1});
    if (h.expert_layer[static_cast<std::size_t>(i)]) {
      for (const char* name : {"pre_ffw_norm_2.weight", "post_ffw_norm_1.weight", "post_ffw_norm_2.weight"}) {
        out.add(name, {e});
      }
    }
  }
  if (p > 0) {
    out.add("inp_gate.weight", {e, p});
    out.add("proj.weight", {p, e});
    out.add("post_norm.weight", {e});
  }
  if (a.name != "gemma3n") return;
  out.add("altup_correct_coef.weight", {h.altup, h.altup});
  out.add("altup_correct_scale.weight", {e});
  out.add("altup_predict_coef.weight", {h.altup, h.altup * h.altup});
  out.add("altup_router.weight", {e, h.altup});
  out.add("altup_router_norm.weight", {e});
  out.add("laurel_l.weight", {e, h.laurel_rank});
  out.add("laurel_r.weight", {h.laurel_rank, e});
  out.add("laurel_post_norm.weight", {e});
}

void add_draft_head(Inventory& out, const Hparams& h) {
  const int64_t e = h.embedding;
  out.add("nextn.eh_proj.weight", {2 * e, e});
  out.add("nextn.enorm.weight", {e});
  out.add("nextn.hnorm.weight", {e});
  if (h.architecture->name == "dots3note") out.add("nextn.embed_tokens.weight", {e, h.vocabulary});
  const std::string_view name = h.architecture->name;
  if (name.starts_with("bailingmoe")) out.add("layer_output_norm.weight", {e});
  if (name != "bailingmoe3") out.add("nextn.shared_head_norm.weight", {e});
}

void add_block(Inventory& out, const Hparams& h, int64_t i) {
  const Architecture& a = *h.architecture;
  const auto at = static_cast<std::size_t>(i);
  const bool one_thing = a.recurrence != Recurrence::none && a.feed_forward_norm == FeedForwardNorm::none;
  const bool draft = i >= h.trunk();
  const bool mixes = !one_thing || draft || h.recurrent[at] || h.feed_forward[at] == 0;
  const bool feeds = a.recurrence != Recurrence::rwkv7 && (!one_thing || draft || !mixes);
  if (a.recurrence != Recurrence::rwkv7 && !a.gated_streams) add_norms(out, h, i, feeds);
  if (h.recurrent[at]) add_recurrent_mixer(out, h, i);
  if (mixes && (!h.recurrent[at] || a.both_mixers) && h.heads[at] > 0) add_attention(out, h, i);
  if (feeds && h.expert_layer[at]) add_experts(out, h, i);
  if (feeds && (!h.expert_layer[at] || a.name == "gemma4" || a.name == "grok")) add_feed_forward(out, h, i);
  add_gemma_extras(out, h, i);
  if (h.residual_bank > 0) {
    out.add("attn_res_score.weight", {h.embedding});
    out.add("ffn_res_score.weight", {h.embedding});
  }
  if (a.hyper_connections) add_hyper_connections(out, h, i);
  if (draft) add_draft_head(out, h);
}

/// Whether two blocks have the same tensors: a model has dozens of blocks and few kinds of them.
bool alike(const Hparams& h, int64_t one, int64_t other) {
  const auto a = static_cast<std::size_t>(one), b = static_cast<std::size_t>(other);
  const auto same = [&](const auto& by_block) {
    return by_block.size() <= std::max(a, b) || by_block[a] == by_block[b];
  };
  const auto same_side = [&](int64_t edge) { return (one < edge) == (other < edge); };
  return same(h.heads) && same(h.kv_heads) && same(h.feed_forward) && same(h.key_length) &&
         same(h.value_length) && same(h.expert_width) && same(h.experts_used) && same(h.windowed) &&
         same(h.recurrent) && same(h.expert_layer) && same(h.indexed) && same(h.shares_kv) &&
         same(h.compression) && same_side(h.trunk()) && same_side(h.hash_layers) && same_side(1) &&
         one != h.ngram_layer && other != h.ngram_layer;
}

}  // namespace

std::size_t TensorList::size() const {
  std::size_t count = outside.count;
  for (const Range& block : blocks) count += block.count;
  return count;
}

std::string TensorList::full_name(const Entry& entry, std::int64_t block) const {
  const std::string& name = names[entry.name];
  return block < 0 ? name : fmt::format("blk.{}.{}", block, name);
}

void Inventory::add(std::string_view name, Dimensions dimensions) {
  auto found = index_.find(name);
  if (found == index_.end()) {
    found = index_.emplace(name, static_cast<std::uint32_t>(list_.names.size())).first;
    list_.names.emplace_back(name);
  }
  TensorList::Entry entry;
  entry.name = found->second;
  for (const int64_t dimension : dimensions) entry.size[entry.dimensions++] = dimension;
  list_.entries.push_back(entry);
}

TensorList::Range Inventory::since_last() {
  const TensorList::Range range{closed_, list_.entries.size() - closed_};
  closed_ = list_.entries.size();
  return range;
}
void Inventory::close_outside() { list_.outside = since_last(); }
void Inventory::close_block() { list_.blocks.push_back(since_last()); }
void Inventory::repeat(std::int64_t block) {
  list_.blocks.push_back(list_.blocks[static_cast<std::size_t>(block)]);
}

TensorList inventory_of(const Hparams& h) {
  const Architecture& a = *h.architecture;
  const int64_t e = h.embedding, v = h.vocabulary, p = h.per_layer_embedding;
  Inventory out;
  out.add("token_embd.weight", {e, v});
  if (a.learned_positions) out.add("position_embd.weight", {e, h.trained_context});
  if (a.recurrence == Recurrence::rwkv7) {
    out.add("token_embd_norm.weight", {e});
    out.add("token_embd_norm.bias", {e});
  }
  if (a.name == "gemma3n") {
    out.add("altup_proj.weight", {e, e, h.altup - 1});
    out.add("altup_unembd_proj.weight", {e, e, h.altup - 1});
  }
  if (p > 0) {
    out.add("per_layer_token_embd.weight", {p * h.blocks, v});
    out.add("per_layer_model_proj.weight", {e, p * h.blocks});
    out.add("per_layer_proj_norm.weight", {p});
  }
  if (a.name != "olmo" && !a.gated_streams) out.add(fmt::format("{}.weight", a.output_norm), {e});
  if (a.output_norm_bias) out.add(fmt::format("{}.bias", a.output_norm), {e});
  if (!h.tied) out.add("output.weight", {e, v});
  if (a.output_bias) out.add("output.bias", {v});
  if (a.hyper_connections) add_hyper_connections(out, h, -1);
  if (h.residual_bank > 0) out.add("output_res_score.weight", {e});
  if (a.name == "gemma4") {
    const auto full = std::find(h.windowed.begin(), h.windowed.end(), 0);
    if (full != h.windowed.end()) {
      const auto at = static_cast<std::size_t>(full - h.windowed.begin());
      out.add("rope_freqs.weight", {h.key_length[at] / 2});
    }
  }
  out.close_outside();
  std::vector<int64_t> kinds;  // the first block of each
  for (int64_t i = 0; i < h.blocks; ++i) {
    const auto known =
        std::find_if(kinds.begin(), kinds.end(), [&](int64_t first) { return alike(h, first, i); });
    if (known != kinds.end()) {
      out.repeat(*known);
    } else {
      add_block(out, h, i);
      out.close_block();
      kinds.push_back(i);
    }
  }
  return out.take();
}

std::vector<Tensor> tensor_inventory(const Shape& shape) {
  const TensorList list = inventory_of(hparams_of(shape));
  std::vector<Tensor> tensors;
  list.each([&](std::size_t, std::size_t i, int64_t block) {
    const auto& entry = list.entries[i];
    tensors.push_back(
        {list.full_name(entry, block), {entry.size.begin(), entry.size.begin() + entry.dimensions}, "", 0});
  });
  return tensors;
}

bool is_countable(const TensorList& list) {
  constexpr int64_t kMost = int64_t{1} << 59;  // times eight bytes stays within 64 bits
  std::vector<int64_t> counts;
  for (const auto& entry : list.entries) {
    int64_t elements = 1;
    for (std::size_t d = 0; d < entry.dimensions; ++d) {
      if (entry.size[d] <= 0 || __builtin_mul_overflow(elements, entry.size[d], &elements)) return false;
    }
    counts.push_back(elements);
  }
  int64_t total = 0;
  bool countable = true;
  list.each([&](std::size_t, std::size_t i, int64_t) {
    countable = countable && !__builtin_add_overflow(total, counts[i], &total) && total <= kMost;
  });
  return countable;
}

}  // namespace jobfit
