// data/words: every sentence a person reads, one flat map per file.
#include "catalog/draft.hpp"
#include "catalog/template_holes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

Words& words_of(Catalog& catalog, const std::string& language) {
  const auto known = std::find_if(catalog.words.begin(), catalog.words.end(),
                                  [&](const Words& words) { return words.language == language; });
  if (known != catalog.words.end()) return *known;
  catalog.words.emplace_back();
  catalog.words.back().language = language;
  return catalog.words.back();
}

}  // namespace

std::optional<std::vector<std::string>> template_holes(std::string_view text) {
  std::vector<std::string> holes;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '{' && text[at] != '}') continue;
    if (at + 1 < text.size() && text[at + 1] == text[at]) {
      ++at;
      continue;
    }
    const std::size_t close = text[at] == '{' ? text.find('}', at) : std::string_view::npos;
    if (close == std::string_view::npos) return std::nullopt;
    const std::string_view name = text.substr(at + 1, close - at - 1);
    const bool fits = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    if (!fits) return std::nullopt;
    holes.emplace_back(name);
    at = close;
  }
  return holes;
}

void read_words(Draft& draft, const Value& map, const std::string& language) {
  Map checked(map, "words");
  if (!checked.readable()) return;
  Words& words = words_of(draft.catalog, language);
  const auto& children = map.tree().children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const Value key{map.document, map.problems, children[i], kNoNode};
    const Value value{map.document, map.problems, children[i + 1], children[i]};
    if (!key.is(YamlNode::Kind::scalar)) continue;
    const auto text = read_text(value);
    if (!text) continue;
    const std::string& name = key.tree().text;
    const auto [first, inserted] = draft.seen.emplace("words " + language + " " + name, key.place());
    // A key twice in one map is already complained about as a duplicate key.
    if (!inserted && first->second.file != key.place().file) {
      key.complain(fmt::format("'{}' is given twice: first at {}", name, written_at(first->second)));
    }
    if (!template_holes(*text)) {
      value.complain("a hole is written {name}, and a brace that is no hole is doubled");
      continue;
    }
    words.templates[name] = *text;
  }
}

}  // namespace jobfit
