#include "fit/speed_traffic.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace jobfit {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

double elements(const Tensor& tensor) {
  double count = 1;
  for (const auto dimension : tensor.dimensions) count *= static_cast<double>(dimension);
  return count;
}

/// Bytes of one cached value.
double cache_bytes_per_value(std::string_view type) {
  const auto block = ggml_bytes(type, 32);
  return block ? static_cast<double>(*block) / 32 : 2;
}

double cache_of(const Layer& layer, const Shape& shape, std::int64_t filled, std::string_view type) {
  const double value = cache_bytes_per_value(type);
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

TypeFamily type_family(std::string_view type) {
  if (type.substr(0, 2) == "iq") return TypeFamily::iq;
  if (type == "q8_0" || type == "fp8") return TypeFamily::q8;
  if (ends_with(type, "_K") || ends_with(type, "_k")) return TypeFamily::k;
  if (type == "f16" || type == "bf16" || type == "f32") return TypeFamily::f16;
  return TypeFamily::q4;
}

double sum(const FamilyBytes& bytes) { return std::accumulate(bytes.begin(), bytes.end(), 0.0); }

int layer_of_tensor(std::string_view name) {
  if (name.substr(0, 4) != "blk.") return -1;
  int layer = -1;
  const auto* first = name.data() + 4;
  const auto [end, error] = std::from_chars(first, name.data() + name.size(), layer);
  return error == std::errc() && end != first ? layer : -1;
}

std::int64_t typical_fill(std::int64_t context) { return std::max<std::int64_t>(context / 8, 0); }

Traffic token_traffic(const Shape& shape, const WeightTable& weights, std::int64_t filled,
                      std::string_view cache_type) {
  Traffic traffic;
  traffic.layers.resize(shape.layers.size());
  const bool own_head = std::any_of(weights.tensors.begin(), weights.tensors.end(),
                                    [](const Tensor& tensor) { return tensor.name == "output.weight"; });
  for (const auto& tensor : weights.tensors) {
    const auto family = static_cast<std::size_t>(type_family(tensor.type));
    const auto bytes = static_cast<double>(tensor.bytes);
    const int layer = layer_of_tensor(tensor.name);
    if (layer < 0) {
      // Embeddings are looked up, a row per token, unless the table is also the output projection.
      if (contains(tensor.name, "per_layer_token_embd")) continue;
      if (tensor.name == "token_embd.weight" && own_head) continue;
      traffic.head[family] += bytes;
      traffic.active_weights += elements(tensor);
      continue;
    }
    if (layer >= static_cast<int>(shape.layers.size()) || shape.layers[static_cast<std::size_t>(layer)].draft)
      continue;
    auto& read = traffic.layers[static_cast<std::size_t>(layer)];
    if (contains(tensor.name, "_exps.") && shape.experts.count > 0) {
      const double share = double(shape.experts.used) / shape.experts.count;
      read.experts[family] += bytes * share;
      read.routed = true;
      traffic.active_weights += elements(tensor) * share;
    } else {
      read.dense[family] += bytes;
      traffic.active_weights += elements(tensor);
    }
  }
  for (std::size_t i = 0; i < shape.layers.size(); ++i) {
    if (shape.layers[i].draft) continue;
    traffic.layers[i].cache = cache_of(shape.layers[i], shape, filled, cache_type);
    traffic.layers[i].state = state_of(shape.layers[i], shape);
  }
  return traffic;
}

}  // namespace jobfit
