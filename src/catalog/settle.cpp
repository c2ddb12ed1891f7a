// The order of everything: a matter of content, never of which file came first.
#include "catalog/draft.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <unordered_map>

namespace jobfit {
namespace {

auto table_order(const EvidenceTable& table) {
  return std::tie(table.source, table.metric, table.language, table.date, table.reporter, table.id,
                  table.place.line);
}

auto score_order(const Score& score) {
  return std::tie(score.table, score.model, score.setting, score.value);
}

/// Each setting once, and where it stands.
std::map<Setting, std::uint32_t> settle_settings(Draft& draft) {
  std::map<Setting, std::uint32_t> settings;
  for (const DraftScore& score : draft.scores) settings.emplace(score.setting, 0U);
  for (auto& [setting, index] : settings) {
    index = static_cast<std::uint32_t>(draft.catalog.settings.size());
    draft.catalog.settings.push_back(setting);
  }
  return settings;
}

void settle_scores(Draft& draft) {
  Catalog& catalog = draft.catalog;
  std::vector<std::uint32_t> order(draft.tables.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return table_order(draft.tables[a]) < table_order(draft.tables[b]);
  });
  std::vector<std::uint32_t> new_index(order.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    new_index[order[i]] = i;
    catalog.tables.push_back(std::move(draft.tables[order[i]]));
  }
  std::unordered_map<std::string, std::uint32_t> models;
  for (std::uint32_t i = 0; i < catalog.models.size(); ++i) models.emplace(catalog.models[i].id, i);
  const auto settings = settle_settings(draft);
  for (DraftScore& score : draft.scores) {
    const auto model = models.find(score.model);
    if (model == models.end()) continue;  // complained about where it was read
    score.score.model = model->second;
    score.score.table = new_index[score.score.table];
    score.score.setting = settings.at(score.setting);
    catalog.scores.push_back(score.score);
  }
  std::sort(catalog.scores.begin(), catalog.scores.end(),
            [](const Score& a, const Score& b) { return score_order(a) < score_order(b); });
}

Date newest_date(const Catalog& catalog) {
  Date newest;
  for (const Model& model : catalog.models) newest = std::max(newest, model.released);
  for (const EvidenceTable& table : catalog.tables) newest = std::max(newest, table.date);
  return newest;
}

template <typename T>
void sort_by(std::vector<T>& list, std::string T::*field) {
  std::stable_sort(list.begin(), list.end(), [&](const T& a, const T& b) { return a.*field < b.*field; });
}

}  // namespace

void settle(Draft& draft) {
  Catalog& catalog = draft.catalog;
  sort_by(catalog.models, &Model::id);
  sort_by(catalog.metrics, &Metric::id);
  sort_by(catalog.languages, &Language::tag);
  // English first, as the one that serves what another lacks.
  std::stable_sort(catalog.words.begin(), catalog.words.end(), [](const Words& a, const Words& b) {
    return std::make_pair(a.language != "en", a.language) < std::make_pair(b.language != "en", b.language);
  });
  std::stable_sort(catalog.quantizations.begin(), catalog.quantizations.end(),
                   [](const Quantization& a, const Quantization& b) {
                     return std::tie(b.bits_per_weight, a.name) < std::tie(a.bits_per_weight, b.name);
                   });
  std::stable_sort(catalog.questions.list.begin(), catalog.questions.list.end(),
                   [](const Question& a, const Question& b) { return a.gate < b.gate; });
  settle_scores(draft);
  catalog.as_of = newest_date(catalog);
}

}  // namespace jobfit
