// From the catalog's scores to standardised observations: one sign, one scale, one
// order, whatever order the files came in.
#pragma once

#include "jobfit/catalog.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit::evidence {

/// The coordinates that make up a model, in one numbering for all models:
/// general | one per capability | multilinguality | one per language group |
/// one per language | one per metric (what a metric sees that no ability explains) | thinking gain.
struct Coordinates {
  std::vector<std::string> capabilities;  ///< without "language" and "multilingual"; sorted
  std::vector<std::string> languages;     ///< with a record; sorted; "en" among them if anything is
  std::vector<std::string> groups;        ///< language groups, sorted
  std::vector<std::uint32_t> group_of;    ///< [language] → group, or kNoGroup ("en")
  std::vector<std::string> metrics;       ///< sorted ids

  static constexpr std::uint32_t kNoGroup = 0xffffffff;
  static constexpr std::uint32_t general() { return 0; }
  std::uint32_t capability(std::size_t i) const { return static_cast<std::uint32_t>(1 + i); }
  std::uint32_t multilingual() const { return static_cast<std::uint32_t>(1 + capabilities.size()); }
  std::uint32_t group(std::size_t i) const { return static_cast<std::uint32_t>(multilingual() + 1 + i); }
  std::uint32_t language(std::size_t i) const { return static_cast<std::uint32_t>(group(groups.size()) + i); }
  std::uint32_t metric(std::size_t i) const {
    return static_cast<std::uint32_t>(language(languages.size()) + i);
  }
  std::uint32_t thinking() const { return metric(metrics.size()); }
  std::size_t size() const { return thinking() + 1; }
};

struct Loading {
  std::uint32_t coordinate = 0;
  double weight = 0;
};

/// One score, standardised. Higher is better; one unit is one standard deviation
/// among the models of the metric's tables.
struct Observation {
  std::uint32_t score = 0;   ///< index into Catalog::scores
  std::uint32_t model = 0;   ///< in canonical order
  std::uint32_t group = 0;   ///< scores that share an intercept: one source, metric and language
  std::uint32_t metric = 0;  ///< in Coordinates::metrics
  double y = 0;
  double variance = 0;  ///< of the instrument and of the reporter
  double offset = 0;    ///< known beforehand: thinking switched off, quantization, reporter's bias
  std::vector<Loading> loadings;
};

struct ObservationGroup {
  std::uint32_t metric = 0;
  std::vector<std::uint32_t> observations;
};

struct Observations {
  Coordinates coordinates;
  std::vector<std::uint32_t> models;  ///< canonical order → index into Catalog::models
  std::vector<Observation> all;       ///< in canonical order
  std::vector<ObservationGroup> groups;
  std::vector<std::vector<std::uint32_t>> of_model;  ///< [canonical model] → indexes into `all`
};

/// Claims are left out: they lift a gate and add no score.
Observations observe(const Catalog& catalog);

/// The source a table belongs to: its id without "#n". Tables of one source, metric
/// and language compare with each other, whoever reported the single rows.
std::string_view source_of(const EvidenceTable& table);

/// The language of a table: "en" where none is named.
std::string_view language_of(const EvidenceTable& table);

/// A weight above this makes a score of the metric a measurement of the capability.
inline constexpr double kDirect = 0.5;

}  // namespace jobfit::evidence
