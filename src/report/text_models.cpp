// The catalog for people: the list, one entry whole, and where it all comes from.
#include "report/text_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace jobfit {
namespace {

std::string parameters_phrase(const Model& model, const Words& words) {
  if (!(model.parameters > 0)) return say(words, "report.unknown");
  const std::string total = format_parameters(model.parameters);
  const bool sparse = model.active_parameters > 0 && model.active_parameters < model.parameters * 0.99;
  return sparse ? fmt::format("{}-A{}", total, format_parameters(model.active_parameters)) : total;
}

std::string context_phrase(const Model& model, const Words& words) {
  if (model.context.native <= 0) return say(words, "report.unknown");
  std::string native = format_tokens(model.context.native);
  if (model.context.extended <= 0) return native;
  return say(words, {"report.model.extended",
                     {{"native", native}, {"extended", format_tokens(model.context.extended)}}});
}

std::string license_phrase(const Model& model, const Words& words) {
  if (model.license.id.empty()) return say(words, "report.unknown");
  constexpr const char* kKeys[] = {"unknown", "no", "conditional", "yes"};
  const std::string commercial =
      say(words, std::string("report.model.commercial_") + kKeys[static_cast<int>(model.license.commercial)]);
  std::string text = fmt::format("{}; {}", model.license.id, commercial);
  if (!model.license.condition.empty()) text += ": " + model.license.condition;
  if (!model.license.excluded_territories.empty()) {
    text += "; " +
            say(words,
                {"report.model.not_in",
                 {{"territories", fmt::format("{}", fmt::join(model.license.excluded_territories, ", "))}}});
  }
  return text;
}

std::string languages_phrase(const Model& model, const Words& words) {
  std::vector<std::string> parts;
  if (!model.languages.listed.empty()) {
    parts.push_back(say(words, {model.languages.only ? "report.model.only" : "report.model.listed",
                                {{"tags", fmt::format("{}", fmt::join(model.languages.listed, ", "))}}}));
  }
  if (model.languages.counted > 0) {
    parts.push_back(
        say(words, {"report.model.counted", {{"count", std::to_string(model.languages.counted)}}}));
  }
  if (!model.languages.counted_out.empty()) {
    parts.push_back(
        say(words, {"report.model.counted_out",
                    {{"tags", fmt::format("{}", fmt::join(model.languages.counted_out, ", "))}}}));
  }
  return parts.empty() ? say(words, "report.unknown") : fmt::format("{}", fmt::join(parts, "; "));
}

std::string thinking_phrase(Thinking thinking, const Words& words) {
  constexpr const char* kKeys[] = {"report.unknown", "report.no", "report.model.thinking_optional",
                                   "report.model.thinking_always"};
  return say(words, kKeys[static_cast<int>(thinking)]);
}

void facts(Page& page, const Model& model, const Words& words) {
  std::vector<std::pair<const char*, std::string>> rows = {
      {"maker", model.maker},
      {"released", format_date(model.released)},
      {"weights", say(words, model.open_weights ? "report.model.open" : "report.model.closed")},
      {"huggingface", model.huggingface},
      {"license", license_phrase(model, words)},
      {"parameters", parameters_phrase(model, words)},
      {"context", context_phrase(model, words)},
      {"inputs", fmt::format("{}", fmt::join(model.inputs, ", "))},
      {"thinking", thinking_phrase(model.thinking, words)},
      {"tools", known_phrase(model.tools, words)},
      {"fill_in_middle", known_phrase(model.fill_in_middle, words)},
      {"languages", languages_phrase(model, words)},
      {"ollama", model.ollama},
      {"superseded_by", model.superseded_by},
      {"derived_from", model.derived_from},
      {"note", model.note}};
  if (model.retired.known()) rows.insert(rows.begin() + 2, {"retired", format_date(model.retired)});
  int width = 0;
  for (const auto& [key, value] : rows) {
    if (!value.empty())
      width = std::max(width, display_width(say(words, std::string("report.model.") + key)));
  }
  for (const auto& [key, value] : rows) {
    if (!value.empty()) page.field(say(words, std::string("report.model.") + key), value, width);
  }
}

void builds(Page& page, const Model& model, const Words& words) {
  if (model.builds.empty()) return;
  page.heading(say(words, "report.model.builds"));
  Table table{{{say(words, "report.shortlist.build"), false, false},
               {say(words, "report.model.size"), true, false},
               {say(words, "report.model.repository"), false, true}},
              {}};
  for (const Build& build : model.builds) {
    const std::string size =
        build.file_bytes > 0 ? format_bytes(build.file_bytes) : say(words, "report.unknown");
    table.rows.push_back({build_name(build), size, build.repository});
  }
  page.table(table, 2);
}

}  // namespace

std::string models_text(const std::vector<std::uint32_t>& indexes, const Catalog& catalog, const Words& words,
                        const Style& style) {
  Page page(style);
  if (indexes.empty()) {
    page.text(say(words, "report.models.none"));
    return page.take();
  }
  // An id is there to be copied: it keeps its line, and a narrow page goes without the licence.
  const bool licenses = page.width() >= 76;
  Table table{{{say(words, "report.models.id"), false, true},
               {say(words, "report.models.parameters"), true, false},
               {say(words, "report.models.context"), true, false},
               {licenses ? say(words, "report.models.license") : "", false, true},
               {say(words, "report.models.released"), false, false}},
              {}};
  for (const std::uint32_t index : indexes) {
    const Model& model = catalog.models[index];
    table.rows.push_back({model.id, parameters_phrase(model, words),
                          model.context.native > 0 ? format_tokens(model.context.native) : "-",
                          !licenses                  ? ""
                          : model.license.id.empty() ? "-"
                                                     : model.license.id,
                          model.released.known() ? format_date(model.released) : "-"});
  }
  page.table(table, 0);
  page.blank();
  page.text(say(words, {"report.models.count",
                        {{"count", std::to_string(indexes.size())},
                         {"all", std::to_string(catalog.models.size())}}}),
            0, 0, Ink::dim);
  return page.take();
}

std::string model_text(std::uint32_t index, const Catalog& catalog, const Ratings& ratings,
                       const Words& words, const Style& style) {
  Page page(style);
  const Model& model = catalog.models[index];
  page.text(fmt::format("{} ({})", model.name, model.id), 0, 0, Ink::bold);
  facts(page, model, words);
  builds(page, model, words);
  if (!model.hosting.empty()) page.heading(say(words, "report.model.hosting"));
  for (const Hosting& host : model.hosting) {
    page.item(say(words, {"report.model.host",
                          {{"provider", host.provider},
                           {"id", host.api_id},
                           {"contract", known_phrase(host.under_contract, words)}}}));
  }
  if (index < ratings.models()) {
    page.heading(say(words, "report.model.ratings"));
    Table table{{{"", false, true}, {"", true, false}, {"", false, false}, {"", false, true}}, {}};
    for (std::size_t column = 0; column < ratings.capabilities().size(); ++column) {
      const Rating& rating = ratings.at(index, column);
      const bool language = ratings.capabilities()[column].starts_with("language:");
      if (rating.basis == Basis::none || (language && rating.basis != Basis::measured)) continue;
      table.rows.push_back(
          {capability_name(catalog, words, ratings.capabilities()[column]),
           fmt::format("{:.0f} ±{:.0f}", rating.value, std::max(0.0, (rating.high - rating.low) / 2)),
           page.bar(rating.value / 100, 10), basis_phrase(rating.basis, words)});
    }
    page.table(table, 2);
  }
  bool headed = false;
  for (std::uint32_t i = 0; i < catalog.scores.size(); ++i) {
    if (catalog.scores[i].model != index) continue;
    if (!headed) page.heading(say(words, "report.model.evidence"));
    headed = true;
    page.item(evidence_phrase(i, catalog, words));
    page.text(catalog.tables[catalog.scores[i].table].source, 4, 2, Ink::dim);
  }
  if (!headed) page.heading(say(words, "report.model.no_evidence"));
  if (!model.sources.empty()) page.heading(say(words, "report.model.sources"));
  for (const std::string& source : model.sources) page.item(source, 2, Ink::dim);
  return page.take();
}

std::string explain_text(std::optional<std::uint32_t> term, const std::vector<Sentence>& figures,
                         const Catalog& catalog, const Words& words, const Style& style) {
  Page page(style);
  if (!term) {
    page.text(say(words, "report.explain.list"), 0, 0, Ink::bold);
    Table table{{{"", false, false}, {"", false, true}}, {}};
    for (const GlossaryTerm& one : catalog.glossary)
      table.rows.push_back({one.id, say(words, "glossary." + one.id + ".name")});
    page.table(table, 2);
    return page.take();
  }
  const GlossaryTerm& one = catalog.glossary[*term];
  const std::string prefix = "glossary." + one.id;
  page.text(say(words, prefix + ".name"), 0, 0, Ink::bold);
  if (!one.also.empty())
    page.text(say(words, {"report.explain.also", {{"names", fmt::format("{}", fmt::join(one.also, ", "))}}}),
              0, 0, Ink::dim);
  page.blank();
  page.text(say(words, prefix + ".what"));
  page.blank();
  page.text(say(words, prefix + ".here"));
  if (!figures.empty()) page.blank();
  for (const Sentence& figure : figures) page.item(as_sentence(say(words, figure)));
  if (!one.limit.empty() && one.limit != "none") {
    page.blank();
    page.text(say(words, {"report.explain.limit", {{"limit", say(words, "report.limit." + one.limit)}}}));
  }
  if (!one.see.empty())
    page.text(say(words, {"report.explain.see", {{"terms", fmt::format("{}", fmt::join(one.see, ", "))}}}), 0,
              0, Ink::dim);
  return page.take();
}

}  // namespace jobfit
