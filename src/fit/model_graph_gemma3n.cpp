// Gemma 3n: four versions of every hidden state, of which one is computed and the others predicted.

#include "fit/model_graph.hpp"

namespace jobfit {

GraphIndex ModelGraph::magnitude(GraphIndex x) {
  const Sizes size = g_.at(x).size;
  return g_.same(g_.fresh("f32", {1, size[1], size[2], size[3]}, {g_.same(x)}));
}

GraphIndex ModelGraph::version(GraphIndex versions) {
  const Bytes row = h_.embedding * 4;
  return g_.view(versions, {h_.embedding, tokens_, 1, 1}, {row, row * tokens_, row * tokens_});
}

GraphIndex ModelGraph::modalities(GraphIndex x) {
  return g_.same(linear(scale(norm(x)), h_.altup));
}

GraphIndex ModelGraph::gemma3n_layer(GraphIndex versions) {
  const std::int64_t e = h_.embedding, n = h_.altup, p = h_.per_layer_embedding;
  const GraphIndex coefficients =
      g_.reshape(linear(modalities(version(versions)), n * n), {n, n, tokens_, 1});
  const GraphIndex turned = g_.contiguous(g_.permute(versions, 1, 2, 0, 3));
  GraphIndex predicted = g_.mul_mat(turned, coefficients);
  predicted = g_.contiguous(g_.permute(predicted, 0, 2, 1, 3));
  predicted = g_.add(predicted, versions);
  const GraphIndex active = version(predicted);
  const GraphIndex normed = norm(active);
  const GraphIndex laurel = g_.add(norm(linear(linear(normed, h_.laurel_rank), e)), normed);
  const GraphIndex attended = g_.add(norm(attention(normed)), active);
  const GraphIndex joined = scale(g_.add(attended, laurel));
  const GraphIndex fed = norm(joined);
  const GraphIndex up = linear(fed, h_.feed_forward[at()]);
  GraphIndex gate = linear(fed, h_.feed_forward[at()]);
  if (block_ < 10) {  // the first layers keep only what stands out from the mean
    const auto narrow = [&](GraphIndex x) { return g_.fresh("f32", {1, g_.at(x).size[1], 1, 1}, {x}); };
    const GraphIndex mean = narrow(gate);
    const GraphIndex deviation = g_.same(scale(narrow(g_.same(g_.same(gate, {mean})))));
    const GraphIndex threshold = g_.add(mean, scale(deviation));
    gate = g_.same(g_.same(gate, {threshold}));
  }
  gate = g_.same(gate);
  const GraphIndex out = g_.add(norm(linear(g_.mul(up, gate), e)), joined);

  const GraphIndex mixed = modalities(out);
  const GraphIndex innovation = g_.same(out, {version(predicted)});
  GraphIndex factors = g_.same(linear(mixed, n));
  factors = g_.contiguous(g_.transpose(factors), {1, tokens_, n, 1});
  GraphIndex corrected = g_.mul(g_.fresh("f32", {e, tokens_, n, 1}, {innovation}), factors);
  corrected = g_.add(corrected, predicted);
  GraphIndex first = g_.mul(version(corrected), weight({e, 1, 1, 1}));
  first = g_.same(linear(first, p));
  const Bytes row = p * 4;
  first = g_.mul(first, g_.view(per_layer_, {p, tokens_, 1, 1}, {row, row * tokens_, row * tokens_}));
  first = norm(linear(first, e));
  const GraphIndex rest =
      g_.view(corrected, {e, tokens_, n - 1, 1}, {e * 4, e * 4 * tokens_, e * 4 * tokens_ * (n - 1)});
  return g_.fresh("f32", {e, tokens_, n, 1}, {version(corrected), g_.add(rest, first)});
}

GraphIndex ModelGraph::gemma3n_layers(GraphIndex x, const std::vector<std::int64_t>& blocks) {
  const std::int64_t e = h_.embedding, n = h_.altup;
  per_layer_ = per_layer_inputs(x);
  const auto rest = [&](GraphIndex versions) {
    return g_.view(versions, {e, tokens_, n - 1, 1}, {e * 4, e * 4 * tokens_, e * 4 * tokens_ * (n - 1)});
  };
  enter_output_layer();
  const GraphIndex target = magnitude(x);
  const GraphIndex repeated = g_.fresh("f32", {e, tokens_, n - 1, 1}, {x});
  GraphIndex added = g_.mul_mat(weight({e, e, n - 1, 1}), repeated);
  const GraphIndex size = magnitude(added);
  added = g_.same(g_.mul(added, target), {size});
  GraphIndex versions = g_.fresh("f32", {e, tokens_, n, 1}, {x, added});
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    enter_block(blocks[i], i);
    versions = gemma3n_layer(versions);
  }
  enter_output_layer();
  const GraphIndex wanted = magnitude(version(versions));
  GraphIndex back = g_.mul_mat(weight({e, e, n - 1, 1}), rest(versions));
  const GraphIndex had = magnitude(back);
  back = g_.same(g_.mul(back, wanted), {had});
  GraphIndex sum = version(versions);
  for (std::int64_t i = 0; i + 1 < n; ++i) sum = g_.add(sum, version(back));
  return g_.get_rows(scale(sum), outputs_);
}

}  // namespace jobfit
