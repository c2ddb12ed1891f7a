#include "fit/weight_sums.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <span>
#include <utility>

namespace jobfit {
namespace {

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

/// Adds tensors one by one.
class Adder {
 public:
  void add(const TensorTraits& traits, std::int32_t layer, const GgmlType* type, std::string_view type_name,
           Bytes bytes, const std::array<std::int64_t, 4>& size) {
    const double elements = double(size[0]) * double(size[1] * size[2] * size[3]);
    const auto family = family_of(type, type_name);
    const auto into = [&](WeightPart& part) {
      part.bytes += bytes;
      part.families[family] += double(bytes);
      part.elements += elements;
    };
    counted_ += bytes;
    switch (traits.place) {
      case TensorTraits::Place::embedding: return into(sums_.embedding);
      case TensorTraits::Place::lookup: sums_.lookups += bytes; return;
      case TensorTraits::Place::first_block:
        if (size[1] > 1 && type != nullptr) sums_.first_matrices.push_back({size, type});
        return into(sums_.first);
      case TensorTraits::Place::output:
        sums_.own_output |= traits.own_output;
        return into(sums_.output);
      case TensorTraits::Place::block: break;
    }
    const auto at = static_cast<std::size_t>(layer);
    if (layers_.size() <= at) layers_.resize(at + 1);
    auto& sums = layers_[at];
    into(traits.routed ? sums.experts : sums.dense);
    if (size[1] > 1 && type != nullptr) sums.matrices.push_back({size, type});
    if (traits.loaded_anyway) (traits.routed ? sums.experts_anyway : sums.dense_anyway) += bytes;
  }

  /// One more layer with the same tensors as an earlier one.
  void repeat(std::size_t like, std::span<const Bytes> bytes) {
    layers_.push_back(WeightSums::Layer(layers_[like]));
    counted_ = std::accumulate(bytes.begin(), bytes.end(), counted_);
  }

  WeightSums take(Bytes total) {
    for (const WeightSums::Layer& layer : layers_) {
      const auto known = std::find(sums_.kinds.begin(), sums_.kinds.end(), layer);
      sums_.layers.push_back(static_cast<std::uint32_t>(known - sums_.kinds.begin()));
      if (known == sums_.kinds.end()) sums_.kinds.push_back(layer);
    }
    sums_.total_bytes = total;
    sums_.unnamed = std::max<Bytes>(total - counted_, 0);
    return std::move(sums_);
  }

 private:
  /// A file has a handful of types for its hundreds of tensors: a known one's name is not read again.
  std::size_t family_of(const GgmlType* type, std::string_view name) {
    for (const auto& [known, family] : families_)
      if (known == type) return family;
    const auto family = static_cast<std::size_t>(type_family(name));
    if (type != nullptr) families_.emplace_back(type, family);
    return family;
  }

  WeightSums sums_;
  std::vector<WeightSums::Layer> layers_;
  std::vector<std::pair<const GgmlType*, std::size_t>> families_;
  Bytes counted_ = 0;
};

/// Layer and bare name of "blk.17.attn_q.weight"; -1 for a tensor outside the blocks.
std::int32_t split_name(std::string_view& name) {
  if (!name.starts_with("blk.")) return -1;
  std::int32_t layer = -1;
  const auto* first = name.data() + 4;
  const auto [end, error] = std::from_chars(first, name.data() + name.size(), layer);
  constexpr std::int32_t kMostLayers = 1 << 16;
  if (error != std::errc() || layer < 0 || layer >= kMostLayers || end == name.data() + name.size()) return -1;
  name.remove_prefix(static_cast<std::size_t>(end - name.data()) + 1);
  return layer;
}

}  // namespace

TypeFamily type_family(std::string_view type) {
  if (type.substr(0, 2) == "iq") return TypeFamily::iq;
  if (type == "q8_0" || type == "fp8") return TypeFamily::q8;
  if (type == "q2_K" || type == "q3_K") return TypeFamily::low_k;
  if (ends_with(type, "_K") || ends_with(type, "_k")) return TypeFamily::k;
  if (type == "f16" || type == "bf16" || type == "f32") return TypeFamily::f16;
  return TypeFamily::q4;
}

double sum(const FamilyBytes& bytes) { return std::accumulate(bytes.begin(), bytes.end(), 0.0); }

Bytes largest_matrix(const WeightSums& weights) {
  Bytes largest = 0;
  for (const auto& kind : weights.kinds)
    for (const HeldMatrix& matrix : kind.matrices)
      largest = std::max(largest, row_bytes(*matrix.type, matrix.size[0]) * matrix.size[1] * matrix.size[2] *
                                      matrix.size[3]);
  return largest;
}

WeightSums sums_of(const Shape& shape, const WeightTable& weights) {
  Adder adder;
  for (const Tensor& tensor : weights.tensors) {
    std::string_view name = tensor.name;
    const std::int32_t layer = split_name(name);
    std::array<std::int64_t, 4> size{1, 1, 1, 1};
    for (std::size_t i = 0; i < tensor.dimensions.size(); ++i)
      size[std::min<std::size_t>(i, 3)] *= tensor.dimensions[i];
    adder.add(traits_of(name, layer >= 0, shape.architecture), layer, ggml_type(tensor.type), tensor.type,
              tensor.bytes, size);
  }
  return adder.take(weights.total_bytes);
}

WeightSums sums_of(const ModelTensors& tensors, const MixedWeights& weights) {
  const TensorList& list = tensors.list;
  Adder adder;
  std::size_t at = 0;
  const auto add = [&](const TensorList::Range& range, std::int32_t layer) {
    for (std::size_t i = range.first; i < range.first + range.count; ++i, ++at) {
      const auto& entry = list.entries[i];
      adder.add(tensors.traits[entry.name], layer, weights.types[at], weights.types[at]->name,
                weights.bytes[at], entry.size);
    }
  };
  add(list.outside, -1);
  const auto types = [&](std::size_t first, std::size_t count) {
    return std::span(weights.types).subspan(first, count);
  };
  const auto bytes = [&](std::size_t first, std::size_t count) {
    return std::span(weights.bytes).subspan(first, count);
  };
  struct Added {
    TensorList::Range range;
    std::size_t first, block;
  };
  std::vector<Added> added;  // most blocks are as an earlier one
  for (std::size_t block = 0; block < list.blocks.size(); ++block) {
    const TensorList::Range& range = list.blocks[block];
    const auto here_types = types(at, range.count);
    const auto here_bytes = bytes(at, range.count);
    const auto like = std::find_if(added.begin(), added.end(), [&](const Added& one) {
      return one.range == range && std::ranges::equal(here_types, types(one.first, range.count)) &&
             std::ranges::equal(here_bytes, bytes(one.first, range.count));
    });
    if (like != added.end()) {
      adder.repeat(like->block, here_bytes);
      at += range.count;
    } else {
      added.push_back({range, at, block});
      add(range, static_cast<std::int32_t>(block));
    }
  }
  return adder.take(weights.total_bytes);
}

}  // namespace jobfit
