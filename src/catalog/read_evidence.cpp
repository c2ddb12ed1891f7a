// data/evidence: what was measured, table by table.
#include "catalog/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

constexpr std::string_view kClasses[] = {"third-party", "maker", "competitor", "aggregator", "claim"};
constexpr std::string_view kModes[] = {"thinking",      "no-thinking", "effort-minimal", "effort-low",
                                       "effort-medium", "effort-high", "effort-xhigh",   "effort-max"};

std::string join(std::initializer_list<std::string_view> parts) {
  std::string joined;
  for (const std::string_view part : parts) joined.append(part).push_back('\n');
  return joined;
}

std::string table_key(const EvidenceTable& table) {
  return join({table.source, table.reporter, table.metric, table.language, format_date(table.date)});
}

std::string score_key(const EvidenceTable& table, const DraftScore& score) {
  return table_key(table) +
         join({score.model, score.setting.measured, score.setting.mode, score.setting.quantization});
}

/// Laid over a base: the table of the base that these scores belong to.
std::size_t table_index(Draft& draft, const EvidenceTable& table) {
  if (const auto known = draft.base_tables.find(table_key(table)); known != draft.base_tables.end()) {
    EvidenceTable& base = draft.tables[known->second];
    if (table.noise > 0) base.noise = table.noise;
    if (!table.note.empty()) base.note = table.note;
    return known->second;
  }
  draft.tables.push_back(table);
  return draft.tables.size() - 1;
}

/// The value, if it lies on the metric's scale.
std::optional<double> read_score_value(const Value& at, const Metric* metric) {
  const auto number = read_number(at, -kAnyNumber, kAnyNumber);
  if (!number || metric == nullptr) return number;
  if (*number >= metric->min && *number <= metric->max) return number;
  at.complain(fmt::format("{} is outside the scale of '{}', {} to {}", at.tree().text, metric->id,
                          metric->min, metric->max));
  return std::nullopt;
}

void add_score(Draft& draft, DraftScore score, const Value& entry) {
  const EvidenceTable& table = draft.tables[score.score.table];
  const auto [known, inserted] = draft.score_keys.emplace(score_key(table, score), draft.scores.size());
  if (inserted) {
    draft.scores.push_back(std::move(score));
    return;
  }
  DraftScore& first = draft.scores[known->second];
  if (first.from_base) {  // a correction
    first.from_base = false;
    first.score.value = score.score.value;
    first.place = score.place;
  } else if (first.score.value == score.score.value) {
    entry.complain(fmt::format("the same score of '{}' is given twice: first at {}", score.model,
                               written_at(first.place)));
  } else {
    entry.complain(fmt::format("{} for '{}' contradicts {} at {}: same source, date, mode and quantization",
                               score.score.value, score.model, first.score.value, written_at(first.place)));
  }
}

void read_score(Draft& draft, const Value& entry, std::size_t table, const Metric* metric) {
  Map map(entry, "a score");
  const auto model = map.need("model");
  const auto value = map.need("score");
  DraftScore score;
  score.score.table = static_cast<std::uint32_t>(table);
  score.place = entry.place();
  map.text("measured", score.setting.measured);
  map.choice("mode", score.setting.mode, kModes);
  map.text("quantization", score.setting.quantization);
  map.finish();
  if (!model || !read_text(*model) || !value) return;
  score.model = model->tree().text;
  const bool known = check_model(draft, *model);
  const auto number = read_score_value(*value, metric);
  if (!known || !number) return;
  score.score.value = *number;
  add_score(draft, std::move(score), entry);
}

const Metric* read_metric_name(Draft& draft, Map& map) {
  const auto at = map.need("metric");
  if (!at || !read_text(*at)) return nullptr;
  const Metric* metric = draft.catalog.metric(at->tree().text);
  if (metric == nullptr) {
    const auto names = names_of(draft.catalog.metrics, &Metric::id);
    at->complain(fmt::format("nobody registered the metric '{}'", at->tree().text),
                 did_you_mean(at->tree().text, names));
  }
  return metric;
}

void read_table(Draft& draft, const Value& entry, std::string id) {
  Map map(entry, "a table");
  EvidenceTable table;
  table.id = std::move(id);
  table.place = entry.place();
  for (const char* key : {"source", "reporter", "reported_by"}) map.need(key);
  map.text("source", table.source);
  map.text("reporter", table.reporter);
  map.choice("reported_by", table.reported_by, kClasses);
  map.date("date", table.date);
  const Metric* metric = read_metric_name(draft, map);
  if (const auto at = map.find("metric"); at && at->is(YamlNode::Kind::scalar))
    table.metric = at->tree().text;
  if (const auto language = map.find("language"); language && read_text(*language)) {
    if (check_language(draft.catalog, *language)) table.language = language->tree().text;
  }
  if (const auto noise = map.find("noise")) {
    if (const auto number = read_number(*noise, 0, kAnyNumber)) table.noise = *number;
  }
  map.text("note", table.note);
  const auto scores = map.need("scores");
  map.finish();
  if (!scores) return;
  const std::vector<Value> entries = read_list(*scores);
  if (entries.empty() && scores->is(YamlNode::Kind::list)) scores->complain("a table without scores");
  const std::size_t index = table_index(draft, table);
  for (const Value& score : entries) read_score(draft, score, index, metric);
}

}  // namespace

void read_tables(Draft& draft, const Value& list, const std::string& stem) {
  const std::vector<Value> entries = read_list(list);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    read_table(draft, entries[i], entries.size() == 1 ? stem : fmt::format("{}#{}", stem, i + 1));
  }
}

void unsettle(Draft& draft) {
  draft.tables = std::move(draft.catalog.tables);
  for (const Model& model : draft.catalog.models) draft.model_ids.insert(model.id);
  for (std::size_t i = 0; i < draft.tables.size(); ++i)
    draft.base_tables.emplace(table_key(draft.tables[i]), i);
  for (const Score& score : draft.catalog.scores) {
    DraftScore known{
        score, draft.catalog.models[score.model].id, draft.catalog.settings[score.setting], {}, true};
    draft.score_keys.emplace(score_key(draft.tables[score.table], known), draft.scores.size());
    draft.scores.push_back(std::move(known));
  }
  draft.catalog.tables.clear();
  draft.catalog.settings.clear();
  draft.catalog.scores.clear();
}

}  // namespace jobfit
