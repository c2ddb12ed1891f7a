// The type of each tensor in a quantization mix: what `llama-quantize NAME` makes of a 16-bit file
// when it is given no importance matrix.

#include "fit/mix.hpp"

#include "jobfit/shape.hpp"
#include "jobfit/text.hpp"

#include "fit/ggml_types.hpp"
#include "fit/mix_names.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace jobfit {
namespace {

using Category = TensorTraits::Category;

using Type = const GgmlType*;

/// The types that mixes are made of.
struct Types {
  Type f16 = ggml_type("f16"), f32 = ggml_type("f32"), bf16 = ggml_type("bf16"), mxfp4 = ggml_type("mxfp4"),
       q4_0 = ggml_type("q4_0"), q5_0 = ggml_type("q5_0"), q5_1 = ggml_type("q5_1"), q8_0 = ggml_type("q8_0"),
       q2_K = ggml_type("q2_K"), q3_K = ggml_type("q3_K"), q4_K = ggml_type("q4_K"), q5_K = ggml_type("q5_K"),
       q6_K = ggml_type("q6_K"), iq2_xxs = ggml_type("iq2_xxs"), iq2_s = ggml_type("iq2_s"),
       iq3_xxs = ggml_type("iq3_xxs"), iq3_s = ggml_type("iq3_s"), iq4_nl = ggml_type("iq4_nl"),
       tq1_0 = ggml_type("tq1_0"), q2_0 = ggml_type("q2_0");
};
const Types& types() {
  static const Types kTypes;
  return kTypes;
}

/// The first and last eighth of the layers and every third between carry more bits in the _M mixes.
bool use_more_bits(std::int64_t layer, std::int64_t layers) {
  return layer < layers / 8 || layer >= 7 * layers / 8 || (layer - layers / 8) % 3 == 2;
}

/// Trailing dimensions of one do not count.
std::size_t dimensions_of(const TensorList::Entry& tensor) {
  std::size_t count = tensor.dimensions;
  while (count > 1 && tensor.size[count - 1] == 1) --count;
  return count;
}

/// Counts that the quantizer keeps while it walks the tensors layer by layer.
class MixWalk {
 public:
  MixWalk(const Hparams& h, const Mix& mix, bool tied)
      : h_(h), mix_(std::uint64_t{1} << (&mix - kMixes.data())), type_(ggml_type(mix.type)), tied_(tied) {
    every_stack_ = h.architecture->name != "bailingmoe3";
    const std::int64_t kv = h.kv_heads.empty() ? 0 : h.kv_heads[0];
    groups_ = kv > 0 ? h.heads[0] / kv : 0;
    const std::string_view name = h.architecture->name;
    seventy_ =
        (name == "llama" && h.trunk() == 80 && h.heads[0] != kv) || (name == "qwen2" && h.trunk() == 80);
  }

  void count(Category c) {
    if (c == Category::v || c == Category::qkv || c == Category::kv_b) ++values_;
  }

  Type type(const TensorList::Entry& tensor, std::int64_t layer, Category category) {
    return fallback(choose(tensor, layer, category), tensor.size[0]);
  }

 private:
  bool mix(MixSet names) const { return (names.members & mix_) != 0; }

  Type choose(const TensorList::Entry& tensor, std::int64_t layer, Category c);
  Type value_type();
  Type down_type(std::int64_t layer);
  Type low_bit_type(Category c);

  std::int64_t place(std::int64_t counted, std::int64_t layer) const { return h_.experts > 1 ? layer : counted; }

  Type fallback(Type wanted, std::int64_t columns) const {
    if (columns % wanted->block_values == 0) return wanted;
    Type next = wanted;
    if (wanted->name.starts_with("iq") && wanted->block_values == 256) next = t_.iq4_nl;
    if (wanted == t_.q2_K || wanted == t_.q3_K || wanted == t_.tq1_0 || wanted == t_.q2_0) next = t_.q4_0;
    if (wanted == t_.q4_K) next = t_.q5_0;
    if (wanted == t_.q5_K) next = t_.q5_1;
    if (wanted == t_.q6_K) next = t_.q8_0;
    return columns % next->block_values == 0 ? next : t_.f16;
  }

  const Hparams& h_;
  const Types& t_ = types();
  std::uint64_t mix_;
  Type type_;
  bool tied_ = false, seventy_ = false, every_stack_ = false;
  std::int64_t groups_ = 0, values_ = 0, value_at_ = 0, down_at_ = 0, gate_at_ = 0, up_at_ = 0;
};

Type MixWalk::value_type() {
  const bool grouped = groups_ >= 4;
  Type type = type_;
  if (mix({"Q2_K"}))
    type = grouped ? t_.q4_K : t_.q3_K;
  else if (mix({"Q2_K_S"}) && grouped)
    type = t_.q4_K;
  else if (mix({"IQ3_XXS"}))
    type = grouped ? t_.q4_K : t_.iq3_s;
  else if (mix({"IQ3_XS", "IQ3_S"}) && grouped)
    type = t_.q4_K;
  else if (mix({"IQ3_M"}))
    type = t_.q4_K;
  else if (mix({"Q3_K_M"}))
    type = value_at_ < 2 ? t_.q5_K : t_.q4_K;
  else if (mix({"Q3_K_L"}))
    type = t_.q5_K;
  else if (mix({"IQ4_NL", "IQ4_XS"}) && grouped)
    type = t_.q5_K;
  else if (mix({"Q4_K_M", "Q5_K_M"}) && use_more_bits(value_at_, values_))
    type = t_.q6_K;
  else if (mix({"Q4_K_S"}) && value_at_ < 4)
    type = t_.q5_K;
  if (seventy_ && (type == t_.q3_K || type == t_.q4_K)) type = t_.q5_K;
  if (h_.experts == 8) type = t_.q8_0;
  ++value_at_;
  return type;
}

Type MixWalk::down_type(std::int64_t layer) {
  const std::int64_t layers = h_.blocks;
  const bool early = layer < layers / 8;
  if (mix({"Q2_K"})) return t_.q3_K;
  if (mix({"Q2_K_S"})) return early ? t_.q4_K : type_;
  if (mix({"IQ3_XXS"})) return early ? t_.q4_K : t_.q3_K;
  if (mix({"Q3_K_M"})) return layer < layers / 16 ? t_.q5_K : t_.q4_K;
  if (mix({"IQ3_M"}) && (early || (h_.experts == 8 && use_more_bits(layer, layers)))) return t_.q4_K;
  if (mix({"Q3_K_L"})) return t_.q5_K;
  if (mix({"Q4_K_M", "Q5_K_M"})) return use_more_bits(layer, layers) ? t_.q6_K : type_;
  if (mix({"IQ4_NL", "IQ4_XS", "Q4_K_S"}) && early) return t_.q5_K;
  return type_;
}

/// The one- and two-bit mixes have rules of their own.
Type MixWalk::low_bit_type(Category c) {
  const bool two = mix({"IQ2_S", "IQ2_M"});
  switch (c) {
    case Category::v:
    case Category::qkv:
    case Category::kv_b:
      ++value_at_;
      return groups_ >= 4 || h_.experts >= 4 ? t_.q4_K : two ? t_.iq3_s : t_.q2_K;
    case Category::k:
      return h_.experts == 8 ? t_.q4_K : type_;
    case Category::down: {
      const bool early = down_at_++ < h_.blocks / 8;
      return early ? (two ? t_.iq3_s : t_.q2_K) : type_;
    }
    case Category::attention_output:
      if (h_.experts == 8) return t_.q5_K;
      return mix({"IQ1_S", "IQ1_M"}) ? t_.iq2_xxs : two ? t_.iq3_s : type_;
    default: return type_;
  }
}

Type MixWalk::choose(const TensorList::Entry& tensor, std::int64_t layer, Category c) {
  const bool low = mix({"IQ2_XXS", "IQ2_XS", "IQ1_S", "IQ1_M", "IQ2_S", "IQ2_M"});
  if (c == Category::output || (tied_ && c == Category::token_embedding)) {
    if (mix({"MXFP4"})) return t_.q8_0;
    if (tensor.size[0] % type_->block_values != 0) return t_.q8_0;
    if (low || mix({"IQ3_XXS"})) return t_.q5_K;
    return type_ == t_.q8_0 ? type_ : t_.q6_K;
  }
  // Every stack of matrices, the projections of latent attention too; of Ling 3 only the experts.
  const bool stack = every_stack_ || c == Category::up || c == Category::gate || c == Category::down;
  if (mix({"MXFP4"})) return tensor.size[2] > 1 && stack ? t_.mxfp4 : t_.q8_0;
  if (c == Category::token_embedding) {
    if (mix({"IQ2_XXS", "IQ2_XS", "IQ1_S", "IQ1_M"})) return t_.q2_K;
    if (mix({"IQ2_S", "IQ2_M", "IQ3_XXS"})) return t_.iq3_s;
    if (mix({"TQ1_0", "TQ2_0"})) return t_.q4_K;
    return type_;
  }
  if (low) return low_bit_type(c);
  switch (c) {
    case Category::v:
    case Category::qkv:
    case Category::kv_b: return value_type();
    case Category::k:
    case Category::q:
      if (c == Category::k && h_.experts == 8) return t_.q8_0;
      return mix({"IQ3_XS"}) ? t_.iq3_xxs : mix({"IQ3_XXS"}) ? t_.iq2_s : type_;
    case Category::down:
      return down_type(place(down_at_++, layer));
    case Category::attention_output:
      if (h_.experts == 8) {
        const bool raised = mix({"Q2_K", "IQ3_XS", "IQ3_XXS", "Q3_K_S", "Q3_K_M", "IQ4_NL", "Q4_K_S",
                                 "Q4_K_M", "IQ3_S", "IQ3_M", "IQ4_XS"});
        return raised ? t_.q5_K : type_;
      }
      if (mix({"Q2_K"})) return t_.q3_K;
      if (mix({"IQ3_XXS"})) return t_.iq3_s;
      if (mix({"Q3_K_M", "IQ3_M"})) return t_.q4_K;
      return mix({"Q3_K_L"}) ? t_.q5_K : type_;
    case Category::gate:
    case Category::up: {
      std::int64_t& counted = c == Category::gate ? gate_at_ : up_at_;
      const std::int64_t at = place(counted++, layer), layers = h_.blocks;
      const bool middle = at >= layers / 8 && at < 7 * layers / 8;
      return mix({"IQ3_XS"}) && middle ? t_.iq3_xxs : type_;
    }
    default: return type_;
  }
}

}  // namespace

std::optional<MixedWeights> mix_weights(const Hparams& h, const ModelTensors& tensors,
                                        std::string_view quantization, bool qat) {
  const Mix* mix = find_mix(quantization);
  if (!mix) return std::nullopt;
  const GgmlType* base = ggml_type(mix->type);
  const Type full = types().f32;
  const bool quantized = base->block_values > 1;
  const GgmlType* plain = quantized ? types().bf16 : base;
  // Gemma 3's files trained for Q4_0 keep the embeddings as they were; Gemma 4's are mixed like any other.
  const bool keeps_embedding = qat && quantized && h.architecture->name == "gemma3";
  MixWalk walk(h, *mix, h.tied);
  const TensorList& list = tensors.list;
  list.each([&](std::size_t, std::size_t i, std::int64_t) {
    walk.count(tensors.traits[list.entries[i].name].category);
  });
  MixedWeights weights;
  weights.types.reserve(list.size());
  weights.bytes.reserve(list.size());
  struct Sized {
    const GgmlType* type = nullptr;
    Bytes bytes = 0;
  };
  std::vector<Sized> last(list.entries.size());  // most blocks are as the one before
  list.each([&](std::size_t, std::size_t i, std::int64_t layer) {
    const TensorList::Entry& tensor = list.entries[i];
    const TensorTraits& trait = tensors.traits[tensor.name];
    const bool matrix = dimensions_of(tensor) > 1;
    const GgmlType* type = !matrix || trait.full ? full : plain;
    if (quantized && matrix && trait.quantizes) type = walk.type(tensor, layer, trait.category);
    if (keeps_embedding && trait.category == Category::token_embedding) type = types().f16;
    if (last[i].type != type) last[i] = {type, row_bytes(*type, tensor.size[0]) * tensor.rows()};
    weights.types.push_back(type);
    weights.bytes.push_back(last[i].bytes);
    weights.total_bytes += last[i].bytes;
  });
  return weights;
}

void scale_to(MixedWeights& weights, Bytes target) {
  const double factor = double(target) / double(weights.total_bytes);
  weights.total_bytes = 0;
  for (Bytes& bytes : weights.bytes) weights.total_bytes += bytes = std::llround(double(bytes) * factor);
  weights.scaled = true;
}

WeightTable table_of(const ModelTensors& tensors, const MixedWeights& weights) {
  WeightTable table;
  table.total_bytes = weights.total_bytes;
  table.scaled_to_file = weights.scaled;
  tensors.list.each([&](std::size_t at, std::size_t i, std::int64_t layer) {
    const auto& entry = tensors.list.entries[i];
    table.tensors.push_back({tensors.list.full_name(entry, layer),
                             {entry.size.begin(), entry.size.begin() + entry.dimensions},
                             std::string(weights.types[at]->name),
                             weights.bytes[at]});
  });
  return table;
}

std::optional<WeightTable> weights_from_mix(const Shape& shape, std::string_view quantization, bool qat) {
  const Hparams h = hparams_of(shape);
  const ModelTensors tensors = tensors_of(h);
  const auto weights = mix_weights(h, tensors, quantization, qat);
  if (!weights) return std::nullopt;
  return table_of(tensors, *weights);
}

}  // namespace jobfit
