// Catalogs small enough to see through, built in code.
#pragma once

#include "jobfit/catalog.hpp"
#include "jobfit/evidence.hpp"

#include <string>
#include <vector>

namespace jobfit::test {

inline Model model(std::string id, double parameters, std::string family = "") {
  Model found;
  found.id = id;
  found.name = id;
  found.huggingface = "maker/" + id;
  found.family = family.empty() ? id : std::move(family);
  found.maker = found.family;
  found.parameters = found.active_parameters = parameters;
  found.released = {2026, 1, 1};
  found.inputs = {"text", "image"};
  found.thinking = Thinking::none;
  found.languages.source = "card";
  return found;
}

inline Metric metric(std::string id, std::vector<Measure> measures, double noise = 2) {
  Metric found;
  found.id = found.name = std::move(id);
  found.unit = "%";
  found.noise = noise;
  found.measures = std::move(measures);
  return found;
}

/// Eight models of 1 to 30 billion parameters, none of them kin, and the usual capabilities.
inline Catalog small_catalog() {
  Catalog catalog;
  for (const char* id : {"code", "persona", "reasoning", "knowledge", "faithfulness", "vision", "completion",
                         "language", "multilingual"}) {
    catalog.capabilities.push_back({id, id});
  }
  const double sizes[] = {1e9, 2e9, 4e9, 8e9, 8e9, 14e9, 27e9, 30e9};
  const char* names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  for (int i = 0; i < 8; ++i) catalog.models.push_back(model(names[i], sizes[i]));
  catalog.metrics.push_back(metric("coding", {{"code", 1}}));
  catalog.metrics.push_back(metric("thinking", {{"reasoning", 1}}));
  catalog.metrics.push_back(metric("roleplay", {{"persona", 1}}));
  catalog.metrics.push_back(metric("exam", {{"language", 1}, {"knowledge", 0.5}}));
  const auto language = [](const char* tag, const char* family, std::vector<std::string> related) {
    Language found;
    found.tag = tag;
    found.family = family;
    found.related = std::move(related);
    return found;
  };
  catalog.languages = {language("en", "Germanic", {}),         language("th", "Tai-Kadai", {"lo"}),
                       language("lo", "Tai-Kadai", {"th"}),    language("pt", "Romance", {}),
                       language("zh", "Sinitic", {"zh-Hant"}), language("zh-Hant", "Sinitic", {"zh"})};
  return catalog;
}

inline std::size_t index_of(const Catalog& catalog, std::string_view id) {
  for (std::size_t i = 0; i < catalog.models.size(); ++i) {
    if (catalog.models[i].id == id) return i;
  }
  return catalog.models.size();
}

inline std::uint32_t add_setting(Catalog& catalog, Setting setting) {
  catalog.settings.push_back(std::move(setting));
  return static_cast<std::uint32_t>(catalog.settings.size() - 1);
}

struct Row {
  std::string model;
  double score = 0;
  std::string mode;
};

/// Adds one table; its id is the source's name, so that tables of one source share it.
inline void add_table(Catalog& catalog, const std::string& source, const std::string& metric,
                      const std::vector<Row>& rows, ReporterClass reporter = ReporterClass::third_party,
                      const std::string& language = "", Date date = {2026, 6, 1}) {
  EvidenceTable table;
  table.id = source + "#" + std::to_string(catalog.tables.size() + 1);
  table.source = "https://example.org/" + source;
  table.reporter = source;
  table.reported_by = reporter;
  table.metric = metric;
  table.language = language;
  table.date = date;
  for (const Row& row : rows) {
    Score score;
    score.table = static_cast<std::uint32_t>(catalog.tables.size());
    score.model = static_cast<std::uint32_t>(index_of(catalog, row.model));
    score.value = row.score;
    score.setting = add_setting(catalog, {row.mode, "", ""});
    catalog.scores.push_back(score);
  }
  catalog.tables.push_back(table);
}

inline Rating rating(const Catalog& catalog, const Ratings& ratings, std::string_view model,
                     std::string_view capability) {
  const Rating* found = ratings.find(index_of(catalog, model), capability);
  return found != nullptr ? *found : Rating{};
}

inline double width(const Rating& rating) { return rating.high - rating.low; }

/// A table in which bigger is better, so that there is something to learn a scale from.
inline void add_ladder(Catalog& catalog, const std::string& source, const std::string& metric) {
  add_table(catalog, source, metric,
            {{"a", 20, ""},
             {"b", 30, ""},
             {"c", 40, ""},
             {"d", 50, ""},
             {"e", 52, ""},
             {"f", 60, ""},
             {"g", 70, ""}});
}

}  // namespace jobfit::test
