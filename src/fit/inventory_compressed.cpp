#include "fit/inventory.hpp"

#include <string>

namespace jobfit {

using std::int64_t;

void add_compressed_attention(Inventory& out, const Hparams& h, int64_t i) {
  const auto at = static_cast<std::size_t>(i);
  const int64_t e = h.embedding, heads = h.heads[at], key = h.key_length[at];
  out.add("attn_sinks.weight", {heads});
  out.add("attn_q_a.weight", {e, h.q_rank});
  out.add("attn_q_a_norm.weight", {h.q_rank});
  out.add("attn_q_b.weight", {h.q_rank, heads * key});
  out.add("attn_kv.weight", {e, key});
  out.add("attn_kv_a_norm.weight", {key});
  out.add("attn_output_a.weight", {heads * key / h.output_groups, h.output_rank * h.output_groups});
  out.add("attn_output_b.weight", {h.output_groups * h.output_rank, e});
  const int64_t ratio = h.compression[at];
  if (ratio == 0) return;
  const auto compressor = [&](const std::string& name, int64_t width) {
    const int64_t both = ratio == 4 ? 2 * width : width;  // short spans overlap
    out.add(name + "kv.weight", {e, both});
    out.add(name + "gate.weight", {e, both});
    out.add(name + "ape.weight", {both, ratio});
    out.add(name + "norm.weight", {width});
  };
  compressor("attn_compressor_", key);
  if (ratio != 4) return;
  out.add("indexer.proj.weight", {e, h.indexer_heads});
  out.add("indexer.attn_q_b.weight", {h.q_rank, h.indexer_heads * h.indexer_key});
  compressor("indexer_compressor_", h.indexer_key);
}

void add_hyper_connections(Inventory& out, const Hparams& h, int64_t i) {
  const int64_t n = h.residual_streams, wide = n * h.embedding;
  if (h.architecture->gated_streams) {
    const int64_t e = h.embedding, rank = h.stream_rank;
    if (i < 0) {
      out.add("output_hc_norm.weight", {e, n});
      out.add("output_hc_down.weight", {wide, rank});
      out.add("output_hc_up.weight", {rank, wide});
      if (h.ngram_layer >= 0) out.add("per_layer_token_embd.weight", {h.ngram_width, h.ngram_rows});
      return;
    }
    for (const std::string half : {"hc_attn_", "hc_ffn_"}) {
      out.add(half + "norm.weight", {e, n});
      out.add(half + "down.weight", {wide, rank});
      out.add(half + "up.weight", {rank, wide});
      out.add(half + "inject.weight", {wide, n});
    }
    if (i != h.ngram_layer) return;
    out.add("ple_key.weight", {e, wide});
    out.add("ple_value.weight", {e, e});
    for (const char* norm : {"ple_norm_key.weight", "ple_norm_query.weight", "ple_norm_conv.weight"}) {
      out.add(norm, {e, n});
    }
    out.add("ple_conv1d.weight", {h.ngram_kernel, wide});
    return;
  }
  const bool mixes = h.architecture->compressed;  // the streams into each other too, not only in and out
  const int64_t width = mixes ? (2 + n) * n : 2 * n;
  if (i < 0) {
    out.add("output_hc_fn.weight", {wide, n});
    out.add("output_hc_base.weight", {n});
    out.add("output_hc_scale.weight", {1});
    return;
  }
  for (const char* half : {"hc_attn_", "hc_ffn_"}) {
    out.add(std::string(half) + "fn.weight", {wide, width});
    out.add(std::string(half) + "base.weight", {width});
    out.add(std::string(half) + "scale.weight", {mixes ? 3 : 2});
  }
}

}  // namespace jobfit
