#include "fit/inventory.hpp"

namespace jobfit {

using std::int64_t;

void add_latent_attention(Inventory& out, const Hparams& h, int64_t i) {
  const auto at = static_cast<std::size_t>(i);
  const int64_t e = h.embedding, heads = h.heads[at], rope = h.rotary;
  const int64_t key = h.latent ? h.latent_key(at) : h.key_length[at], rank = h.rank_of(at);
  const int64_t value = h.latent ? h.latent_value(at) : h.value_length[at];
  if (h.q_rank > 0) {
    out.add("attn_q_a.weight", {e, h.q_rank});
    out.add("attn_q_a_norm.weight", {h.q_rank});
    out.add("attn_q_b.weight", {h.q_rank, heads * key});
  } else {
    out.add("attn_q.weight", {e, heads * key});
  }
  out.add("attn_kv_a_mqa.weight", {e, rank + rope});
  out.add("attn_kv_a_norm.weight", {rank});
  if (h.latent) {
    out.add("attn_k_b.weight", {key - rope, rank, heads});
    out.add("attn_v_b.weight", {rank, value, heads});
  } else {
    out.add("attn_kv_b.weight", {rank, heads * (key - rope + value)});
  }
  out.add("attn_output.weight", {heads * value, e});
  const Architecture& a = *h.architecture;
  if (a.sinks) out.add("attn_sinks.weight", {heads});
  if (a.gate == AttentionGate::per_head) out.add("attn_gate.weight", {e, heads});
  if (a.gate == AttentionGate::per_element) out.add("attn_gate.weight", {e, heads * value});
  if (a.name == "dots3note") out.add("attn_k_norm.weight", {rope});
  const bool some_only = a.name == "hy_v4" || a.name == "dots3note";
  if (h.indexer_heads == 0 || (some_only && !h.indexed[at])) return;
  out.add("indexer.k_norm.weight", {h.indexer_key});
  out.add("indexer.k_norm.bias", {h.indexer_key});
  out.add("indexer.proj.weight", {e, h.indexer_heads});
  out.add("indexer.attn_k.weight", {e, h.indexer_key});
  out.add("indexer.attn_q_b.weight", {h.q_rank, h.indexer_heads * h.indexer_key});
}

}  // namespace jobfit
