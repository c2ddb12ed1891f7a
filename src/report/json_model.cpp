// Models and the catalog as JSON.
#include "report/json_parts.hpp"

#include <algorithm>
#include <set>

namespace jobfit::json {
namespace {

Json known(Known value) { return value == Known::unknown ? Json(nullptr) : Json(value == Known::yes); }

Json thinking(Thinking value) {
  switch (value) {
    case Thinking::unknown:
      return nullptr;
    case Thinking::none:
      return "none";
    case Thinking::optional:
      return "optional";
    case Thinking::always:
      return "always";
  }
  return nullptr;
}

Json commercial(License::Commercial value) {
  switch (value) {
    case License::Commercial::unknown:
      return nullptr;
    case License::Commercial::no:
      return "no";
    case License::Commercial::conditional:
      return "conditional";
    case License::Commercial::yes:
      return "yes";
  }
  return nullptr;
}

Json languages(const LanguageClaims& claims) {
  Json object;
  object["listed"] = claims.listed;
  object["counted"] = count(claims.counted);
  object["only"] = claims.only;
  object["counted_out"] = claims.counted_out;
  object["inherited_from"] = text(claims.inherited_from);
  object["source"] = text(claims.source);
  return object;
}

Date newest_release(const Catalog& catalog) {
  Date newest;
  for (const Model& model : catalog.models) newest = std::max(newest, model.released);
  return newest;
}

}  // namespace

Json model(const Model& value) {
  Json object;
  object["id"] = value.id;
  object["name"] = value.name;
  object["huggingface"] = text(value.huggingface);
  object["license"] = text(value.license.id);
  object["released"] = date(value.released);
  object["parameters"] = {{"total", count(value.parameters)}, {"active", count(value.active_parameters)}};
  return object;
}

Json model_whole(const Model& value, const Catalog& catalog) {
  Json object = model(value);
  object["family"] = text(value.family);
  object["maker"] = text(value.maker);
  object["kind"] = value.kind;
  object["open_weights"] = value.open_weights;
  object["retired"] = date(value.retired);
  object["license_terms"] = {{"commercial", commercial(value.license.commercial)},
                             {"condition", text(value.license.condition)},
                             {"excluded_territories", value.license.excluded_territories},
                             {"source", text(value.license.source)}};
  object["context"] = {{"native", count(static_cast<double>(value.context.native))},
                       {"extended", count(static_cast<double>(value.context.extended))},
                       {"source", text(value.context.source)}};
  object["inputs"] = value.inputs;
  object["thinking"] = thinking(value.thinking);
  object["tools"] = known(value.tools);
  object["fill_in_middle"] = known(value.fill_in_middle);
  object["structured_output"] = known(value.structured_output);
  object["mtp"] = text(value.mtp);
  object["languages"] = languages(value.languages);
  object["builds"] = Json::array();
  for (const Build& one : value.builds) object["builds"].push_back(build(one));
  object["hosting"] = Json::array();
  for (const Hosting& host : value.hosting) {
    object["hosting"].push_back({{"provider", host.provider},
                                 {"api_id", text(host.api_id)},
                                 {"under_contract", known(host.under_contract)},
                                 {"source", text(host.source)}});
  }
  object["ollama"] = text(value.ollama);
  object["superseded_by"] = text(value.superseded_by);
  object["derived_from"] = text(value.derived_from);
  const auto index = static_cast<std::uint32_t>(&value - catalog.models.data());
  object["evidence_count"] = std::count_if(catalog.scores.begin(), catalog.scores.end(),
                                           [&](const Score& score) { return score.model == index; });
  object["note"] = text(value.note);
  object["sources"] = value.sources;
  return object;
}

Json catalog_summary(const Catalog& value) {
  Json object;
  object["version"] = value.version;
  object["models"] = value.models.size();
  object["newest_release"] = date(newest_release(value));
  object["files"] = value.files;
  return object;
}

}  // namespace jobfit::json

namespace jobfit {

using json::Json;

std::string models_json(const std::vector<std::uint32_t>& indexes, const Catalog& catalog) {
  Json document;
  document["schema"] = "jobfit.models/1";
  document["models"] = Json::array();
  for (const std::uint32_t index : indexes) {
    document["models"].push_back(json::model_whole(catalog.models[index], catalog));
  }
  return json::dump(document);
}

std::string model_json(std::uint32_t index, const Catalog& catalog, const Ratings& ratings) {
  Json document;
  document["schema"] = "jobfit.models/1";
  Json entry = json::model_whole(catalog.models[index], catalog);
  entry["evidence"] = Json::array();
  for (std::uint32_t i = 0; i < catalog.scores.size(); ++i) {
    if (catalog.scores[i].model == index) entry["evidence"].push_back(json::evidence(catalog, i));
  }
  constexpr const char* kBases[] = {"measured", "sibling", "family", "predicted", "none"};
  entry["ratings"] = Json::array();
  for (std::size_t column = 0; column < ratings.capabilities().size(); ++column) {
    if (index >= ratings.models()) break;
    const Rating& rating = ratings.at(index, column);
    entry["ratings"].push_back({{"capability", ratings.capabilities()[column]},
                                {"value", json::number(rating.value)},
                                {"low", json::number(rating.low)},
                                {"high", json::number(rating.high)},
                                {"basis", kBases[static_cast<int>(rating.basis)]}});
  }
  document["models"] = Json::array({std::move(entry)});
  return json::dump(document);
}

std::string catalog_json(const Catalog& catalog) {
  std::set<std::string> sources;
  for (const EvidenceTable& table : catalog.tables) sources.insert(table.source);
  Json document;
  document["schema"] = "jobfit.catalog/1";
  document["version"] = catalog.version;
  document["models"] = catalog.models.size();
  document["metrics"] = catalog.metrics.size();
  document["evidence"] = catalog.scores.size();
  document["sources"] = sources.size();
  document["languages"] = catalog.languages.size();
  document["newest_release"] = json::catalog_summary(catalog)["newest_release"];
  document["as_of"] = json::date(catalog.as_of);
  document["files"] = catalog.files;
  return json::dump(document);
}

}  // namespace jobfit
