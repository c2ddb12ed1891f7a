// What size, age and kind say of a model before its scores and its relatives are asked.
#pragma once

#include "jobfit/catalog.hpp"

#include "evidence/gaussian.hpp"
#include "evidence/observations.hpp"

#include <vector>

namespace jobfit::evidence {

/// How general ability and multilinguality go with size and age. Fitted to the catalog,
/// held back by what is usual.
struct SizeAndAge {
  SizeAndAge();
  std::vector<double> general, multilingual;  ///< coefficients
};

/// The prior of every coordinate of `model`.
std::vector<Estimate> prior_of(const Coordinates& coordinates, const Model& model, const SizeAndAge& fitted);

/// One model's own evidence on the two abilities that size and age are asked about.
struct OwnEvidence {
  const Model* model = nullptr;
  Estimate general, multilingual;
};
SizeAndAge fit_size_and_age(const std::vector<OwnEvidence>& models);

}  // namespace jobfit::evidence
