#include "fit/model_graph.hpp"

namespace jobfit {

/// Reads the sequences' rows of a state; `read` does it where reading is part of a larger step.
GraphIndex ModelGraph::state_rows(GraphIndex states, std::int64_t row,
                                  const std::function<GraphIndex(GraphIndex, GraphIndex)>& read) {
  if (state_source_ == kNone) {
    state_source_ = g_.input("i32", {sequences_, 1, 1, 1});
    state_main_ =
        g_.view(state_source_, {sequences_, 1, 1, 1}, {sequences_ * 4, sequences_ * 4, sequences_ * 4});
    state_extra_ = g_.view(state_source_, {0, 1, 1, 1}, {0, 0, 0});
  }
  const GraphIndex all = g_.reshape(states, {row, sequences_, 1, 1});
  const GraphIndex first = g_.view(all, {row, 1, 1, 1}, {row * 4, row * 4, row * 4});
  g_.expand(g_.write(first, {}));  // a state is cleared where a sequence is new
  const GraphIndex mine = read(all, state_main_);
  g_.expand(mine);
  const GraphIndex others = g_.get_rows(all, state_extra_);
  const GraphIndex to = g_.view(states, {row, 0, 1, 1}, {row * 4, row * 4, row * 4});
  g_.expand(g_.write(to, {others}));
  return mine;
}

GraphIndex ModelGraph::state_rows(GraphIndex states, std::int64_t row) {
  return state_rows(states, row, [&](GraphIndex all, GraphIndex rows) { return g_.get_rows(all, rows); });
}

GraphIndex ModelGraph::recurrent(GraphIndex x) {
  switch (a_.recurrence) {
    case Recurrence::mamba: return mamba(x);
    case Recurrence::mamba2: return mamba2(x);
    case Recurrence::gated_delta: return gated_delta(x);
    case Recurrence::kda: return kda(x);
    case Recurrence::short_convolution: return short_convolution(x);
    case Recurrence::rwkv7: return rwkv7(x);
    case Recurrence::none: break;
  }
  return x;
}

GraphIndex ModelGraph::mamba2(GraphIndex x) {
  const std::int64_t heads = h_.time_step_rank, inner = h_.inner, width = inner / heads, state = h_.state;
  const std::int64_t mixed = inner + 2 * h_.groups * state, n = sequences_, each = tokens_ / n;
  static const GgmlType* const kFloat = ggml_type("f32");
  const GraphIndex conv_all = g_.cache(*kFloat, {h_.convolution_row(), n, 1, 1}, home());
  const GraphIndex state_all = g_.cache(*kFloat, {h_.state_row(), n, 1, 1}, home());
  GraphIndex conv = state_rows(conv_all, h_.convolution_row());
  conv = g_.reshape(conv, {h_.conv - 1, mixed, n, 1});
  const std::int64_t row = (inner + mixed + heads) * 4;
  const GraphIndex joint = g_.reshape(linear(x, inner + mixed + heads), {inner + mixed + heads, each, n, 1});
  const GraphIndex z = g_.view(joint, {width, heads, each, n}, {width * 4, row, row * each});
  GraphIndex parts = g_.view(joint, {mixed, each, n, 1}, {row, row * each, row * each * n});
  GraphIndex step = g_.view(joint, {heads, each, n, 1}, {row, row * each, row * each * n});
  const GraphIndex window = g_.fresh("f32", {h_.conv - 1 + each, mixed, n, 1}, {conv, g_.transpose(parts)});
  const auto window_stride = g_.at(window).stride;
  const GraphIndex last =
      g_.view(window, {h_.conv - 1, mixed, n, 1}, {window_stride[1], window_stride[2], window_stride[3]});
  g_.expand(
      g_.write(g_.view(conv_all, {h_.convolution_row(), n, 1, 1}, {h_.convolution_row() * 4, 0, 0}), {last}));
  parts = g_.fresh("f32", {mixed, each, n, 1}, {window, weight({h_.conv, mixed, 1, 1})});
  parts = g_.same(g_.add(parts, weight({mixed, 1, 1, 1})));
  const Bytes line = mixed * 4;
  const GraphIndex values = g_.view(parts, {width, heads, each, n}, {width * 4, line, line * each});
  const GraphIndex b = g_.view(parts, {state, h_.groups, each, n}, {state * 4, line, line * each});
  const GraphIndex c = g_.view(parts, {state, h_.groups, each, n}, {state * 4, line, line * each});
  step = g_.add(g_.contiguous(step), weight({heads, 1, 1, 1}));
  const GraphIndex decay = weight({1, heads, 1, 1});
  const std::int64_t out = inner * tokens_ + h_.state_row() * n;
  const GraphIndex scanned = state_rows(state_all, h_.state_row(), [&](GraphIndex all, GraphIndex rows) {
    const GraphIndex shaped = g_.reshape(all, {state, width, heads, n});
    return g_.fresh("f32", {out, 1, 1, 1}, {shaped, values, step, decay, b, c, rows});
  });
  g_.expand(g_.write(g_.view(state_all, {h_.state_row(), n, 1, 1}, {h_.state_row() * 4, 0, 0}),
                     {g_.view(scanned, {h_.state_row(), n, 1, 1}, {h_.state_row() * 4, 0, 0})}));
  GraphIndex y = g_.view(scanned, {width, heads, each, n}, {width * 4, inner * 4, inner * 4 * each});
  y = g_.add(y, g_.mul(values, weight({1, heads, 1, 1})));
  y = glu(g_.contiguous(z), y);
  if (a_.name != "falcon-h1") {
    y = rms_norm(g_.reshape(y, {inner / h_.groups, h_.groups, each, n}), inner / h_.groups);
  }
  return linear(g_.reshape(y, {inner, tokens_, 1, 1}), h_.embedding);
}

GraphIndex ModelGraph::mamba(GraphIndex x) {
  const std::int64_t inner = h_.inner, state = h_.state, n = sequences_, each = tokens_ / n;
  const std::int64_t rank =
      a_.name == "plamo2" ? std::max<std::int64_t>(64, h_.embedding / 16) : h_.time_step_rank;
  const std::int64_t conv_row = h_.convolution_row(), channels = conv_row / (h_.conv - 1);
  static const GgmlType* const kFloat = ggml_type("f32");
  const GraphIndex conv_all = g_.cache(*kFloat, {conv_row, n, 1, 1}, home());
  const GraphIndex state_all = g_.cache(*kFloat, {h_.state_row(), n, 1, 1}, home());
  GraphIndex conv = g_.reshape(state_rows(conv_all, conv_row), {h_.conv - 1, channels, n, 1});
  const GraphIndex joint = linear(g_.reshape(x, {h_.embedding, each, n, 1}), 2 * inner);
  const auto stride = g_.at(joint).stride;
  GraphIndex values = g_.view(joint, {inner, each, n, 1}, {stride[1], stride[2], stride[3]});
  const GraphIndex z = g_.view(joint, {inner, each, n, 1}, {stride[1], stride[2], stride[3]});
  const GraphIndex window = g_.fresh("f32", {h_.conv - 1 + each, inner, n, 1}, {conv, g_.transpose(values)});
  const auto window_stride = g_.at(window).stride;
  const GraphIndex last =
      g_.view(window, {h_.conv - 1, inner, n, 1}, {window_stride[1], window_stride[2], window_stride[3]});
  g_.expand(g_.write(g_.view(conv_all, {conv_row * n, 1, 1, 1}, {0, 0, 0}), {last}));
  values = g_.fresh("f32", {inner, each, n, 1}, {window, weight({h_.conv, inner, 1, 1})});
  values = g_.same(g_.add(values, weight({inner, 1, 1, 1})));
  const GraphIndex projected = linear(values, rank + 2 * state);
  const auto line = g_.at(projected).stride;
  GraphIndex step = g_.view(projected, {rank, each, n, 1}, {line[1], line[2], line[3]});
  GraphIndex b = g_.view(projected, {state, 1, each, n}, {state * 4, line[1], line[2]});
  GraphIndex c = g_.view(projected, {state, 1, each, n}, {state * 4, line[1], line[2]});
  if (a_.name == "mamba") {
    step = g_.contiguous(step);
  } else {
    step = rms_norm(step, rank);
    b = rms_norm(b, state);
    c = rms_norm(c, state);
  }
  step = g_.add(linear(step, inner), weight({inner, 1, 1, 1}));
  const GraphIndex shaped = g_.reshape(values, {1, inner, each, n});
  const GraphIndex decay = weight({state, inner, 1, 1});
  const GraphIndex scanned = state_rows(state_all, h_.state_row(), [&](GraphIndex all, GraphIndex rows) {
    const GraphIndex states = g_.reshape(all, {state, 1, inner, n});
    return g_.fresh("f32", {inner * tokens_ + h_.state_row() * n, 1, 1, 1},
                    {states, shaped, step, decay, b, c, rows});
  });
  g_.expand(g_.write(g_.view(state_all, {h_.state_row() * n, 1, 1, 1}, {0, 0, 0}),
                     {g_.view(scanned, {h_.state_row() * n, 1, 1, 1}, {0, 0, 0})}));
  GraphIndex y = g_.view(scanned, {inner, each, n, 1}, {inner * 4, inner * 4 * each, inner * 4 * tokens_});
  y = g_.add(y, g_.mul(values, weight({inner, 1, 1, 1})));
  y = glu(g_.contiguous(z), y);
  return g_.reshape(linear(y, h_.embedding), {h_.embedding, tokens_, 1, 1});
}

GraphIndex ModelGraph::gated_delta(GraphIndex x) {
  const std::int64_t heads = h_.time_step_rank, d = h_.state, n = sequences_, each = tokens_ / n;
  const std::int64_t value = h_.inner / heads, keys = d * h_.groups, mixed = h_.inner + 2 * keys;
  static const GgmlType* const kFloat = ggml_type("f32");
  const GraphIndex qkv = g_.reshape(linear(x, mixed), {mixed, each, n, 1});
  const GraphIndex z = linear(x, h_.inner);
  GraphIndex beta = kNone, alpha = kNone;
  if (a_.name == "qwen3next") {
    const GraphIndex both = g_.reshape(linear(x, 2 * heads), {2 * heads / h_.groups, h_.groups, each, n});
    const auto stride = g_.at(both).stride;
    const std::int64_t share = heads / h_.groups;
    const auto half = [&] {
      return g_.view(both, {share, h_.groups, each, n}, {stride[1], stride[2], stride[3]});
    };
    beta = g_.same(g_.contiguous(half(), {1, heads, each, n}));
    alpha = g_.contiguous(half(), {heads, each, n, 1});
  } else {
    beta = g_.same(g_.reshape(linear(x, heads), {1, heads, each, n}));
    alpha = g_.reshape(linear(x, heads), {heads, each, n, 1});
  }
  GraphIndex gate = g_.same(g_.add(alpha, weight({heads, 1, 1, 1})));
  gate = g_.reshape(g_.mul(gate, weight({heads, 1, 1, 1})), {1, heads, each, n});
  const GraphIndex conv_all = g_.cache(*kFloat, {h_.convolution_row(), n, 1, 1}, home());
  const GraphIndex state_all = g_.cache(*kFloat, {h_.state_row(), n, 1, 1}, home());
  const GraphIndex conv = g_.reshape(state_rows(conv_all, h_.convolution_row()), {h_.conv - 1, mixed, n, 1});
  const GraphIndex window = g_.fresh("f32", {h_.conv - 1 + each, mixed, n, 1}, {conv, g_.transpose(qkv)});
  const auto stride = g_.at(window).stride;
  const GraphIndex last = g_.view(window, {h_.conv - 1, mixed, n, 1}, {stride[1], stride[2], stride[3]});
  g_.expand(
      g_.write(g_.view(conv_all, {h_.convolution_row(), n, 1, 1}, {h_.convolution_row() * 4, 0, 0}), {last}));
  const GraphIndex states = g_.reshape(state_rows(state_all, h_.state_row()), {value, value, heads, n});
  const GraphIndex filtered =
      g_.same(g_.fresh("f32", {mixed, each, n, 1}, {window, weight({h_.conv, mixed, 1, 1})}));
  const Bytes line = mixed * 4;
  const auto part = [&](std::int64_t width, std::int64_t count) {
    return g_.view(filtered, {width, count, each, n}, {width * 4, line, line * each});
  };
  const auto unit = [&](GraphIndex y) { return g_.same(g_.same(y)); };  // to length one
  const GraphIndex q = unit(part(d, h_.groups)), k = unit(part(d, h_.groups));
  const GraphIndex v = part(value, heads);
  const GraphIndex mixed_out =
      g_.fresh("f32", {value * heads, tokens_ + value * n, 1, 1}, {q, k, v, gate, beta, states});
  g_.expand(g_.write(g_.view(state_all, {h_.state_row(), n, 1, 1}, {h_.state_row() * 4, 0, 0}),
                     {g_.view(mixed_out, {value, value, heads, n},
                              {value * 4, value * value * 4, value * value * heads * 4})}));
  const GraphIndex y =
      g_.view(mixed_out, {value, heads, each, n}, {value * 4, value * heads * 4, value * heads * each * 4});
  const GraphIndex gated = g_.same(g_.reshape(z, {value, heads, each, n}));
  GraphIndex out = g_.mul(rms_norm(y, value), gated);
  out = linear(g_.reshape(out, {value * heads, each, n, 1}), h_.embedding);
  return g_.reshape(out, {h_.embedding, tokens_, 1, 1});
}

GraphIndex ModelGraph::short_convolution(GraphIndex x) {
  const std::int64_t e = h_.embedding, n = sequences_, each = tokens_ / n, kept = h_.short_convolution - 1;
  static const GgmlType* const kFloat = ggml_type("f32");
  const GraphIndex joint = linear(g_.reshape(x, {e, each, n, 1}), 3 * e);
  const auto stride = g_.at(joint).stride;
  const auto third = [&] { return g_.view(joint, {e, each, n, 1}, {stride[1], stride[2], stride[3]}); };
  const GraphIndex product = g_.transpose(g_.mul(third(), third()));
  const GraphIndex conv_all = g_.cache(*kFloat, {h_.convolution_row(), n, 1, 1}, home());
  const GraphIndex conv = g_.reshape(state_rows(conv_all, h_.convolution_row()), {kept, e, n, 1});
  const GraphIndex window = g_.fresh("f32", {kept + each, e, n, 1}, {conv, product});
  const auto line = g_.at(window).stride;
  const GraphIndex last = g_.view(window, {kept, e, n, 1}, {line[1], line[2], line[3]});
  g_.expand(g_.write(g_.view(conv_all, {kept * e, n, 1, 1}, {kept * e * 4, 0, 0}), {last}));
  const GraphIndex filtered =
      g_.fresh("f32", {e, each, n, 1}, {window, weight({h_.short_convolution, e, 1, 1})});
  const GraphIndex y = linear(g_.mul(third(), filtered), e);
  return g_.reshape(y, {e, tokens_, 1, 1});
}

}  // namespace jobfit
