#include "evidence/inference.hpp"
#include "evidence/spreads.hpp"
#include "evidence/traits.hpp"

#include <algorithm>

namespace jobfit::evidence {

Estimate ModelPosterior::blend(const std::vector<Loading>& loadings) const {
  Estimate found;
  std::vector<std::pair<std::size_t, double>> joint;
  for (const Loading& loading : loadings) {
    const auto at = std::lower_bound(active.begin(), active.end(), loading.coordinate);
    if (at == active.end() || *at != loading.coordinate) {
      found.mean += loading.weight * prior[loading.coordinate].mean;
      found.variance += square(loading.weight) * prior[loading.coordinate].variance;
      continue;
    }
    const auto place = static_cast<std::size_t>(at - active.begin());
    found.mean += loading.weight * mean[place];
    joint.emplace_back(place, loading.weight);
  }
  for (const auto& [a, weight_a] : joint) {
    for (const auto& [b, weight_b] : joint) found.variance += weight_a * weight_b * covariance.at(a, b);
  }
  return found;
}

std::vector<Loading> rating_loadings(const Coordinates& coordinates, const Model& model,
                                     std::string_view column) {
  constexpr std::string_view kLanguage = "language:";
  std::vector<Loading> found;
  if (column.substr(0, kLanguage.size()) == kLanguage) {
    const double general =
        capability_traits("language").general * kind_traits(model.kind, "language").general;
    found.push_back({Coordinates::general(), general});
    const std::string_view tag = column.substr(kLanguage.size());
    if (tag != "en") found.push_back({coordinates.multilingual(), 1});
    for (std::size_t l = 0; l < coordinates.languages.size(); ++l) {
      if (coordinates.languages[l] != tag) continue;
      if (coordinates.group_of[l] != Coordinates::kNoGroup) {
        found.push_back({coordinates.group(coordinates.group_of[l]), 1});
      }
      found.push_back({coordinates.language(l), 1});
    }
    return found;
  }
  if (column == "multilingual") found.push_back({coordinates.multilingual(), 1});
  found.push_back(
      {Coordinates::general(), capability_traits(column).general * kind_traits(model.kind, column).general});
  for (std::size_t k = 0; k < coordinates.capabilities.size(); ++k) {
    if (coordinates.capabilities[k] == column) found.push_back({coordinates.capability(k), 1});
  }
  return found;
}

std::vector<std::string> rating_columns(const Coordinates& coordinates) {
  std::vector<std::string> found = coordinates.capabilities;
  found.insert(std::upper_bound(found.begin(), found.end(), "multilingual"), "multilingual");
  for (const std::string& tag : coordinates.languages) found.push_back("language:" + tag);
  found.emplace_back(kAnyLanguage);
  return found;
}

}  // namespace jobfit::evidence
