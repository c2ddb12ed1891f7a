#include "catalog/language_tag.hpp"

#include "jobfit/text.hpp"

#include <algorithm>
#include <vector>

namespace jobfit {
namespace {

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool letters(std::string_view text) { return std::all_of(text.begin(), text.end(), letter); }
bool digits(std::string_view text) { return std::all_of(text.begin(), text.end(), digit); }

std::vector<std::string> subtags(std::string_view text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == '-' || c == '_') {  // a locale's "th_TH" is meant too
      parts.emplace_back();
    } else {
      parts.back().push_back(c);
    }
  }
  return parts;
}

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

bool is_variant(const std::string& part) {
  return (part.size() >= 5 && part.size() <= 8) || (part.size() == 4 && digit(part[0]));
}

}  // namespace

std::optional<LanguageTag> parse_tag(std::string_view text) {
  if (text.empty() || text.size() > 60) return std::nullopt;
  const std::vector<std::string> parts = subtags(text);
  for (const std::string& part : parts) {
    const bool fits = std::all_of(part.begin(), part.end(), [](char c) { return letter(c) || digit(c); });
    if (part.empty() || part.size() > 8 || !fits) return std::nullopt;
  }
  LanguageTag tag;
  std::size_t at = 0;
  if (parts[0].size() < 2 || parts[0].size() > 3 || !letters(parts[0])) return std::nullopt;
  tag.language = lower(parts[at++]);
  if (at < parts.size() && parts[at].size() == 3 && letters(parts[at])) tag.language = lower(parts[at++]);
  if (at < parts.size() && parts[at].size() == 4 && letters(parts[at])) {
    tag.script = lower(parts[at++]);
    tag.script[0] = upper(tag.script.substr(0, 1))[0];
  }
  if (at < parts.size() &&
      ((parts[at].size() == 2 && letters(parts[at])) || (parts[at].size() == 3 && digits(parts[at])))) {
    tag.region = upper(parts[at++]);
  }
  while (at < parts.size() && is_variant(parts[at])) ++at;
  if (at < parts.size() && parts[at].size() != 1) return std::nullopt;  // only extensions may follow
  return tag;
}

bool well_formed_tag(std::string_view text) {
  return text.find('_') == std::string_view::npos && parse_tag(text).has_value();
}

}  // namespace jobfit
