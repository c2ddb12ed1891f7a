// DeepSeek's sparse attention: a small indexer scores every position, the best are attended to.

#include "fit/model_graph.hpp"

#include <algorithm>

namespace jobfit {

GraphIndex ModelGraph::index_scores(GraphIndex x, GraphIndex q_low) {
  const std::int64_t heads = h_.indexer_heads, d = h_.indexer_key, streams = layout_.streams;
  if (index_.k_rows == kNone) {
    index_.k_rows = g_.input("i64", {tokens_, 1, 1, 1});
    index_.mask = g_.input("f16", {layout_.cells, tokens_ / streams, 1, streams});
    std::int64_t width = 64;
    while (d % (width * 2) == 0) width *= 2;
    index_.k_rotation = g_.input("f32", {width, width, 1, 1});
  }
  GraphIndex q = rope(g_.reshape(linear(q_low, heads * d), {d, heads, tokens_, 1}));
  GraphIndex k = linear(x, d);
  k = g_.add(g_.mul(g_.like(k), weight({d, 1, 1, 1})), weight({d, 1, 1, 1}));
  k = rope(g_.reshape(k, {d, 1, tokens_, 1}));
  q = g_.mul_mat(index_.k_rotation, q);
  k = g_.mul_mat(index_.k_rotation, k);
  const GraphIndex cache = g_.cache(cache_type_, {d, layout_.cells, streams, 1}, home());
  const GraphIndex to = streams > 1 ? g_.reshape(cache, {d, layout_.cells * streams, 1, 1}) : cache;
  const GraphIndex flat = g_.view(k, {d, tokens_, 1, 1}, {d * 4, d * 4 * tokens_, d * 4 * tokens_});
  g_.expand(g_.write(to, {flat, index_.k_rows}));
  GraphIndex weights = linear(x, heads);
  const Bytes key_row = row_bytes(cache_type_, d);
  const GraphIndex keys =
      g_.view(cache, {d, 1, layout_.cells, streams}, {key_row, key_row, key_row * layout_.cells});
  const auto stride = g_.at(q).stride;
  q = g_.view(q, {d, heads, tokens_ / streams, streams}, {stride[1], stride[2], stride[3] / streams});
  const Bytes row = heads * 4;
  weights = g_.view(weights, {heads, tokens_ / streams, 1, streams},
                    {row, row * tokens_ / streams, row * tokens_ / streams});
  weights = g_.same(weights);
  const GraphIndex scores =
      g_.fresh("f32", {layout_.cells, tokens_ / streams, 1, streams}, {q, keys, weights, index_.mask});
  g_.at(scores).steers = false;
  const std::int64_t kept = std::min(layout_.cells, h_.indexer_top_k);
  return g_.contiguous(g_.fresh("i32", {kept, tokens_ / streams, 1, streams}, {scores}));
}

/// The mask with everything closed but the chosen positions.
GraphIndex ModelGraph::sparse_mask(GraphIndex chosen) {
  const GraphIndex open = mask();
  const Sizes size = g_.at(open).size;
  const auto stride = g_.at(open).stride;
  const Sizes top = g_.at(chosen).size;
  const auto top_stride = g_.at(chosen).stride;
  GraphIndex closed = g_.same(open);
  closed = g_.view(closed, {1, size[0], size[1], size[3]}, {stride[0], stride[1], stride[2]});
  const GraphIndex rows =
      g_.view(chosen, {top[0], top[1], top[3], 1}, {top_stride[1], top_stride[2], top[3] * top_stride[3]});
  const GraphIndex zeros = g_.same(g_.leaf("f32", {1, top[0], top[1], top[3]}));
  GraphIndex chosen_mask = g_.write(closed, {zeros, rows});
  const auto s = g_.at(chosen_mask).stride;
  chosen_mask = g_.view(chosen_mask, size, {s[2], s[3], s[3]});
  return g_.add(chosen_mask, open);
}

}  // namespace jobfit
