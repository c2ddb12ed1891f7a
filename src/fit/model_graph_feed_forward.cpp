#include "fit/model_graph.hpp"

#include <algorithm>

namespace jobfit {

/// Kimi K3's activation, step by step.
GraphIndex ModelGraph::situ(GraphIndex gate, GraphIndex up) {
  const auto bent = [&](GraphIndex x) { return g_.same(g_.same(g_.same(x))); };
  const GraphIndex opened = g_.mul(bent(gate), g_.same(gate));
  return g_.mul(opened, bent(up));
}

GraphIndex ModelGraph::dense(GraphIndex x, std::int64_t width) {
  GraphIndex y = kNone;
  switch (a_.feed_forward) {
    case FeedForward::gated: {
      const GraphIndex up = linear_with_bias(x, width, a_.feed_forward_bias);
      y = a_.name == "kimi-k3" ? situ(linear(x, width), up) : glu(linear(x, width), up);
      break;
    }
    case FeedForward::fused: {
      const GraphIndex both = linear(x, 2 * width);
      y = g_.fresh("f32", {width, g_.at(both).size[1], 1, 1}, {both});
      break;
    }
    case FeedForward::plain:
      y = linear_with_bias(x, width, a_.feed_forward_bias);
      y = g_.same(y);
      if (a_.activation == Activation::relu_squared) y = g_.same(y);
      break;
  }
  return linear_with_bias(y, h_.embedding, a_.feed_forward_bias);
}

GraphIndex ModelGraph::shared_expert(GraphIndex x) {
  GraphIndex y = kNone;
  if (a_.name == "granite_swa") {
    const GraphIndex both = linear(x, 2 * h_.shared_width);
    return linear(g_.fresh("f32", {h_.shared_width, g_.at(both).size[1], 1, 1}, {both}), h_.embedding);
  }
  const GraphIndex up = linear(x, h_.shared_width);
  if (a_.ungated_experts) {
    y = g_.same(g_.same(up));
  } else {
    y = a_.name == "kimi-k3" ? situ(linear(x, h_.shared_width), up) : glu(linear(x, h_.shared_width), up);
  }
  y = linear(y, h_.embedding);
  return a_.shared_gate ? g_.mul(y, g_.same(linear(x, 1))) : y;
}

/// Router, the chosen experts' products, their weighted sum.
GraphIndex ModelGraph::experts(GraphIndex x, GraphIndex logits) {
  const std::int64_t width = h_.expert_width[at()], used = h_.experts_used[at()], all = h_.experts;
  const std::int64_t e = g_.at(x).size[0], tokens = g_.at(x).size[1];
  const auto expert_weight = [&](Sizes size) { return g_.weight(size, {position_, true}); };
  if (logits == kNone) logits = linear(x, all);
  if (a_.router_bias) logits = g_.add(logits, weight({all, 1, 1, 1}));
  const bool late_softmax = a_.name == "gpt-oss";
  GraphIndex chances = late_softmax ? logits : g_.same(logits);
  if (h_.gating == 4) chances = g_.same(chances);  // the square root of a softplus
  GraphIndex selection = chances;
  if (a_.selection_bias || (a_.name == "deepseek2" && h_.q_rank > 0)) {
    selection = g_.add(chances, weight({all, 1, 1, 1}));
  }
  if (a_.name == "llama4") selection = logits;
  if (h_.expert_groups > 1) {
    const std::int64_t groups = h_.expert_groups, each = all / groups;
    const GraphIndex grouped = g_.reshape(selection, {each, groups, tokens, 1});
    GraphIndex top = g_.fresh("i32", {each, groups, tokens, 1}, {grouped});
    top = g_.view(top, {2, groups, tokens, 1}, {each * 4, each * groups * 4, each * groups * tokens * 4});
    GraphIndex scores = g_.get_rows(g_.reshape(grouped, {1, each, groups, tokens}), top);
    scores = g_.fresh("f32", {1, groups, tokens, 1}, {g_.reshape(scores, {2, groups, tokens, 1})});
    GraphIndex best = g_.fresh("i32", {groups, tokens, 1, 1}, {g_.reshape(scores, {groups, tokens, 1, 1})});
    best =
        g_.view(best, {h_.groups_used, tokens, 1, 1}, {groups * 4, groups * tokens * 4, groups * tokens * 4});
    const GraphIndex kept = g_.get_rows(grouped, best);
    selection = g_.reshape(g_.write(g_.same(grouped), {kept, best}), {all, tokens, 1, 1});
  }
  GraphIndex chosen = kNone;
  if (block_ < h_.hash_layers) {
    chosen = g_.get_rows(g_.weight({used, h_.vocabulary, 1, 1}, home()), tokens_in_);
  } else {
    chosen = g_.fresh("i32", {all, tokens, 1, 1}, {selection});
    chosen = g_.view(chosen, {used, tokens, 1, 1}, {all * 4, all * 4 * tokens, all * 4 * tokens});
  }
  GraphIndex weights = g_.get_rows(g_.reshape(chances, {1, all, tokens, 1}), chosen);
  if (late_softmax) {
    weights = g_.reshape(g_.same(g_.reshape(weights, {used, tokens, 1, 1})), {1, used, tokens, 1});
  }
  // Some always bring the chosen weights to a sum of one, some never, the rest as the file says.
  static constexpr std::string_view kNever[] = {"qwen2moe", "gpt-oss", "llama4", "deepseek2-ocr",
                                                "olmoe",    "jamba",   "deepseek"};
  static constexpr std::string_view kAsSaid[] = {"bailingmoe", "bailingmoe2", "cohere2moe", "deepseek2",
                                                 "deepseek32", "dots1",       "exaone-moe", "glm-dsa",
                                                 "glm4moe",    "hy_v3",       "laguna",     "nemotron_h_moe",
                                                 "step35",     "afmoe",       "mistral4",   "deepseek4",  "minimax-m3", "bailingmoe3", "kimi-k3", "hy_v4", "dots3note"};
  const auto in = [&](const auto& names) {
    return std::find(std::begin(names), std::end(names), a_.name) != std::end(names);
  };
  const bool normalised = in(kAsSaid) ? h_.expert_weights_norm : !in(kNever);
  if (normalised) {
    weights = g_.reshape(weights, {used, tokens, 1, 1});
    const GraphIndex sum = g_.same(g_.fresh("f32", {1, tokens, 1, 1}, {weights}));
    weights = g_.reshape(g_.same(weights, {sum}), {1, used, tokens, 1});
  }
  if (h_.expert_weights_scale != 0 && h_.expert_weights_scale != 1) weights = scale(weights);
  g_.expand(weights);

  GraphIndex rows = g_.reshape(x, {e, 1, tokens, 1});
  if (a_.name == "llama4") rows = g_.mul(g_.fresh("f32", {e, used, tokens, 1}, {rows}), weights);
  const auto biased = [&](GraphIndex y, std::int64_t out) {
    return a_.expert_bias ? g_.same(y, {expert_weight({out, all, 1, 1}), chosen}) : y;
  };
  GraphIndex y = kNone;
  if (a_.merged_gate_up) {
    const GraphIndex both = g_.mul_mat_id(expert_weight({e, 2 * width, all, 1}), rows, chosen);
    const auto stride = g_.at(both).stride;
    const auto half = [&] {
      return g_.view(both, {width, used, tokens, 1}, {stride[1], stride[2], stride[3]});
    };
    y = glu(half(), half());
  } else {
    const GraphIndex up = biased(g_.mul_mat_id(expert_weight({e, width, all, 1}), rows, chosen), width);
    if (a_.ungated_experts) {
      y = g_.same(g_.same(up));
    } else {
      const GraphIndex gate = biased(g_.mul_mat_id(expert_weight({e, width, all, 1}), rows, chosen), width);
      y = a_.name == "kimi-k3" ? situ(gate, up) : glu(gate, up);
    }
  }
  y = biased(g_.mul_mat_id(expert_weight({width, e, all, 1}), y, chosen), e);
  if (a_.name == "gemma4") {  // every expert has a scale of its own, looked up for the chosen ones
    const GraphIndex each =
        g_.fresh("f32", {1, all, tokens, 1}, {g_.reshape(weight({all, 1, 1, 1}), {1, all, 1, 1})});
    y = g_.mul(y, g_.get_rows(each, chosen));
  }
  if (a_.name != "llama4") y = g_.mul(y, weights);
  g_.expand(y);
  const auto stride = g_.at(y).stride;
  std::vector<GraphIndex> parts;
  for (std::int64_t i = 0; i < used; ++i) {
    parts.push_back(g_.view(y, {e, tokens, 1, 1}, {stride[2], stride[2] * tokens, stride[2] * tokens}));
    g_.expand(parts.back());
  }
  GraphIndex total = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) {
    total = g_.add(total, parts[i]);
    g_.expand(total);
  }
  return used == 1 ? g_.contiguous(total) : total;
}

GraphIndex ModelGraph::latent_experts(GraphIndex x) {
  GraphIndex inner = x;
  if (h_.latent_experts > 0) inner = linear(x, h_.latent_experts);
  const GraphIndex logits = linear(x, h_.experts);
  GraphIndex y = experts(inner, logits);
  if (a_.name == "kimi-k3") y = rms_norm(y, h_.latent_experts);
  if (h_.latent_experts > 0) y = linear(y, h_.embedding);
  return y;
}

GraphIndex ModelGraph::gemma4_feed_forward(GraphIndex attention_out) {
  const GraphIndex plain = norm(dense(norm(attention_out), h_.feed_forward[at()]));
  const GraphIndex routed = norm(attention_out);
  GraphIndex router = scale(g_.same(attention_out));
  router = g_.mul(router, weight({h_.embedding, 1, 1, 1}));
  const GraphIndex mixed = norm(experts(routed, linear(router, h_.experts)));
  return g_.add(plain, mixed);
}

GraphIndex ModelGraph::feed_forward(GraphIndex x) {
  if (!h_.expert_layer[at()]) return dense(x, h_.feed_forward[at()]);
  const GraphIndex routed =
      a_.expert_layers == ExpertLayers::where_feed_forward || h_.latent_experts > 0 ? latent_experts(x) : experts(x);
  if (a_.name == "grok" && h_.feed_forward[at()] > 0)
    return scale(g_.add(dense(x, h_.feed_forward[at()]), routed));
  if (h_.shared_width == 0) return routed;
  const GraphIndex both = g_.add(routed, shared_expert(x));
  return a_.name == "cohere2moe" ? scale(both) : both;
}

}  // namespace jobfit
