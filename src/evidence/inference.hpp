// The factor model and its solution. See README.md for the model in words.
#pragma once

#include "jobfit/catalog.hpp"

#include "evidence/gaussian.hpp"
#include "evidence/kinship.hpp"
#include "evidence/observations.hpp"

#include <cstdint>
#include <vector>

namespace jobfit::evidence {

/// What is known of one model: its coordinates that some score touches (all of them
/// jointly), and the prior of every coordinate, which holds for the rest.
struct ModelPosterior {
  std::vector<std::uint32_t> active;  ///< coordinates with evidence, ascending
  std::vector<double> mean;           ///< of the active ones
  SymmetricMatrix covariance{0};      ///< of the active ones
  std::vector<Estimate> prior;        ///< of every coordinate, siblings included

  /// Mean and variance of a weighted sum of coordinates.
  Estimate blend(const std::vector<Loading>& loadings) const;
};

struct Inference {
  Observations observations;
  std::vector<double> kinships;        ///< [canonical model * models + canonical model]
  std::vector<ModelPosterior> models;  ///< [canonical model]
  std::vector<double> slopes;          ///< [metric] standardised score per unit of ability
  double metric_spread = 0;            ///< what one metric sees that no ability explains, in abilities' units
};

/// Kinship of two models by their canonical place.
inline double kinship_of(const Inference& inference, std::size_t a, std::size_t b) {
  return inference.kinships[a * inference.models.size() + b];
}

Inference infer(const Catalog& catalog);

/// Loadings of the rating of one capability (or "language:TAG", or "language:*") for a model.
std::vector<Loading> rating_loadings(const Coordinates& coordinates, const Model& model,
                                     std::string_view column);

/// Columns of the ratings: capabilities, then "language:TAG", then "language:*" for a
/// language in which nothing was measured.
std::vector<std::string> rating_columns(const Coordinates& coordinates);
inline constexpr std::string_view kAnyLanguage = "language:*";

}  // namespace jobfit::evidence
