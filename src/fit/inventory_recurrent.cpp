#include "fit/inventory.hpp"

namespace jobfit {
namespace {

using std::int64_t;

void add_mamba(Inventory& out, const Hparams& h) {
  const int64_t rank = h.time_step_rank;
  const bool plamo = h.architecture->name == "plamo2";
  const int64_t time_step = plamo ? std::max<int64_t>(64, h.embedding / 16) : rank;
  out.add("ssm_in.weight", {h.embedding, 2 * h.inner});
  out.add("ssm_conv1d.weight", {h.conv, h.inner});
  if (!plamo) out.add("ssm_conv1d.bias", {h.inner});
  out.add("ssm_x.weight", {h.inner, time_step + 2 * h.state});
  out.add("ssm_dt.weight", {time_step, plamo ? rank : h.inner});
  out.add("ssm_dt.bias", {plamo ? rank : h.inner});
  if (plamo) {
    out.add("ssm_a", {rank});
    out.add("ssm_d", {rank});
  } else {
    out.add("ssm_a", {h.state, h.inner});
    out.add("ssm_d", {h.inner});
  }
  if (plamo || h.architecture->name == "jamba") {
    const char* suffix = plamo ? "" : ".weight";
    out.add(std::string("ssm_dt_norm") + suffix, {time_step});
    out.add(std::string("ssm_b_norm") + suffix, {h.state});
    out.add(std::string("ssm_c_norm") + suffix, {h.state});
  }
  out.add("ssm_out.weight", {h.inner, h.embedding});
}

void add_mamba2(Inventory& out, const Hparams& h) {
  const int64_t heads = h.time_step_rank, convolved = h.inner + 2 * h.groups * h.state;
  out.add("ssm_in.weight", {h.embedding, h.inner + convolved + heads});
  out.add("ssm_conv1d.weight", {h.conv, convolved});
  out.add("ssm_conv1d.bias", {convolved});
  out.add("ssm_dt.bias", {heads});
  out.add("ssm_a", {1, heads});
  out.add("ssm_d", {1, heads});
  if (h.architecture->name != "falcon-h1") out.add("ssm_norm.weight", {h.inner / h.groups, h.groups});
  out.add("ssm_out.weight", {h.inner, h.embedding});
}

void add_gated_delta(Inventory& out, const Hparams& h) {
  const int64_t heads = h.time_step_rank, keys = h.state * h.groups, values = h.state * heads;
  out.add("attn_qkv.weight", {h.embedding, 2 * keys + values});
  out.add("attn_gate.weight", {h.embedding, values});
  out.add("ssm_conv1d.weight", {h.conv, 2 * keys + values});
  out.add("ssm_dt.bias", {heads});
  out.add("ssm_a", {heads});
  if (h.architecture->name == "qwen3next") {
    out.add("ssm_ba.weight", {h.embedding, 2 * heads});
  } else {
    out.add("ssm_beta.weight", {h.embedding, heads});
    out.add("ssm_alpha.weight", {h.embedding, heads});
  }
  out.add("ssm_norm.weight", {h.state});
  out.add("ssm_out.weight", {values, h.embedding});
}

void add_kda(Inventory& out, const Hparams& h) {
  const int64_t e = h.embedding, d = h.kda_head, heads = h.heads[0], inner = d * heads;
  for (const char* name : {"ssm_conv1d_q.weight", "ssm_conv1d_k.weight", "ssm_conv1d_v.weight"}) {
    out.add(name, {h.conv, 1, inner, 1});
  }
  for (const char* name : {"attn_q.weight", "attn_k.weight", "attn_v.weight"}) out.add(name, {e, inner});
  const bool whole = h.architecture->name == "bailingmoe3";  // Ling 3 opens its gates without a detour
  out.add("ssm_f_a.weight", {e, whole ? inner : d});
  if (!whole) out.add("ssm_f_b.weight", {d, inner});
  out.add("ssm_beta.weight", {e, heads});
  if (h.architecture->name == "kimi-k3") {
    out.add("ssm_a", {heads});
  } else {
    out.add("ssm_a", {1, heads, 1, 1});
  }
  out.add("ssm_dt.bias", {inner});
  if (h.architecture->name == "kimi-k3") {
    out.add("ssm_g.weight", {e, inner});
  } else {
    out.add("ssm_g_a.weight", {e, whole ? inner : d});
    if (!whole) out.add("ssm_g_b.weight", {d, inner});
  }
  out.add("ssm_norm.weight", {d});
  out.add("attn_output.weight", {inner, e});
}

void add_rwkv7(Inventory& out, const Hparams& h, int64_t i) {
  const int64_t e = h.embedding, f = h.feed_forward[static_cast<std::size_t>(i)];
  for (const char* name : {"attn_norm", "attn_norm_2", "time_mix_ln"}) {
    out.add(std::string(name) + ".weight", {e});
    out.add(std::string(name) + ".bias", {e});
  }
  const auto low_rank = [&](const std::string& letter, int64_t rank, bool offset) {
    if (offset) out.add("time_mix_" + letter + "0.weight", {e});
    out.add("time_mix_" + letter + "1.weight", {e, rank});
    out.add("time_mix_" + letter + "2.weight", {rank, e});
  };
  low_rank("w", h.lora_decay, true);
  low_rank("a", h.lora_iclr, true);
  low_rank("v", i == 0 ? h.lora_iclr : h.lora_value, true);
  if (h.lora_gate > 0) low_rank("g", h.lora_gate, false);
  out.add("time_mix_lerp_fused.weight", {e, 1, 1, 6});
  for (const char* name : {"time_mix_k_k.weight", "time_mix_k_a.weight", "time_mix_r_k.weight"}) {
    out.add(name, {e});
  }
  for (const char* name : {"time_mix_key.weight", "time_mix_value.weight", "time_mix_receptance.weight",
                           "time_mix_output.weight"}) {
    out.add(name, {e, e});
  }
  out.add("channel_mix_lerp_k.weight", {e, 1, 1});
  out.add("channel_mix_key.weight", {e, f});
  out.add("channel_mix_value.weight", {f, e});
}

}  // namespace

void add_recurrent_mixer(Inventory& out, const Hparams& h, int64_t layer) {
  switch (h.architecture->recurrence) {
    case Recurrence::none: break;
    case Recurrence::mamba:
      add_mamba(out, h);
      break;
    case Recurrence::mamba2:
      add_mamba2(out, h);
      break;
    case Recurrence::gated_delta:
      add_gated_delta(out, h);
      break;
    case Recurrence::kda:
      add_kda(out, h);
      break;
    case Recurrence::rwkv7: add_rwkv7(out, h, layer); break;
    case Recurrence::short_convolution:
      out.add("shortconv.conv.weight", {h.short_convolution, h.embedding});
      out.add("shortconv.in_proj.weight", {h.embedding, 3 * h.embedding});
      out.add("shortconv.out_proj.weight", {h.embedding, h.embedding});
      break;
  }
}

}  // namespace jobfit
