// The parts of a model that are maps or lists of their own. Each leaves alone what it does not name.
#pragma once

#include "jobfit/catalog.hpp"

#include "catalog/reader.hpp"

#include <vector>

namespace jobfit {

void read_license(Map& model, License& license);
void read_context(Map& model, Context& context);
void read_language_claims(Map& model, const Catalog& catalog, LanguageClaims& claims);
void read_projector(Map& model, Model& into);
void read_builds(Map& model, std::vector<Build>& builds);
void read_hosting(Map& model, std::vector<Hosting>& hosting);
/// GGUF metadata keys and their values.
void read_shape(Map& model, Hyperparameters& shape);

}  // namespace jobfit
