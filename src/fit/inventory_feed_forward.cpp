#include "fit/inventory.hpp"

#include <string>

namespace jobfit {

using std::int64_t;

void add_feed_forward(Inventory& out, const Hparams& h, int64_t i) {
  const Architecture& a = *h.architecture;
  const int64_t e = h.embedding, f = h.feed_forward[static_cast<std::size_t>(i)];
  if (f == 0) return;
  if (a.feed_forward == FeedForward::gated) out.add("ffn_gate.weight", {e, f});
  out.add("ffn_up.weight", {e, a.feed_forward == FeedForward::fused ? 2 * f : f});
  out.add("ffn_down.weight", {f, e});
  if (!a.feed_forward_bias) return;
  out.add("ffn_up.bias", {f});
  out.add("ffn_down.bias", {e});
}

void add_experts(Inventory& out, const Hparams& h, int64_t i) {
  const Architecture& a = *h.architecture;
  const int64_t n = h.experts, f = h.expert_width[static_cast<std::size_t>(i)];
  const int64_t e = h.latent_experts > 0 ? h.latent_experts : h.embedding;
  out.add("ffn_gate_inp.weight", {h.embedding, n});
  if (a.router_bias) out.add("ffn_gate_inp.bias", {n});
  if (a.name == "gemma4") out.add("ffn_gate_inp.scale", {h.embedding});
  const bool hashed = i < h.hash_layers;  // the first layers choose by the token itself
  if (hashed) out.add("ffn_gate_tid2eid.weight", {h.experts_used[static_cast<std::size_t>(i)], h.vocabulary});
  if (!hashed && (a.selection_bias || (h.q_rank > 0 && a.name == "deepseek2"))) {
    out.add(a.name == "hy_v3" ? "exp_probs_b" : "exp_probs_b.bias", {n});
  }
  if (h.latent_experts > 0) {
    const std::string name = a.name == "kimi-k3" ? "ffn_routed" : "ffn_latent";
    out.add(name + "_down.weight", {h.embedding, e});
    out.add(name + "_up.weight", {e, h.embedding});
    if (a.name == "kimi-k3") out.add("ffn_routed_norm.weight", {e});
  }
  if (a.merged_gate_up) {
    out.add("ffn_gate_up_exps.weight", {e, 2 * f, n});
  } else {
    if (!a.ungated_experts) out.add("ffn_gate_exps.weight", {e, f, n});
    out.add("ffn_up_exps.weight", {e, f, n});
  }
  out.add("ffn_down_exps.weight", {f, e, n});
  if (a.name == "gemma4") out.add("ffn_down_exps.scale", {n});
  if (a.expert_bias) {
    out.add("ffn_gate_exps.bias", {f, n});
    out.add("ffn_up_exps.bias", {f, n});
    out.add("ffn_down_exps.bias", {e, n});
  }
  const int64_t s = h.shared_width;
  if (s == 0) return;
  if (a.shared_gate) out.add("ffn_gate_inp_shexp.weight", {h.embedding});
  const bool joined = a.name == "granite_swa";  // gate and value in one
  if (!a.ungated_experts && !joined) out.add("ffn_gate_shexp.weight", {h.embedding, s});
  out.add("ffn_up_shexp.weight", {h.embedding, joined ? 2 * s : s});
  out.add("ffn_down_shexp.weight", {s, h.embedding});
}

}  // namespace jobfit
