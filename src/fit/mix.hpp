// Which type the quantizer gives each tensor, from what its name says.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "fit/ggml_types.hpp"
#include "fit/inventory.hpp"

namespace jobfit {

/// What a tensor's name says of it.
struct TensorTraits {
  enum class Category { output, token_embedding, qkv, kv_b, v, k, q, attention_output, up, gate, down, other };
  enum class Place { block, first_block, embedding, lookup, output };  ///< with which it lies
  Category category = Category::other;
  Place place = Place::block;
  bool own_output = false;     ///< the output projection itself
  bool routed = false;         ///< a routed expert: --n-cpu-moe leaves it in RAM, a token reads only some
  bool quantizes = false;      ///< as a matrix, the quantizer takes it
  bool full = false;           ///< stays F32 in a 16-bit file even as a matrix
  bool loaded_anyway = false;  ///< in a draft block, and loaded without being asked for
};
/// `name` with or without "blk.N."; `block`: it had one.
TensorTraits traits_of(std::string_view name, bool block, std::string_view architecture);

/// A model's tensors, read from its shape once for all of its builds.
struct ModelTensors {
  TensorList list;
  std::vector<TensorTraits> traits;  ///< by name
};
ModelTensors tensors_of(const Hparams& h);

/// One type and size for each of the model's tensors, in the order of TensorList::each.
struct MixedWeights {
  std::vector<const GgmlType*> types;
  std::vector<Bytes> bytes;
  Bytes total_bytes = 0;
  bool scaled = false;  ///< to a published file's size
};
/// As the quantizer chooses; nullopt: not a mix we know.
std::optional<MixedWeights> mix_weights(const Hparams& h, const ModelTensors& tensors,
                                        std::string_view quantization, bool qat);
/// Every tensor times `target` over the total, in whole bytes.
void scale_to(MixedWeights& weights, Bytes target);

WeightTable table_of(const ModelTensors& tensors, const MixedWeights& weights);

}  // namespace jobfit
