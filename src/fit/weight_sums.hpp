// The weights of one build, added up by layer: all that memory and speed ask of them.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "fit/held_matrix.hpp"
#include "fit/mix.hpp"
#include "jobfit/shape.hpp"

namespace jobfit {

/// Types that cost alike to read and unpack.
enum class TypeFamily { f16, q8, q4, k, iq, low_k };
inline constexpr int kTypeFamilies = 6;
TypeFamily type_family(std::string_view ggml_type);

/// Bytes by family.
using FamilyBytes = std::array<double, kTypeFamilies>;
double sum(const FamilyBytes& bytes);

/// Bytes of some tensors, by family too, and how many weights they hold.
struct WeightPart {
  Bytes bytes = 0;
  FamilyBytes families{};
  double elements = 0;
  bool operator==(const WeightPart&) const = default;
};

struct WeightSums {
  struct Layer {
    WeightPart dense, experts;  ///< experts: all of the routed ones
    Bytes dense_anyway = 0, experts_anyway = 0;  ///< of them, what is loaded even of a draft block
    HeldMatrices matrices;
    bool operator==(const Layer&) const = default;
  };
  std::vector<Layer> kinds;           ///< layers with the same weights, once
  std::vector<std::uint32_t> layers;  ///< which of the kinds, by block, draft blocks included
  const Layer& layer(std::size_t block) const { return kinds[layers[block]]; }
  WeightPart embedding;         ///< the token table: looked up, and the output layer where it has none of its own
  WeightPart first;             ///< outside the blocks, and with the first of them wherever it is
  HeldMatrices first_matrices;
  WeightPart output;            ///< whatever else lies outside the blocks and is multiplied
  Bytes lookups = 0;            ///< further tables, of which a token reads a row
  Bytes unnamed = 0;            ///< of a file whose tensors are not known
  bool own_output = false;
  Bytes total_bytes = 0;  ///< loaded or not
};

/// Bytes of the largest that a block has.
Bytes largest_matrix(const WeightSums& weights);

WeightSums sums_of(const Shape& shape, const WeightTable& weights);
WeightSums sums_of(const ModelTensors& tensors, const MixedWeights& weights);

}  // namespace jobfit
