#include "evidence/observations.hpp"

#include "evidence/spreads.hpp"
#include "evidence/traits.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

namespace jobfit::evidence {
namespace {

/// How raw scores of a metric are laid on a line on which a step means the same everywhere.
enum class Line { logit, logarithm, linear };

Line line_of(const Metric& metric) {
  if (metric.unit == "tokens" || metric.unit == "seconds") return Line::logarithm;
  const bool share = metric.min == 0 && (metric.max == 100 || metric.max == 1) && metric.unit != "Elo";
  return share ? Line::logit : Line::linear;
}

/// The share is kept off the ends: one question of a thousand must not outweigh the rest.
constexpr double kEnd = 0.02;

double on_line(const Metric& metric, double value) {
  const double sign = metric.higher_is_better ? 1 : -1;
  switch (line_of(metric)) {
    case Line::logit: {
      const double share = std::clamp((value - metric.min) / (metric.max - metric.min), kEnd, 1 - kEnd);
      return sign * std::log(share / (1 - share));
    }
    case Line::logarithm:
      return sign * std::log(std::max(value, 1e-9));
    case Line::linear:
      break;
  }
  return sign * value;
}

/// What one standard error of the score is on that line.
double noise_on_line(const Metric& metric, double value, double noise) {
  switch (line_of(metric)) {
    case Line::logit: {
      const double range = metric.max - metric.min;
      const double share = std::clamp((value - metric.min) / range, 2 * kEnd, 1 - 2 * kEnd);
      return noise / range / (share * (1 - share));
    }
    case Line::logarithm:
      return noise / std::max(value, 1e-9);
    case Line::linear:
      break;
  }
  return noise;
}

/// The spread of a metric on its line where its tables are too small to show it.
double usual_spread(const Metric& metric) {
  switch (line_of(metric)) {
    case Line::logit:
      return 0.9;
    case Line::logarithm:
      return 0.6;
    case Line::linear:
      break;
  }
  return (metric.max - metric.min) / 6;
}

/// Where no noise is known: that of 400 questions.
double noise_of(const Metric& metric, const EvidenceTable& table) {
  if (table.noise > 0) return table.noise;
  if (metric.noise > 0) return metric.noise;
  return 0.025 * (metric.max - metric.min);
}

std::uint32_t index_in(const std::vector<std::string>& sorted, std::string_view word) {
  const auto at = std::lower_bound(sorted.begin(), sorted.end(), word);
  if (at == sorted.end() || *at != word) return Coordinates::kNoGroup;
  return static_cast<std::uint32_t>(at - sorted.begin());
}

std::vector<std::string> to_vector(const std::set<std::string>& words) {
  return {words.begin(), words.end()};
}

/// The group whose members lend each other weak evidence: the language family, or the script.
std::string group_name(const Catalog& catalog, const std::string& tag) {
  if (const Language* language = catalog.language(tag)) {
    if (!language->family.empty()) return language->family;
    if (!language->script.empty()) return "script:" + language->script;
  }
  return "alone:" + tag;
}

/// What a score is loaded with: the abilities that its metric measures, by weight.
std::vector<Loading> loadings(const Coordinates& coordinates, const Model& model, const Metric& metric,
                              std::string_view language, std::uint32_t metric_index, double mode) {
  double sum = 0;
  for (const Measure& measure : metric.measures) sum += measure.weight;
  if (sum <= 0) return {};
  double general = 0;
  std::vector<Loading> found;
  for (const Measure& measure : metric.measures) {
    const double weight = measure.weight / sum;
    const KindTraits kind = kind_traits(model.kind, measure.capability);
    general += weight * capability_traits(measure.capability).general * kind.general;
    if (measure.capability == "multilingual") {
      found.push_back({coordinates.multilingual(), weight});
      continue;
    }
    if (measure.capability != "language") {
      const std::uint32_t at = index_in(coordinates.capabilities, measure.capability);
      if (at != Coordinates::kNoGroup) found.push_back({coordinates.capability(at), weight});
      continue;
    }
    const std::uint32_t at = index_in(coordinates.languages, language);
    if (at == Coordinates::kNoGroup) continue;
    found.push_back({coordinates.language(at), weight});
    if (coordinates.group_of[at] == Coordinates::kNoGroup) continue;
    found.push_back({coordinates.multilingual(), weight});
    found.push_back({coordinates.group(coordinates.group_of[at]), weight});
  }
  found.push_back({Coordinates::general(), general});
  found.push_back({coordinates.metric(metric_index), 1});
  if (mode > 0) found.push_back({coordinates.thinking(), -mode});
  std::sort(found.begin(), found.end(),
            [](const Loading& a, const Loading& b) { return a.coordinate < b.coordinate; });
  return found;
}

/// The order in which scores are gone through: their content, never their place in a file.
auto content_key(const Catalog& catalog, const Score& score) {
  const EvidenceTable& table = catalog.tables[score.table];
  const Setting& setting = catalog.settings[score.setting];
  return std::tuple(std::string_view(catalog.models[score.model].id), source_of(table),
                    std::string_view(table.metric), language_of(table), table.date, table.reported_by,
                    std::string_view(table.reporter), std::string_view(setting.mode),
                    std::string_view(setting.quantization), std::string_view(setting.measured), score.value,
                    table.noise);
}

/// Spread of each metric within its tables.
std::vector<double> spreads(const Catalog& catalog, const Observations& observations) {
  struct Sum {
    double squares = 0, freedom = 0;
  };
  std::vector<Sum> sums(observations.coordinates.metrics.size());
  for (const ObservationGroup& group : observations.groups) {
    if (group.observations.size() < 3) continue;
    double mean = 0;
    for (const std::uint32_t i : group.observations) mean += observations.all[i].y;
    mean /= static_cast<double>(group.observations.size());
    for (const std::uint32_t i : group.observations)
      sums[group.metric].squares += (observations.all[i].y - mean) * (observations.all[i].y - mean);
    sums[group.metric].freedom += static_cast<double>(group.observations.size() - 1);
  }
  std::vector<double> found(sums.size(), 1);
  for (std::size_t q = 0; q < sums.size(); ++q) {
    // The usual spread counts as much as five scores.
    constexpr double kPrior = 5;
    const double usual = usual_spread(*catalog.metric(observations.coordinates.metrics[q]));
    found[q] = std::sqrt((sums[q].squares + kPrior * usual * usual) / (sums[q].freedom + kPrior));
  }
  return found;
}

void name_coordinates(const Catalog& catalog, const std::vector<std::uint32_t>& scores, Coordinates& into) {
  std::set<std::string> capabilities, languages, groups, metrics;
  for (const Capability& capability : catalog.capabilities) {
    if (capability.id != "language" && capability.id != "multilingual") capabilities.insert(capability.id);
  }
  for (const std::uint32_t s : scores) {
    const EvidenceTable& table = catalog.tables[catalog.scores[s].table];
    const Metric& metric = *catalog.metric(table.metric);
    metrics.insert(metric.id);
    for (const Measure& measure : metric.measures) {
      if (measure.capability == "language") languages.insert(std::string(language_of(table)));
    }
  }
  for (const std::string& tag : languages) {
    if (tag != "en") groups.insert(group_name(catalog, tag));
  }
  into.capabilities = to_vector(capabilities);
  into.languages = to_vector(languages);
  into.groups = to_vector(groups);
  into.metrics = to_vector(metrics);
  for (const std::string& tag : into.languages) {
    into.group_of.push_back(tag == "en" ? Coordinates::kNoGroup
                                        : index_in(into.groups, group_name(catalog, tag)));
  }
}

}  // namespace

std::string_view source_of(const EvidenceTable& table) {
  const std::string_view id = table.id.empty() ? std::string_view(table.source) : std::string_view(table.id);
  return id.substr(0, id.find('#'));
}

std::string_view language_of(const EvidenceTable& table) {
  return table.language.empty() ? std::string_view("en") : std::string_view(table.language);
}

Observations observe(const Catalog& catalog) {
  Observations found;
  found.models.resize(catalog.models.size());
  std::iota(found.models.begin(), found.models.end(), 0U);
  std::sort(found.models.begin(), found.models.end(),
            [&](std::uint32_t a, std::uint32_t b) { return catalog.models[a].id < catalog.models[b].id; });
  std::vector<std::uint32_t> canonical(found.models.size());
  for (std::size_t i = 0; i < found.models.size(); ++i) {
    canonical[found.models[i]] = static_cast<std::uint32_t>(i);
  }

  std::vector<std::uint32_t> scores;
  for (std::size_t s = 0; s < catalog.scores.size(); ++s) {
    const Score& score = catalog.scores[s];
    const EvidenceTable& table = catalog.tables[score.table];
    if (table.reported_by == ReporterClass::claim) continue;
    const Metric* metric = catalog.metric(table.metric);
    if (metric == nullptr || metric->measures.empty() || !(metric->max > metric->min)) continue;
    scores.push_back(static_cast<std::uint32_t>(s));
  }
  std::sort(scores.begin(), scores.end(), [&](std::uint32_t a, std::uint32_t b) {
    return content_key(catalog, catalog.scores[a]) < content_key(catalog, catalog.scores[b]);
  });
  name_coordinates(catalog, scores, found.coordinates);

  // Scores that share an intercept, in order of source, metric and language.
  using GroupKey = std::tuple<std::string_view, std::string_view, std::string_view>;
  std::map<GroupKey, std::uint32_t> groups;
  for (const std::uint32_t s : scores) {
    const EvidenceTable& table = catalog.tables[catalog.scores[s].table];
    groups.emplace(GroupKey{source_of(table), table.metric, language_of(table)}, 0U);
  }
  for (auto& [key, index] : groups) {
    index = static_cast<std::uint32_t>(found.groups.size());
    found.groups.push_back({index_in(found.coordinates.metrics, std::get<1>(key)), {}});
  }

  found.of_model.resize(found.models.size());
  for (const std::uint32_t s : scores) {
    const Score& score = catalog.scores[s];
    const EvidenceTable& table = catalog.tables[score.table];
    const Metric& metric = *catalog.metric(table.metric);
    Observation observation;
    observation.score = s;
    observation.model = canonical[score.model];
    observation.group = groups.at({source_of(table), table.metric, language_of(table)});
    observation.metric = found.groups[observation.group].metric;
    observation.y = on_line(metric, score.value);
    const auto index = static_cast<std::uint32_t>(found.all.size());
    found.groups[observation.group].observations.push_back(index);
    found.of_model[observation.model].push_back(index);
    found.all.push_back(std::move(observation));
  }

  const std::vector<double> spread = spreads(catalog, found);
  for (Observation& observation : found.all) {
    const Score& score = catalog.scores[observation.score];
    const EvidenceTable& table = catalog.tables[score.table];
    const Metric& metric = *catalog.metric(table.metric);
    const Setting& setting = catalog.settings[score.setting];
    const Model& model = catalog.models[score.model];
    const double scale = spread[observation.metric];
    observation.y /= scale;
    const double noise = noise_on_line(metric, score.value, noise_of(metric, table)) / scale;
    const ReporterTraits reporter = reporter_traits(table.reported_by);
    observation.variance = square(noise) + reporter.variance;
    if (metric.saturates_at > 0) {
      const double beyond = observation.y - on_line(metric, metric.saturates_at) / scale;
      observation.variance += square(std::max(beyond, 0.0));
    }
    // An ability measured only indirectly is measured loosely.
    double directest = 0;
    for (const Measure& measure : metric.measures) directest = std::max(directest, measure.weight);
    observation.variance += square(1 - std::min(directest, 1.0));

    const double mode = mode_distance(model, setting.mode);
    double sum = 0, thinking = 0;
    for (const Measure& measure : metric.measures) {
      sum += measure.weight;
      thinking += measure.weight * capability_traits(measure.capability).thinking;
    }
    observation.offset = reporter.bias - (sum > 0 ? mode * thinking / sum : 0);
    if (setting.mode.empty() && model.thinking == Thinking::optional) observation.variance += 0.04;
    if (const Quantization* quantization = catalog.quantization(setting.quantization)) {
      constexpr double kPointsPerDeviation = 15;
      observation.offset -= quantization->loss / kPointsPerDeviation;
    }
    observation.loadings =
        loadings(found.coordinates, model, metric, language_of(table), observation.metric, mode);
  }
  return found;
}

}  // namespace jobfit::evidence
