#include "fit/speed_traffic.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// Bytes of one cached value.
double cache_bytes_per_value(std::string_view type) {
  const auto block = ggml_bytes(type, 32);
  return block ? static_cast<double>(*block) / 32 : 2;
}

/// `value`: bytes of one cached value.
double cache_of(const Layer& layer, const Shape& shape, std::int64_t filled, double value) {
  const auto tokens = static_cast<double>(filled);
  const double row = static_cast<double>(layer.kv_heads) * (layer.key_length + layer.value_length) * value;
  switch (layer.kind) {
    case LayerKind::full_attention: {
      // A sparse indexer reads its own small keys for every token, then only the chosen rows.
      if (!layer.indexer || shape.indexer.top_k <= 0) return tokens * row;
      return tokens * shape.indexer.key_length * value + std::min(tokens, double(shape.indexer.top_k)) * row;
    }
    case LayerKind::sliding_window:
      return (shape.sliding_window > 0 ? std::min(tokens, double(shape.sliding_window)) : tokens) * row;
    case LayerKind::latent_attention: {
      const double latent =
          (shape.latent.kv_rank + shape.latent.rope) * value;  // V is a view of the same row
      if (!layer.indexer || shape.indexer.top_k <= 0) return tokens * latent;
      return tokens * shape.indexer.key_length * value +
             std::min(tokens, double(shape.indexer.top_k)) * latent;
    }
    default:
      return 0;
  }
}

/// Recurrent states are F32, read and written once per token.
double state_of(const Layer& layer, const Shape& shape) {
  const auto& ssm = shape.ssm;
  switch (layer.kind) {
    case LayerKind::linear_attention:
    case LayerKind::ssm:
      return 2.0 * 4 * static_cast<double>(ssm.inner) * std::max(ssm.state, 1);
    case LayerKind::short_convolution:
      return 2.0 * 4 * static_cast<double>(shape.embedding) * 3;
    default:
      return 0;
  }
}

}  // namespace

std::int64_t typical_fill(std::int64_t context) { return std::max<std::int64_t>(context / 8, 0); }

Traffic token_traffic(const Shape& shape, const WeightSums& weights, std::int64_t filled,
                      std::string_view cache_type) {
  Traffic traffic;
  traffic.layers.reserve(shape.layers.size());
  // Embeddings are looked up, a row per token, unless the table is also the output projection.
  traffic.head = weights.output.families;
  traffic.active_weights = weights.output.elements + weights.first.elements;
  for (std::size_t f = 0; f < traffic.head.size(); ++f) traffic.head[f] += weights.first.families[f];
  if (!weights.own_output) {
    for (std::size_t f = 0; f < traffic.head.size(); ++f) traffic.head[f] += weights.embedding.families[f];
    traffic.active_weights += weights.embedding.elements;
  }
  const double value = cache_bytes_per_value(cache_type);
  const double share = shape.experts.count > 0 ? double(shape.experts.used) / shape.experts.count : 1;
  const auto read_of = [&](const Layer& layer, const WeightSums::Layer* held) {
    LayerTraffic read;
    if (layer.draft) return read;
    read.cache = cache_of(layer, shape, filled, value);
    read.state = state_of(layer, shape);
    if (held == nullptr) return read;
    read.dense = held->dense.families;
    for (std::size_t f = 0; f < read.experts.size(); ++f) read.experts[f] = held->experts.families[f] * share;
    read.routed = held->experts.bytes > 0;
    return read;
  };
  struct Seen {
    const Layer* layer;
    const WeightSums::Layer* held;
    std::uint32_t kind;
  };
  std::vector<Seen> seen;  // most layers are as an earlier one
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    const Layer& layer = shape.layers[i];
    const WeightSums::Layer* held = i < weights.layers.size() ? &weights.layer(i) : nullptr;
    if (held != nullptr && !layer.draft)
      traffic.active_weights += held->dense.elements + held->experts.elements * share;
    const auto like = std::find_if(seen.begin(), seen.end(),
                                   [&](const Seen& one) { return one.held == held && *one.layer == layer; });
    if (like != seen.end()) {
      traffic.layers.push_back(like->kind);
      continue;
    }
    const LayerTraffic read = read_of(layer, held);
    const auto known = std::find(traffic.kinds.begin(), traffic.kinds.end(), read);
    const auto kind = static_cast<std::uint32_t>(known - traffic.kinds.begin());
    if (known == traffic.kinds.end()) traffic.kinds.push_back(read);
    traffic.layers.push_back(kind);
    seen.push_back({&layer, held, kind});
  }
  return traffic;
}

}  // namespace jobfit
