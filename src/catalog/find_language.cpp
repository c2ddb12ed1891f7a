// The language that a person means.
#include "jobfit/catalog.hpp"

#include "catalog/language_tag.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// The script that a region writes Chinese in; empty: not told.
std::string chinese_script(const LanguageTag& tag) {
  if (!tag.script.empty()) return tag.script;
  if (tag.region == "TW" || tag.region == "HK" || tag.region == "MO") return "Hant";
  if (tag.region == "CN" || tag.region == "SG" || tag.region == "MY") return "Hans";
  return "";
}

std::string joined(std::initializer_list<std::string> parts) {
  std::string text;
  for (const std::string& part : parts) {
    if (part.empty()) continue;
    if (!text.empty()) text += '-';
    text += part;
  }
  return text;
}

/// ISO 639 codes that were renamed or narrowed, and macro-languages written as one.
std::string usual_code(const std::string& code) {
  constexpr std::pair<std::string_view, std::string_view> kRenamed[] = {
      {"iw", "he"},  {"in", "id"},  {"ji", "yi"},  {"tl", "fil"}, {"no", "nb"},  {"nb", "no"},
      {"fil", "tl"}, {"cmn", "zh"}, {"tha", "th"}, {"eng", "en"}, {"deu", "de"}, {"fra", "fr"},
      {"jpn", "ja"}, {"kor", "ko"}, {"zho", "zh"}, {"vie", "vi"}, {"ind", "id"}, {"msa", "ms"},
      {"zsm", "ms"}, {"arb", "ar"}, {"ara", "ar"}, {"spa", "es"}, {"por", "pt"}, {"ita", "it"},
      {"rus", "ru"}, {"hin", "hi"}, {"ben", "bn"}, {"tam", "ta"}, {"lao", "lo"}, {"khm", "km"},
      {"mya", "my"}, {"prs", "fa"}, {"pes", "fa"}, {"swh", "sw"}, {"ekk", "et"}, {"lvs", "lv"}};
  for (const auto& [from, to] : kRenamed) {
    if (from == code) return std::string(to);
  }
  return "";
}

std::optional<std::string> match_tag(const Catalog& catalog, LanguageTag tag) {
  const auto known = [&](const std::string& text) { return catalog.language(text) != nullptr; };
  for (int attempt = 0; attempt < 2; ++attempt) {
    std::string script = tag.script;
    if (tag.language == "zh") script = chinese_script(tag);
    for (const std::string& text :
         {joined({tag.language, script, tag.region}), joined({tag.language, tag.region}),
          joined({tag.language, script}), tag.language}) {
      // Traditional and Simplified Chinese are not one another's nearest entry.
      const bool other_script = tag.language == "zh" && text == "zh" && script == "Hant" && known("zh-Hant");
      if (!other_script && known(text)) return text;
    }
    if (tag.language == "zh" && script.empty() && known("zh-Hans")) return "zh-Hans";
    const std::string renamed = usual_code(tag.language);
    if (renamed.empty()) break;
    if (attempt == 0 && !known(renamed) && !known(joined({renamed, tag.script}))) break;
    tag.language = renamed;
  }
  return std::nullopt;
}

bool named(const Language& language, const std::string& wanted) {
  const auto same = [&](const std::string& name) { return lower(name) == wanted; };
  return same(language.english) || same(language.own) ||
         std::any_of(language.also.begin(), language.also.end(), same);
}

}  // namespace

std::optional<std::string> find_language(const Catalog& catalog, std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty()) return std::nullopt;
  const std::string wanted = lower(text);
  for (const Language& language : catalog.languages) {
    if (lower(language.tag) == wanted) return language.tag;
  }
  for (const Language& language : catalog.languages) {
    if (named(language, wanted)) return language.tag;
  }
  const auto tag = parse_tag(text);
  if (!tag) return std::nullopt;
  if (auto known = match_tag(catalog, *tag)) return known;
  // A word such as "Thia" is shaped like nothing; "tlh" is a tag that we just have no entry for.
  return joined({tag->language, tag->script, tag->region});
}

}  // namespace jobfit
