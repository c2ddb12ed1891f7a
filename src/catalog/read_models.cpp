// data/models: what a model is.
#include "catalog/draft.hpp"
#include "catalog/read_model_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

constexpr std::string_view kKinds[] = {"general", "coder", "translator", "ocr", "math", "roleplay", "base"};
constexpr std::string_view kInputs[] = {"text", "image", "audio", "video"};
constexpr std::string_view kThinking[] = {"unknown", "none", "optional", "always"};
constexpr std::string_view kMtp[] = {"heads", "drafter", "none"};
constexpr std::string_view kWeights[] = {"closed", "open"};

bool is_slug(const std::string& text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
  };
  return std::all_of(text.begin(), text.end(), fits) && text.front() != '-' && text.size() <= 80;
}

void read_repository(Map& map, std::string_view key, std::string& into) {
  const auto at = map.find(key);
  if (!at) return;
  const auto text = read_text(*at);
  if (!text) return;
  const auto slash = text->find('/');
  const bool fits = slash != std::string::npos && slash > 0 && slash + 1 < text->size() &&
                    text->find('/', slash + 1) == std::string::npos && text->find(' ') == std::string::npos;
  if (fits) {
    into = *text;
  } else {
    at->complain(fmt::format("expected a repository as OWNER/NAME, found '{}'", *text));
  }
}

void read_inputs(Map& map, std::vector<std::string>& into) {
  const auto at = map.find("inputs");
  if (!at) return;
  std::vector<std::string> inputs;
  for (const Value& item : read_list(*at)) {
    if (const auto index = read_choice(item, kInputs)) inputs.emplace_back(kInputs[*index]);
  }
  into = std::move(inputs);
}

void read_parameters(Map& map, Model& model) {
  const auto at = map.find("parameters");
  if (!at) return;
  Map parameters(*at, "parameters");
  parameters.number("total", model.parameters, 1e6, 1e14);
  parameters.number("active", model.active_parameters, 1e6, 1e14);
  parameters.finish();
  if (model.parameters > 0 && model.active_parameters > model.parameters) {
    at->complain("more active parameters than there are in all");
  }
}

void read_reference(Map& map, std::string_view key, std::string& into,
                    std::vector<std::pair<Value, std::string>>& references, const std::string& id) {
  if (map.text(key, into)) references.emplace_back(*map.find(key), id);
}

void read_model(Draft& draft, const Value& entry) {
  Map map(entry, "a model");
  const auto id = map.need("id");
  if (!id || !read_text(*id)) return;
  if (!is_slug(id->tree().text)) {
    id->complain(fmt::format("'{}' is no id: lower-case letters, digits, '.' and '-'", id->tree().text));
  }
  Model scratch;
  bool is_new = false;
  Model& model = record_for(draft, draft.catalog.models, &Model::id, *id, "model", is_new, scratch);
  draft.model_ids.insert(id->tree().text);
  if (is_new) {
    model.place = id->place();
    for (const char* key : {"name", "family", "maker", "sources"}) map.need(key);
  }
  map.text("name", model.name);
  map.text("family", model.family);
  map.text("maker", model.maker);
  read_repository(map, "huggingface", model.huggingface);
  map.texts("also", model.also);
  map.date("released", model.released);
  map.date("retired", model.retired);
  map.choice("kind", model.kind, kKinds);
  map.choice("weights", model.open_weights, kWeights);
  read_license(map, model.license);
  read_parameters(map, model);
  read_context(map, model.context);
  read_inputs(map, model.inputs);
  map.choice("thinking", model.thinking, kThinking);
  map.known("tools", model.tools);
  map.known("fill_in_middle", model.fill_in_middle);
  map.known("structured_output", model.structured_output);
  map.choice("mtp", model.mtp, kMtp);
  read_repository(map, "drafter", model.drafter);
  read_language_claims(map, draft.catalog, model.languages);
  read_shape(map, model.shape);
  read_projector(map, model);
  read_builds(map, model.builds);
  read_hosting(map, model.hosting);
  map.text("ollama", model.ollama);
  read_reference(map, "superseded_by", model.superseded_by, draft.successors, model.id);
  read_reference(map, "derived_from", model.derived_from, draft.parents, model.id);
  map.texts("sources", model.sources);
  map.text("note", model.note);
  map.finish();
  const auto sources = map.find("sources");
  if (is_new && sources && sources->is(YamlNode::Kind::list) && model.sources.empty()) {
    sources->complain("a model needs at least one source");
  }
}

}  // namespace

void read_models(Draft& draft, const Value& list) {
  for (const Value& entry : read_list(list)) read_model(draft, entry);
}

}  // namespace jobfit
