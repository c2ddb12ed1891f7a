#include "evidence/inference.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "evidence/traits.hpp"

namespace jobfit::evidence {
namespace {

// Hyperparameters, in standard deviations of the catalog's models; tuned on held-out
// sources with bench/ratings_holdout.cpp.
constexpr int kRounds = 10;
constexpr double kGeneralSpread = 0.42;    ///< of general ability around what size and age say
constexpr double kMultilingualSpread = 0.35;
constexpr double kGroupSpread = 0.20;      ///< of a language family around multilinguality
constexpr double kLanguageSpread = 0.30;   ///< of a language around its family
constexpr double kMetricSpread = 0.50;     ///< of what one metric sees and no other
constexpr double kThinkingSpread = 0.15;   ///< of what thinking brings one model
constexpr double kTableNoise = 0.30;       ///< of one table against another of the same metric
constexpr double kInterceptSpread = 0.60;  ///< of the intercepts of one metric's tables: harness, split, prompts
constexpr double kSlopeWeight = 12;        ///< scores that the prior slope of 1 is worth
constexpr std::size_t kKinCount = 8;       ///< nearest relatives that are asked

// What size and age say: the log10 of total and of active parameters (against 10e9), the
// square of the first, years since mid 2025, and being closed (size unknown).
constexpr std::size_t kRegressors = 5;
using Regressors = std::array<double, kRegressors>;
constexpr Regressors kPriorCoefficients{0.5, 0.4, 0.0, 0.5, 1.2};
constexpr Regressors kCoefficientSpread{0.4, 0.4, 0.1, 0.3, 0.8};
constexpr double kPriorMultilingualSlope = 0.2, kMultilingualSlopeSpread = 0.2;

double square(double x) { return x * x; }

Regressors regressors(const Model& model) {
  const double years = model.released.known()
                           ? (static_cast<double>(days_since_epoch(model.released)) - 20270.0) / 365.25
                           : 0.0;
  if (model.parameters <= 0) return {0, 0, 0, years, model.open_weights ? 0.0 : 1.0};
  const double active = model.active_parameters > 0 ? model.active_parameters : model.parameters;
  const double total_log = std::log10(model.parameters / 1e10);
  return {total_log, std::log10(active / 1e10), total_log * total_log, years, 0};
}

double dot(const Regressors& a, const Regressors& b) {
  double sum = 0;
  for (std::size_t i = 0; i < kRegressors; ++i) sum += a[i] * b[i];
  return sum;
}

struct Relative {
  std::uint32_t model = 0;
  double kinship = 0;
};

/// The state that the rounds improve.
class Rounds {
 public:
  explicit Rounds(const Catalog& catalog);
  void run();
  Inference take() && { return std::move(result_); }

 private:
  void set_priors();
  void ask_relatives(std::size_t m);
  void solve_model(std::size_t m);
  void estimate_intercepts();
  void estimate_slopes();
  void estimate_coefficients();
  const Model& model(std::size_t m) const { return catalog_.models[result_.observations.models[m]]; }

  const Catalog& catalog_;
  Inference result_;
  std::vector<Regressors> regressors_;                ///< [model]
  std::vector<std::vector<Relative>> relatives_;      ///< [model], nearest first
  std::vector<std::vector<Estimate>> base_;           ///< [model][coordinate]: prior before relatives
  std::vector<std::vector<Estimate>> evidence_;       ///< [model][coordinate]: what its own scores say
  std::vector<Estimate> ability_;                     ///< [observation]
  std::vector<double> own_variance_;                  ///< [observation]: metric's own part, where not a coordinate
  std::vector<Estimate> intercept_;                   ///< [observation]: of its group, without the observation
  Regressors coefficients_ = kPriorCoefficients;
  double multilingual_slope_ = kPriorMultilingualSlope;
};

Rounds::Rounds(const Catalog& catalog) : catalog_(catalog) {
  result_.observations = observe(catalog);
  const Observations& observations = result_.observations;
  const std::size_t count = observations.models.size();
  const std::vector<Kin> kin = kin_of(catalog);
  for (std::size_t m = 0; m < count; ++m) regressors_.push_back(regressors(model(m)));
  result_.models.resize(count);
  result_.kinships.assign(count * count, 1.0);
  relatives_.resize(count);
  for (std::size_t m = 0; m < count; ++m) {
    for (std::size_t j = 0; j < count; ++j) {
      if (j == m) continue;
      const double near = kinship(kin[observations.models[m]], kin[observations.models[j]]);
      result_.kinships[m * count + j] = near;
      if (near >= 0.1) relatives_[m].push_back({static_cast<std::uint32_t>(j), near});
    }
    std::stable_sort(relatives_[m].begin(), relatives_[m].end(),
                     [](const Relative& a, const Relative& b) { return a.kinship > b.kinship; });
  }
  result_.slopes.assign(observations.coordinates.metrics.size(), 1.0);
  result_.metric_spread = kMetricSpread;
  const std::size_t size = observations.coordinates.size();
  base_.assign(count, std::vector<Estimate>(size));
  evidence_.assign(count, std::vector<Estimate>(size, Estimate{0, kNothing}));
  ability_.resize(observations.all.size());
  own_variance_.assign(observations.all.size(), 0.0);
  intercept_.resize(observations.all.size());

  // The coordinates each model's scores touch. A metric's own part is one only where it
  // ties several scores together; elsewhere it is noise.
  for (std::size_t m = 0; m < count; ++m) {
    std::vector<std::uint32_t> seen(observations.coordinates.metrics.size(), 0U);
    for (const std::uint32_t i : observations.of_model[m]) ++seen[observations.all[i].metric];
    std::vector<bool> touched(size, false);
    for (const std::uint32_t i : observations.of_model[m]) {
      const std::uint32_t own = observations.coordinates.metric(observations.all[i].metric);
      const bool alone = seen[observations.all[i].metric] < 2;
      own_variance_[i] = alone ? square(kMetricSpread) : 0;
      for (const Loading& loading : observations.all[i].loadings) {
        if (loading.coordinate != own || !alone) touched[loading.coordinate] = true;
      }
    }
    for (std::size_t c = 0; c < size; ++c) {
      if (touched[c]) result_.models[m].active.push_back(static_cast<std::uint32_t>(c));
    }
  }
}

void Rounds::set_priors() {
  const Coordinates& coordinates = result_.observations.coordinates;
  for (std::size_t m = 0; m < base_.size(); ++m) {
    std::vector<Estimate>& base = base_[m];
    const std::string& kind = model(m).kind;
    base[Coordinates::general()] = {dot(coefficients_, regressors_[m]) + kind_general_shift(kind),
                                    square(kGeneralSpread)};
    for (std::size_t k = 0; k < coordinates.capabilities.size(); ++k) {
      const KindTraits traits = kind_traits(kind, coordinates.capabilities[k]);
      const double spread = capability_traits(coordinates.capabilities[k]).spread * traits.width;
      base[coordinates.capability(k)] = {traits.shift, square(spread)};
    }
    const KindTraits in_languages = kind_traits(kind, "language");
    base[coordinates.multilingual()] = {multilingual_slope_ * regressors_[m][0] + in_languages.shift,
                                        square(kMultilingualSpread * in_languages.width)};
    for (std::size_t g = 0; g < coordinates.groups.size(); ++g) {
      base[coordinates.group(g)] = {0, square(kGroupSpread)};
    }
    for (std::size_t l = 0; l < coordinates.languages.size(); ++l) {
      base[coordinates.language(l)] = {0, square(kLanguageSpread)};
    }
    for (std::size_t q = 0; q < coordinates.metrics.size(); ++q) {
      base[coordinates.metric(q)] = {0, square(kMetricSpread)};
    }
    base[coordinates.thinking()] = {0, square(kThinkingSpread)};
  }
}

/// What relatives showed moves the prior of `m` and narrows it.
void Rounds::ask_relatives(std::size_t m) {
  const Coordinates& coordinates = result_.observations.coordinates;
  std::vector<Estimate>& prior = result_.models[m].prior;
  prior = base_[m];
  const std::size_t borrowed = coordinates.metric(0);  // metrics' own parts are not borrowed
  for (std::size_t c = 0; c < borrowed; ++c) {
    std::vector<Relative> asked;
    for (const Relative& relative : relatives_[m]) {
      if (evidence_[relative.model][c].variance >= kNothing) continue;
      asked.push_back(relative);
      if (asked.size() == kKinCount) break;
    }
    if (asked.empty()) continue;
    SymmetricMatrix covariance(asked.size());
    std::vector<double> deviations(asked.size()), with_m(asked.size());
    for (std::size_t a = 0; a < asked.size(); ++a) {
      const std::uint32_t j = asked[a].model;
      const double spread = std::sqrt(base_[j][c].variance);
      deviations[a] = evidence_[j][c].mean - base_[j][c].mean;
      with_m[a] = asked[a].kinship * spread * std::sqrt(base_[m][c].variance);
      for (std::size_t b = 0; b < a; ++b) {
        covariance.at(a, b) = kinship_of(result_, j, asked[b].model) * spread *
                              std::sqrt(base_[asked[b].model][c].variance);
      }
      covariance.at(a, a) = base_[j][c].variance + evidence_[j][c].variance;
    }
    if (!factorise(covariance)) continue;
    const std::vector<double> weights = solve(covariance, with_m);
    double shift = 0, explained = 0;
    for (std::size_t a = 0; a < asked.size(); ++a) {
      shift += weights[a] * deviations[a];
      explained += weights[a] * with_m[a];
    }
    prior[c].mean += shift;
    prior[c].variance = std::max(prior[c].variance - explained, 0.02 * prior[c].variance);
  }
}

void Rounds::solve_model(std::size_t m) {
  ModelPosterior& posterior = result_.models[m];
  const Observations& observations = result_.observations;
  const std::size_t n = posterior.active.size();
  std::vector<std::uint32_t> place(observations.coordinates.size(), Coordinates::kNoGroup);
  for (std::size_t a = 0; a < n; ++a) place[posterior.active[a]] = static_cast<std::uint32_t>(a);

  SymmetricMatrix precision(n);
  std::vector<double> right(n);
  for (std::size_t a = 0; a < n; ++a) {
    const Estimate& prior = posterior.prior[posterior.active[a]];
    precision.at(a, a) = 1 / prior.variance;
    right[a] = prior.mean / prior.variance;
  }
  for (const std::uint32_t i : observations.of_model[m]) {
    const Observation& observation = observations.all[i];
    const double slope = result_.slopes[observation.metric];
    const double target = (observation.y - intercept_[i].mean) / slope - observation.offset;
    const double variance =
        (observation.variance + square(kTableNoise) + intercept_[i].variance) / square(slope) + own_variance_[i];
    for (const Loading& row : observation.loadings) {
      const std::uint32_t a = place[row.coordinate];
      if (a == Coordinates::kNoGroup) continue;
      right[a] += row.weight * target / variance;
      for (const Loading& column : observation.loadings) {
        const std::uint32_t b = place[column.coordinate];
        if (b <= a) precision.at(a, b) += row.weight * column.weight / variance;
      }
    }
  }
  const bool definite = factorise(precision);
  assert(definite);  // a sum of a positive diagonal and of outer products
  static_cast<void>(definite);
  posterior.mean = solve(precision, std::move(right));
  posterior.covariance = inverse(precision);

  for (std::size_t a = 0; a < n; ++a) {
    const std::uint32_t c = posterior.active[a];
    evidence_[m][c] =
        without_prior({posterior.mean[a], posterior.covariance.at(a, a)}, posterior.prior[c]);
  }
  for (const std::uint32_t i : observations.of_model[m]) {
    std::vector<Loading> known;
    for (const Loading& loading : observations.all[i].loadings) {
      if (place[loading.coordinate] != Coordinates::kNoGroup) known.push_back(loading);
    }
    ability_[i] = posterior.blend(known);
    ability_[i].mean += observations.all[i].offset;
    ability_[i].variance += own_variance_[i];
  }
}

/// The intercept of each score's group as the group's other scores, and the metric's
/// other groups, give it.
void Rounds::estimate_intercepts() {
  const Observations& observations = result_.observations;
  const std::size_t metrics = result_.slopes.size();
  struct Sum {
    double precision = 0, weighted = 0;
  };
  std::vector<Sum> of_group(observations.groups.size()), of_metric(metrics);
  std::vector<double> weight(observations.all.size()), residual(observations.all.size());
  for (std::size_t g = 0; g < observations.groups.size(); ++g) {
    const ObservationGroup& group = observations.groups[g];
    const double slope = result_.slopes[group.metric];
    for (const std::uint32_t i : group.observations) {
      weight[i] = 1 / (observations.all[i].variance + square(kTableNoise) + square(slope) * ability_[i].variance);
      residual[i] = observations.all[i].y - slope * ability_[i].mean;
      of_group[g].precision += weight[i];
      of_group[g].weighted += weight[i] * residual[i];
    }
    const double precision = 1 / (1 / of_group[g].precision + square(kInterceptSpread));
    of_metric[group.metric].precision += precision;
    of_metric[group.metric].weighted += precision * of_group[g].weighted / of_group[g].precision;
  }
  constexpr double kWide = 1.0 / 25;  // nothing is known of a metric's level
  for (std::size_t g = 0; g < observations.groups.size(); ++g) {
    const ObservationGroup& group = observations.groups[g];
    const double own = 1 / (1 / of_group[g].precision + square(kInterceptSpread));
    const double others = std::max(of_metric[group.metric].precision - own, 0.0);
    const double sum =
        others > 1e-9 ? of_metric[group.metric].weighted - own * of_group[g].weighted / of_group[g].precision : 0;
    const double level = sum / (others + kWide);
    const double level_variance = 1 / (others + kWide) + square(kInterceptSpread);
    for (const std::uint32_t i : group.observations) {
      const double rest = std::max(of_group[g].precision - weight[i], 0.0);
      const double rest_sum = rest > 1e-9 ? of_group[g].weighted - weight[i] * residual[i] : 0;
      const double precision = 1 / level_variance + rest;
      intercept_[i] = {(level / level_variance + rest_sum) / precision, 1 / precision};
    }
  }
}

void Rounds::estimate_slopes() {
  const Observations& observations = result_.observations;
  std::vector<double> above(result_.slopes.size(), kSlopeWeight), below(result_.slopes.size(), kSlopeWeight);
  for (const ObservationGroup& group : observations.groups) {
    if (group.observations.size() < 4) continue;
    double weights = 0, mean = 0, mean_y = 0;
    for (const std::uint32_t i : group.observations) {
      const double weight = 1 / (observations.all[i].variance + square(kTableNoise) + square(kMetricSpread));
      weights += weight;
      mean += weight * ability_[i].mean;
      mean_y += weight * observations.all[i].y;
    }
    mean /= weights;
    mean_y /= weights;
    for (const std::uint32_t i : group.observations) {
      const double weight = 1 / (observations.all[i].variance + square(kTableNoise) + square(kMetricSpread));
      const double apart = ability_[i].mean - mean;
      above[group.metric] += weight * apart * (observations.all[i].y - mean_y);
      below[group.metric] += weight * (square(apart) + ability_[i].variance - own_variance_[i]);
    }
  }
  // Slopes and the unit of ability can only be told apart by a convention: the slopes' mean
  // over all scores is 1. Without it the unit creeps from round to round.
  double logarithms = 0;
  for (std::size_t q = 0; q < result_.slopes.size(); ++q) {
    result_.slopes[q] = std::clamp(above[q] / below[q], 0.3, 2.5);
  }
  for (const Observation& observation : observations.all) {
    logarithms += std::log(result_.slopes[observation.metric]);
  }
  if (observations.all.empty()) return;
  const double mean_slope = std::exp(logarithms / static_cast<double>(observations.all.size()));
  for (double& slope : result_.slopes) slope /= mean_slope;
}

void Rounds::estimate_coefficients() {
  const Coordinates& coordinates = result_.observations.coordinates;
  SymmetricMatrix precision(kRegressors);
  std::vector<double> right(kRegressors);
  for (std::size_t r = 0; r < kRegressors; ++r) {
    precision.at(r, r) = 1 / square(kCoefficientSpread[r]);
    right[r] = kPriorCoefficients[r] / square(kCoefficientSpread[r]);
  }
  double slope_precision = 1 / square(kMultilingualSlopeSpread);
  double slope_right = kPriorMultilingualSlope * slope_precision;
  for (std::size_t m = 0; m < base_.size(); ++m) {
    const Estimate& general = evidence_[m][Coordinates::general()];
    if (general.variance < kNothing) {
      const double weight = 1 / (general.variance + square(kGeneralSpread));
      const double target = general.mean - kind_general_shift(model(m).kind);
      for (std::size_t r = 0; r < kRegressors; ++r) {
        right[r] += weight * regressors_[m][r] * target;
        for (std::size_t s = 0; s <= r; ++s) precision.at(r, s) += weight * regressors_[m][r] * regressors_[m][s];
      }
    }
    const Estimate& multilingual = evidence_[m][coordinates.multilingual()];
    if (multilingual.variance < kNothing && model(m).parameters > 0) {
      const double weight = 1 / (multilingual.variance + square(kMultilingualSpread));
      slope_right += weight * regressors_[m][0] * (multilingual.mean - kind_traits(model(m).kind, "language").shift);
      slope_precision += weight * square(regressors_[m][0]);
    }
  }
  if (factorise(precision)) {
    const std::vector<double> found = solve(precision, std::move(right));
    std::copy(found.begin(), found.end(), coefficients_.begin());
  }
  multilingual_slope_ = slope_right / slope_precision;
}

void Rounds::run() {
  const Observations& observations = result_.observations;
  const std::size_t count = observations.models.size();
  set_priors();
  for (std::size_t m = 0; m < count; ++m) {
    result_.models[m].prior = base_[m];
    ModelPosterior start = result_.models[m];
    start.active.clear();
    for (const std::uint32_t i : observations.of_model[m]) {
      ability_[i] = start.blend(observations.all[i].loadings);
      ability_[i].mean += observations.all[i].offset;
    }
  }
  for (int round = 0; round < kRounds; ++round) {
    estimate_intercepts();
    set_priors();
    for (std::size_t m = 0; m < count; ++m) ask_relatives(m);
    for (std::size_t m = 0; m < count; ++m) solve_model(m);
    if (round + 1 == kRounds) break;
    estimate_slopes();
    estimate_coefficients();
  }
}

}  // namespace

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

Inference infer(const Catalog& catalog) {
  Rounds rounds(catalog);
  rounds.run();
  return std::move(rounds).take();
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
  found.push_back({Coordinates::general(),
                   capability_traits(column).general * kind_traits(model.kind, column).general});
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
