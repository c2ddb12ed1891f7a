#include "jobfit/evidence.hpp"

#include "evidence/inference.hpp"
#include "evidence/traits.hpp"

#include <algorithm>
#include <cmath>

namespace jobfit {
namespace {

using namespace evidence;

constexpr double kPointsPerDeviation = 15;
constexpr double kEightyPercent = 1.2816;  ///< standard deviations either side that hold 80 %
/// What the next independent test of an ability would add by its own nature, in standard
/// deviations: the bars are for that test, since the user's job is one.
constexpr double kNextTest = 0.20;
/// Tests of one language agree less than those of one ability: reading, exams and grammar are three things.
constexpr double kNextLanguageTest = 0.6;
/// A language nobody measured strays from a model's other languages by this much more.
constexpr double kUnseenLanguage = 1.4;

constexpr std::string_view kLanguagePrefix = "language:";

/// Two decimals, as the compiled form keeps them, so that both give the same advice.
double to_hundredths(double points) { return std::round(std::clamp(points, 0.0, 100.0) * 100) / 100; }

/// Where 50 points lie and what one standard deviation is, of one column.
struct Scale {
  double middle = 0;
  double deviation = 1;
};

Scale scale_of(const Catalog& catalog, const std::vector<Estimate>& estimates,
               const std::vector<std::uint32_t>& models) {
  std::vector<double> means;
  double uncertainty = 0;
  for (std::size_t m = 0; m < estimates.size(); ++m) {
    const Model& model = catalog.models[models[m]];
    if (!model.open_weights || model.kind != "general") continue;
    means.push_back(estimates[m].mean);
    uncertainty += estimates[m].variance;
  }
  if (means.size() < 2) return {means.empty() ? 0 : means.front(), 1};
  const auto count = static_cast<double>(means.size());
  double mean = 0, squares = 0;
  for (const double value : means) mean += value / count;
  for (const double value : means) squares += (value - mean) * (value - mean);
  std::sort(means.begin(), means.end());
  // The abilities themselves spread wider than the guesses at them.
  const double deviation = std::sqrt(squares / (count - 1) + uncertainty / count);
  return {(means[(means.size() - 1) / 2] + means[means.size() / 2]) / 2, std::max(deviation, 0.3)};
}

bool measures(const Catalog& catalog, const EvidenceTable& table, std::string_view column) {
  const Metric* metric = catalog.metric(table.metric);
  if (metric == nullptr) return false;
  const bool language = column.starts_with(kLanguagePrefix);
  if (language && column.substr(kLanguagePrefix.size()) != language_of(table)) return false;
  const std::string_view wanted = language ? "language" : column;
  return std::any_of(metric->measures.begin(), metric->measures.end(), [&](const Measure& measure) {
    return measure.capability == wanted && measure.weight >= kDirect;
  });
}

/// Which scores measure which column, for every model in canonical order.
std::vector<std::vector<std::vector<std::uint32_t>>> direct_scores(const Catalog& catalog,
                                                                   const Inference& inference,
                                                                   const std::vector<std::string>& columns) {
  std::vector<std::vector<std::size_t>> of_table(catalog.tables.size());
  for (std::size_t t = 0; t < catalog.tables.size(); ++t) {
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (measures(catalog, catalog.tables[t], columns[c])) of_table[t].push_back(c);
    }
  }
  std::vector<std::vector<std::vector<std::uint32_t>>> found(
      inference.models.size(), std::vector<std::vector<std::uint32_t>>(columns.size()));
  for (const Observation& observation : inference.observations.all) {
    for (const std::size_t c : of_table[catalog.scores[observation.score].table]) {
      found[observation.model][c].push_back(observation.score);
    }
  }
  for (auto& row : found) {
    for (auto& scores : row) std::sort(scores.begin(), scores.end());
  }
  return found;
}

/// The nearest relative with a measurement of the column: its kinship and place.
struct NearestRelative {
  double kinship = 0;
  std::size_t model = 0;
};

}  // namespace

Ratings::Ratings(std::vector<std::string> capabilities, std::size_t models)
    : capabilities_(std::move(capabilities)), models_(models), columns_(capabilities_.size()) {}

std::optional<std::size_t> Ratings::column(std::string_view capability) const {
  // Asked for every model at every gate: most columns are languages that begin alike, so they are told by their ends.
  const auto at = std::find_if(capabilities_.begin(), capabilities_.end(), [&](const std::string& column) {
    return column.size() == capability.size() && !column.empty() && column.back() == capability.back() &&
           column == capability;
  });
  if (at == capabilities_.end()) return std::nullopt;
  return static_cast<std::size_t>(at - capabilities_.begin());
}

const Rating* Ratings::find(std::size_t model, std::string_view capability) const {
  const auto at = column(capability);
  return model < models_ && at ? &this->at(model, *at) : nullptr;
}

Ratings rate(const Catalog& catalog) {
  const Inference inference = infer(catalog);
  const Coordinates& coordinates = inference.observations.coordinates;
  const std::vector<std::uint32_t>& models = inference.observations.models;
  Ratings ratings(rating_columns(coordinates), catalog.models.size());
  const auto direct = direct_scores(catalog, inference, ratings.capabilities());

  for (std::size_t c = 0; c < ratings.capabilities().size(); ++c) {
    const std::string& column = ratings.capabilities()[c];
    std::vector<Estimate> estimates(models.size());
    for (std::size_t m = 0; m < models.size(); ++m) {
      estimates[m] =
          inference.models[m].blend(rating_loadings(coordinates, catalog.models[models[m]], column));
      if (column == kAnyLanguage) estimates[m].variance += kUnseenLanguage * kUnseenLanguage;
    }
    const Scale scale = scale_of(catalog, estimates, models);
    const double next = column.starts_with(kLanguagePrefix) ? kNextLanguageTest : kNextTest;
    for (std::size_t m = 0; m < models.size(); ++m) {
      Rating& rating = ratings.at(models[m], c);
      if (incapable(catalog.models[models[m]], column)) {
        rating = {0, 0, 0, Basis::none, {}, 0};
        continue;
      }
      const double value = 50 + kPointsPerDeviation * (estimates[m].mean - scale.middle) / scale.deviation;
      const double bar = kEightyPercent * kPointsPerDeviation *
                         std::sqrt(estimates[m].variance + next * next) / scale.deviation;
      rating.value = to_hundredths(value);
      rating.low = to_hundredths(value - bar);
      rating.high = to_hundredths(value + bar);
      rating.basis = Basis::predicted;
      if (!direct[m][c].empty()) {
        rating.basis = Basis::measured;
        rating.scores = direct[m][c];
        continue;
      }
      NearestRelative nearest;
      for (std::size_t j = 0; j < models.size(); ++j) {
        if (j == m || direct[j][c].empty()) continue;
        const double kinship = kinship_of(inference, m, j);
        if (kinship > nearest.kinship) nearest = {kinship, j};
      }
      if (nearest.kinship >= kFamily) {
        rating.basis = nearest.kinship >= kSibling ? Basis::sibling : Basis::family;
        rating.from_model = models[nearest.model];
        if (rating.basis == Basis::sibling) rating.scores = direct[nearest.model][c];
      }
    }
  }
  return ratings;
}

}  // namespace jobfit
