// The model that a person means.
#include "jobfit/catalog.hpp"

#include <algorithm>
#include <set>

namespace jobfit {
namespace {

/// "Qwen/Qwen3.6-27B" and "qwen3.6 27b" → "qwen/qwen3.6-27b", "qwen3.6-27b".
std::string folded(std::string_view text) {
  std::string name = lower(text);
  for (char& c : name) {
    if (c == ' ' || c == '_') c = '-';
  }
  return name;
}

std::vector<std::string> names_of_model(const Model& model) {
  std::vector<std::string> names = {folded(model.id), folded(model.name)};
  if (!model.huggingface.empty()) names.push_back(folded(model.huggingface));
  if (const auto slash = model.huggingface.find('/'); slash != std::string::npos) {
    names.push_back(folded(model.huggingface.substr(slash + 1)));
  }
  if (!model.ollama.empty()) names.push_back(folded(model.ollama));
  for (const std::string& also : model.also) names.push_back(folded(also));
  for (const Build& build : model.builds) {
    if (!build.ollama.empty()) names.push_back(folded(build.ollama));
    if (!build.repository.empty()) names.push_back(folded(build.repository));
  }
  for (const Hosting& hosting : model.hosting) names.push_back(folded(hosting.api_id));
  return names;
}

template <typename Matches>
std::vector<std::size_t> models_where(const Catalog& catalog, Matches matches) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < catalog.models.size(); ++i) {
    if (matches(catalog.models[i])) found.push_back(i);
  }
  return found;
}

}  // namespace

ModelLookup find_model(const Catalog& catalog, std::string_view name) {
  const std::string wanted = folded(name);
  ModelLookup lookup;
  if (wanted.empty()) return lookup;
  const auto named_exactly = [&](const Model& model) {
    const auto names = names_of_model(model);
    return std::find(names.begin(), names.end(), wanted) != names.end();
  };
  const auto has_part = [&](const Model& model) {
    return folded(model.id).find(wanted) != std::string::npos ||
           folded(model.name).find(wanted) != std::string::npos ||
           folded(model.huggingface).find(wanted) != std::string::npos;
  };
  auto found = models_where(catalog, [&](const Model& model) { return folded(model.id) == wanted; });
  if (found.empty()) found = models_where(catalog, named_exactly);
  if (found.empty()) found = models_where(catalog, has_part);
  if (found.size() == 1) {
    lookup.index = found[0];
    return lookup;
  }
  for (const std::size_t index : found) lookup.candidates.push_back(catalog.models[index].id);
  if (!found.empty()) return lookup;
  std::vector<std::string> all;
  std::vector<std::size_t> owners;
  for (std::size_t i = 0; i < catalog.models.size(); ++i) {
    for (std::string& known : names_of_model(catalog.models[i])) {
      all.push_back(std::move(known));
      owners.push_back(i);
    }
  }
  const std::string_view near = closest(wanted, all);
  for (std::size_t i = 0; i < all.size() && lookup.candidates.empty(); ++i) {
    if (!near.empty() && all[i] == near) lookup.candidates.push_back(catalog.models[owners[i]].id);
  }
  return lookup;
}

}  // namespace jobfit
