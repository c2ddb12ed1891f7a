// A score by its parts, and the evidence behind them.
#include "report/json_parts.hpp"
#include "report/text_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {

std::string basis_phrase(Basis basis, const Words& words) {
  constexpr const char* kKeys[] = {"measured", "sibling", "family", "predicted", "none"};
  return say(words, std::string("report.basis.") + kKeys[static_cast<int>(basis)]);
}

std::string evidence_phrase(std::uint32_t index, const Catalog& catalog, const Words& words) {
  const Score& score = catalog.scores[index];
  const EvidenceTable& table = catalog.tables[score.table];
  const Setting& setting = catalog.settings[score.setting];
  const Metric* metric = catalog.metric(table.metric);
  const std::string unit = metric == nullptr ? "" : metric->unit;
  std::string value = fmt::format("{:g}", score.value);
  if (!unit.empty() && unit != "0-1") value += (unit == "%" ? "" : " ") + unit;
  std::vector<std::string> details;
  if (!table.language.empty()) details.push_back(language_name(catalog, words, table.language));
  if (!setting.mode.empty()) details.push_back(setting.mode);
  if (!setting.quantization.empty()) details.push_back(setting.quantization);
  if (!setting.measured.empty()) details.push_back(setting.measured);
  details.push_back(say(words, std::string("report.class.") + json::class_name(table.reported_by)));
  if (!table.reporter.empty()) details.push_back(table.reporter);
  if (table.date.known()) details.push_back(format_date(table.date));
  return fmt::format("{}: {} ({})", metric == nullptr ? table.metric : metric->name, value,
                     fmt::join(details, ", "));
}

void score_part(Page& page, const JobScore& score, const Catalog& catalog, const Words& words) {
  if (score.parts.empty()) return;
  page.blank();
  Table table{{{say(words, "report.score.part"), false, true},
               {say(words, "report.score.weight"), true, false},
               {say(words, "report.score.value"), true, false},
               {say(words, "report.score.basis"), false, true}},
              {}};
  std::vector<const ScorePart*> parts;
  for (const ScorePart& part : score.parts) parts.push_back(&part);
  std::stable_sort(parts.begin(), parts.end(),
                   [](const ScorePart* a, const ScorePart* b) { return a->weight > b->weight; });
  for (const ScorePart* part : parts) {
    std::string basis = basis_phrase(part->basis, words);
    if (!part->evidence.empty()) {
      basis += ", " + say(words, {"report.score.scores", {{"count", std::to_string(part->evidence.size())}}});
    }
    table.rows.push_back(
        {capability_name(catalog, words, part->capability), fmt::format("{:g}", part->weight),
         fmt::format("{:.0f} ±{:.0f}", part->value, std::max(0.0, (part->high - part->low) / 2)),
         std::move(basis)});
  }
  table.rows.push_back(
      {say(words, "report.score.total"), "",
       fmt::format("{:.0f} ±{:.0f}", score.total, std::max(0.0, (score.high - score.low) / 2)), ""});
  page.table(table, 2);
}

}  // namespace jobfit
