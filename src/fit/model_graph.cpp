#include "fit/model_graph.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// These keep every token's hidden state until the end, for draft heads to start from.
bool keeps_hidden_states(std::string_view name) {
  static constexpr std::string_view kLate[] = {"gemma4",  "gpt-oss",   "qwen35",   "qwen35moe",  "qwen3next",
                                               "hy_v3",   "bailingmoe3", "step35",    "nemotron_h", "nemotron_h_moe",
                                               "cohere2moe"};
  return std::find(std::begin(kLate), std::end(kLate), name) != std::end(kLate);
}

}  // namespace

ModelGraph::ModelGraph(const Hparams& h, const CacheLayout& layout, const GgmlType& cache_type,
                       std::int64_t sequences)
    : h_(h),
      a_(*h.architecture),
      layout_(layout),
      cache_type_(cache_type),
      sequences_(sequences),
      tokens_(layout.micro_batch) {
  key_cache_.assign(static_cast<std::size_t>(h.blocks), kNone);
  value_cache_.assign(static_cast<std::size_t>(h.blocks), kNone);
}

bool ModelGraph::early_outputs() const { return !keeps_hidden_states(a_.name); }

GraphIndex ModelGraph::rms_norm(GraphIndex x, std::int64_t width) {
  return g_.mul(g_.same(x), weight({width, 1, 1, 1}));
}

GraphIndex ModelGraph::norm(GraphIndex x, bool bias) {
  const std::int64_t width = g_.at(x).size[0];
  GraphIndex y = a_.layer_norm ? g_.like(x) : g_.same(x);
  if (a_.name != "olmo") y = g_.mul(y, weight({width, 1, 1, 1}));
  return bias ? g_.add(y, weight({width, 1, 1, 1})) : y;
}

GraphIndex ModelGraph::linear(GraphIndex x, std::int64_t out) {
  return g_.mul_mat(weight({g_.at(x).size[0], out, 1, 1}), x);
}

GraphIndex ModelGraph::linear_with_bias(GraphIndex x, std::int64_t out, bool bias) {
  const GraphIndex y = linear(x, out);
  return bias ? g_.add(y, weight({out, 1, 1, 1})) : y;
}

GraphIndex ModelGraph::embed() {
  const GraphIndex tokens = tokens_in_ = g_.input("i32", {tokens_, 1, 1, 1});
  const GraphIndex table = g_.weight({h_.embedding, h_.vocabulary, 1, 1}, GraphOwner{});
  GraphIndex x = g_.get_rows(table, tokens);
  const std::int64_t width = h_.embedding * (1 + h_.deepstack);
  if (h_.deepstack > 0) x = g_.fresh("f32", {width, tokens_, 1, 1}, {x});
  g_.expand(x);
  // Embeddings may come from a projector instead: their place is kept free throughout.
  g_.expand(g_.input("f32", {width, tokens_, 1, 1}));
  if (h_.deepstack > 0) {
    x = g_.view(x, {h_.embedding, tokens_, 1, 1}, {width * 4, width * 4 * tokens_, width * 4 * tokens_});
    inputs_ = x;
  }
  if (h_.scales_embeddings) x = scale(x);
  // Granite's factor is part of the input, the others' comes after it.
  if (!a_.name.starts_with("gemma") && a_.name != "afmoe" && a_.name != "grok") g_.expand(x);
  return x;
}

GraphIndex ModelGraph::per_layer_inputs(GraphIndex x) {
  const std::int64_t p = h_.per_layer_embedding, all = h_.blocks;
  const GraphIndex tokens = g_.input("i32", {tokens_, 1, 1, 1});
  GraphIndex rows = g_.get_rows(g_.weight({p * all, h_.vocabulary, 1, 1}, GraphOwner{}), tokens);
  rows = scale(g_.reshape(rows, {p, all, tokens_, 1}));
  g_.expand(rows);
  block_ = position_ = 0;
  GraphIndex projected = scale(linear(x, p * all));
  projected = rms_norm(g_.reshape(projected, {p, all, tokens_, 1}), p);
  rows = scale(g_.add(projected, rows));
  return g_.contiguous(g_.permute(rows, 0, 2, 1, 3));
}

GraphIndex ModelGraph::layer(GraphIndex x, bool last) {
  last_ = last;
  if (a_.recurrence == Recurrence::rwkv7) return rwkv7(x);
  if (a_.gated_streams) return gated_streams_layer(x, last);
  if (a_.hyper_connections) return streams_layer(x);
  if (h_.residual_bank > 0) return banked_layer(x);
  GraphIndex residual = x;
  const bool recurrent_here = h_.recurrent[at()] && !a_.both_mixers;
  const bool one_thing = a_.recurrence != Recurrence::none && a_.feed_forward_norm == FeedForwardNorm::none;
  const bool feeds_only = one_thing && !recurrent_here && h_.feed_forward[at()] > 0;
  const GraphIndex normed = a_.attention_norm ? norm(x, a_.norm_bias) : x;
  const bool ahead = a_.recurrence == Recurrence::gated_delta || a_.recurrence == Recurrence::kda;
  if (ahead && a_.name != "bailingmoe3") g_.expand(normed);

  GraphIndex y = kNone;
  if (feeds_only) {
    y = feed_forward(normed);
  } else if (recurrent_here) {
    y = recurrent(normed);
  } else if (h_.heads[at()] > 0) {
    y = attention(normed);
    if (a_.both_mixers) {
      y = g_.add(y, recurrent(norm(x)));
      residual = g_.add(y, residual);
    }
  } else {
    y = normed;
  }

  GraphIndex feed_from = normed;  // for models whose two halves run side by side
  const bool norm_first = a_.name == "muse-glimmer";
  if (norm_first) y = norm(y);
  if (last && early_outputs()) {
    y = g_.get_rows(y, outputs_);
    residual = g_.get_rows(residual, outputs_);
    if (a_.parallel) feed_from = g_.get_rows(feed_from, outputs_);
  }
  if (one_thing) return g_.add(y, residual);
  if (a_.post_attention_norm && !norm_first) y = norm(y);
  if (h_.scales_residuals) y = scale(y);

  if (a_.parallel || h_.parallel_residual) {
    const GraphIndex fed = feed_forward(a_.parallel ? feed_from : norm(residual, a_.norm_bias));
    if (a_.name == "falcon") return g_.add(g_.add(fed, y), residual);
    return a_.name == "phi2" ? g_.add(g_.add(y, fed), residual) : g_.add(g_.add(fed, residual), y);
  }
  const bool residual_first = a_.recurrence == Recurrence::short_convolution;
  const GraphIndex sum = a_.both_mixers   ? residual
                         : residual_first ? g_.add(residual, y)
                                          : g_.add(y, residual);
  if (a_.name == "gemma4" && h_.expert_layer[at()]) {
    y = gemma4_feed_forward(sum);
  } else {
    y = feed_forward(a_.feed_forward_norm == FeedForwardNorm::none ? sum : norm(sum, a_.norm_bias));
  }
  if (a_.post_feed_forward_norm) y = norm(y);
  if (h_.scales_residuals) y = scale(y);
  y = residual_first || a_.name == "phi3" ? g_.add(sum, y) : g_.add(y, sum);
  if (block_ < h_.deepstack) {  // image features enter the first layers
    const Bytes row = h_.embedding * (1 + h_.deepstack) * 4;
    y = g_.add(y, g_.view(inputs_, {h_.embedding, tokens_, 1, 1}, {row, row * tokens_, row * tokens_}));
  }
  if (a_.name == "gemma4") {
    if (per_layer_ != kNone) {
      const std::int64_t p = h_.per_layer_embedding;
      const GraphIndex gate = g_.same(linear(y, p));
      const Bytes row = p * 4;
      const GraphIndex slice = g_.view(per_layer_, {p, tokens_, 1, 1}, {row, row * tokens_, row * tokens_});
      y = g_.add(y, norm(linear(g_.mul(gate, slice), h_.embedding)));
    }
    y = g_.mul(y, weight({1, 1, 1, 1}));
  }
  return y;
}

void ModelGraph::finish(GraphIndex x) {
  enter_output_layer();
  if (a_.gated_streams) {
    x = mix_gated(x, nullptr);
  } else if (a_.hyper_connections) {
    x = join_streams(x);
  }
  if (h_.residual_bank > 0) x = g_.get_rows(mix_bank(x), outputs_);
  if (!early_outputs()) {
    // The state before or after the last norm stays for the draft heads.
    if (a_.name == "gpt-oss") {
      g_.mark_output(x);
      x = norm(g_.get_rows(x, outputs_));
    } else {
      x = norm(x, a_.output_norm_bias);
      g_.mark_output(x);
      x = g_.get_rows(x, outputs_);
    }
  } else if (!a_.gated_streams) {
    x = norm(x, a_.output_norm_bias);
  }
  g_.mark_output(x);
  GraphIndex logits = linear_with_bias(x, h_.vocabulary, a_.output_bias);
  if (a_.name == "gemma2" || a_.name == "gemma4" || a_.name == "gemma3n") {
    logits = scale(scale(scale(logits)));
  } else if (a_.name == "muse-glimmer") {
    logits = scale(scale(scale(scale(logits))));
  } else if (h_.scales_logits) {
    logits = scale(logits);
  }
  g_.mark_output(logits);
  g_.expand(logits);
}

Graph ModelGraph::build(const std::vector<std::int64_t>& blocks) {
  blocks_in_graph_ = static_cast<std::int32_t>(blocks.size());
  GraphIndex x = embed();
  positions_ = g_.input("i32", {tokens_ * (h_.deepstack > 0 || a_.name == "qwen2vl" || a_.name == "paddleocr" || a_.name == "qwen35" || a_.name == "qwen4exp" ||
                                                   a_.name == "qwen35moe"
                                               ? 4
                                               : 1),
                                1, 1, 1});
  outputs_ = g_.input("i32", {layout_.outputs, 1, 1, 1});
  if (a_.name == "llama4" || a_.name == "mistral4") temperature_ = g_.input("f32", {1, 1, tokens_, 1});
  if (a_.name == "gemma4" && h_.per_layer_embedding > 0) per_layer_ = per_layer_inputs(x);
  if (a_.learned_positions) {
    const GraphIndex table = g_.weight({h_.embedding, h_.trained_context, 1, 1}, GraphOwner{});
    x = g_.add(x, g_.get_rows(table, positions_));
  }
  if (a_.recurrence == Recurrence::rwkv7) x = norm(x, true);
  if (a_.name == "muse-glimmer") x = g_.same(x);
  if (h_.ngram_layer >= 0) {
    const GraphIndex table = g_.weight({h_.ngram_width, h_.ngram_rows, 1, 1}, GraphOwner{});
    ngrams_ = g_.get_rows(table, g_.input("i32", {h_.ngram_heads * tokens_, 1, 1, 1}));
    ngrams_ = g_.reshape(ngrams_, {h_.embedding, tokens_, 1, 1});
    g_.expand(ngrams_);
  }
  if (a_.hyper_connections) {
    if (a_.compressed) g_.expand(mask());
    x = split_streams(x);
  }
  if (a_.name == "gemma3n") {
    x = gemma3n_layers(x, blocks);
  } else {
    for (std::int64_t loop = 0; loop < h_.loops; ++loop) {
      const bool last_loop = loop + 1 == h_.loops;
      std::fill(key_cache_.begin(), key_cache_.end(), kNone);
      std::fill(value_cache_.begin(), value_cache_.end(), kNone);
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        enter_block(blocks[i], i);
        x = layer(x, last_loop && i + 1 == blocks.size());
      }
      if (!last_loop && h_.norm_between_loops) x = norm(x);
    }
  }
  finish(x);
  return std::move(g_);
}

}  // namespace jobfit
