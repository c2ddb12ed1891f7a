#include "machine/json_places.hpp"

#include <algorithm>
#include <set>

namespace jobfit {
namespace {

constexpr int kMostDepth = 64;

/// Walks the text once. It trusts nothing: every step checks for the end.
struct Walker {
  std::string_view text;
  JsonPlaces& found;
  std::size_t at = 0;

  void skip_blanks() {
    while (at < text.size() && std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos) ++at;
  }

  /// The characters between the quotes; escapes stay as they are, which is enough to name a key.
  std::string_view string() {
    const std::size_t start = ++at;
    while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
    at = std::min(at, text.size());
    const std::string_view inside = text.substr(start, at - start);
    if (at < text.size()) ++at;
    return inside;
  }

  void object(const std::string& path, int depth) {
    ++at;
    std::set<std::string_view> seen;
    for (;;) {
      skip_blanks();
      if (at >= text.size() || text[at] != '"') break;
      JsonPlace place;
      place.key = at;
      place.has_key = true;
      const std::string_view key = string();
      const std::string inner = path.empty() ? std::string(key) : path + "." + std::string(key);
      if (!seen.insert(key).second) found.repeated.push_back(inner);
      skip_blanks();
      if (at >= text.size() || text[at] != ':') return;
      ++at;
      value(inner, place, depth + 1);
      skip_blanks();
      if (at >= text.size() || text[at] != ',') break;
      ++at;
    }
    if (at < text.size() && text[at] == '}') ++at;
  }

  void array(const std::string& path, int depth) {
    ++at;
    for (std::size_t index = 0;; ++index) {
      skip_blanks();
      if (at >= text.size() || text[at] == ']') break;
      const std::size_t before = at;
      value(path + "[" + std::to_string(index) + "]", {}, depth + 1);
      skip_blanks();
      if (at >= text.size() || text[at] != ',' || at == before) break;
      ++at;
    }
    if (at < text.size() && text[at] == ']') ++at;
  }

  void value(const std::string& path, JsonPlace place, int depth) {
    skip_blanks();
    if (at >= text.size()) return;
    if (depth > kMostDepth) {
      found.too_deep = true;
      at = text.size();
      return;
    }
    place.value = at;
    if (text[at] == '{') {
      object(path, depth);
    } else if (text[at] == '[') {
      array(path, depth);
    } else if (text[at] == '"') {
      string();
    } else {
      while (at < text.size() && std::string_view(",]} \t\r\n").find(text[at]) == std::string_view::npos)
        ++at;
    }
    place.end = at;
    found.places[path] = place;
  }
};

}  // namespace

JsonPlaces json_places(std::string_view text) {
  JsonPlaces found;
  Walker{text, found}.value("", {}, 0);
  return found;
}

Diagnostic problem_at(std::string_view text, const std::string& file, std::size_t offset, std::size_t length,
                      std::string message, std::string hint) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const std::size_t newline = before.rfind('\n');
  const std::size_t start = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t end = std::min(text.size(), text.find('\n', offset));
  Diagnostic problem;
  problem.place.file = file;
  problem.place.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  problem.place.column = 1 + static_cast<int>(offset - start);
  problem.message = std::move(message);
  problem.hint = std::move(hint);
  problem.source_line = std::string(text.substr(start, end - start));
  if (problem.source_line.ends_with('\r')) problem.source_line.pop_back();
  const std::size_t width = std::min(length, end > offset ? end - offset : 0);
  problem.width = std::max(1, static_cast<int>(std::min<std::size_t>(width, 1000)));
  return problem;
}

}  // namespace jobfit
