// Values as JSON, and the evidence behind a score.
#include "report/json_parts.hpp"

#include <cmath>

namespace jobfit::json {

Json text(const std::string& value) { return value.empty() ? Json(nullptr) : Json(value); }

Json date(const Date& value) { return value.known() ? Json(format_date(value)) : Json(nullptr); }

Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  const double rounded = std::round(value * 1e4) / 1e4;
  return rounded == 0 ? Json(0.0) : Json(rounded);  // never -0.0
}

Json positive(double value) { return value > 0 ? number(value) : Json(nullptr); }

Json count(double value) {
  if (!(value > 0) || value >= 9e18) return nullptr;
  return static_cast<std::int64_t>(std::llround(value));
}

Json bytes(Bytes value) { return value > 0 ? Json(value) : Json(nullptr); }

Json sentence(const Words& words, const Sentence& value) {
  return value.empty() ? Json(nullptr) : Json(say(words, value));
}

Json sentences(const Words& words, const std::vector<Sentence>& values) {
  Json list = Json::array();
  for (const Sentence& value : values) list.push_back(say(words, value));
  return list;
}

const char* class_name(ReporterClass reported_by) {
  switch (reported_by) {
    case ReporterClass::third_party:
      return "third-party";
    case ReporterClass::maker:
      return "maker";
    case ReporterClass::competitor:
      return "competitor";
    case ReporterClass::aggregator:
      return "aggregator";
    case ReporterClass::claim:
      return "claim";
  }
  return "claim";
}

Json evidence(const Catalog& catalog, std::uint32_t index) {
  const Score& score = catalog.scores[index];
  const EvidenceTable& table = catalog.tables[score.table];
  const Setting& setting = catalog.settings[score.setting];
  const Model& model = catalog.models[score.model];
  const Metric* metric = catalog.metric(table.metric);
  Json object;
  object["metric"] = table.metric;
  object["score"] = number(score.value);
  object["unit"] = metric == nullptr ? Json(nullptr) : text(metric->unit);
  object["model_measured"] = !setting.measured.empty()    ? setting.measured
                             : !model.huggingface.empty() ? model.huggingface
                                                          : model.id;
  object["mode"] = text(setting.mode);
  object["language"] = text(table.language);
  object["date"] = date(table.date);
  object["reported_by"] = text(table.reporter);
  object["class"] = class_name(table.reported_by);
  object["source"] = text(table.source);
  object["model"] = model.id;
  object["quantization"] = text(setting.quantization);
  return object;
}

Json evidence_list(const Catalog& catalog, std::span<const std::uint32_t> scores) {
  Json list = Json::array();
  for (const std::uint32_t index : scores) {
    if (index < catalog.scores.size()) list.push_back(evidence(catalog, index));
  }
  return list;
}

std::string dump(const Json& document, JsonForm form) {
  return document.dump(form == JsonForm::indented ? 2 : -1, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace jobfit::json
