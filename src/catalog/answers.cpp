// The answers file: the same as the flags, checked in and run again.
#include "catalog/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

constexpr std::string_view kInputs[] = {"text", "image", "audio", "video"};
constexpr std::string_view kThinking[] = {"on", "off", "any"};
constexpr std::string_view kLicenses[] = {"commercial"};

/// Texts that the question of `gate` offers.
bool check_option(const Catalog& catalog, Gate gate, const Value& value) {
  const std::vector<std::string> offered = catalog.questions.ids(gate);
  const std::string& text = value.tree().text;
  if (offered.empty() || std::find(offered.begin(), offered.end(), text) != offered.end()) return true;
  const std::vector<std::string_view> names(offered.begin(), offered.end());
  value.complain(fmt::format("'{}' is no answer to the question of {}: expected {}", text,
                             kGateNames[static_cast<int>(gate)], one_of(names)),
                 did_you_mean(text, offered));
  return false;
}

/// One text or a list of them, as single values.
std::vector<Value> items_of(const Value& value) {
  if (!read_text_or_texts(value)) return {};
  if (value.is(YamlNode::Kind::scalar)) return {value};
  std::vector<Value> items;
  for (const Value& item : read_list(value)) {
    if (item.is(YamlNode::Kind::scalar) && !item.tree().text.empty()) items.push_back(item);
  }
  return items;
}

void read_options(const Catalog& catalog, Map& map, const char* key, Gate gate,
                  std::vector<std::string>& into) {
  const auto at = map.find(key);
  if (!at) return;
  for (const Value& item : items_of(*at)) {
    const std::string& text = item.tree().text;
    const bool again = std::find(into.begin(), into.end(), text) != into.end();
    if (!again && check_option(catalog, gate, item)) into.push_back(text);
  }
}

std::vector<std::string> language_names(const Catalog& catalog) {
  std::vector<std::string> names;
  for (const Language& language : catalog.languages) {
    names.push_back(language.english);
    names.push_back(language.own);
    names.push_back(language.tag);
  }
  return names;
}

void read_languages_answer(const Catalog& catalog, Map& map, std::vector<std::string>& into) {
  const auto at = map.find("languages");
  if (!at) return;
  for (const Value& item : items_of(*at)) {
    const std::string& text = item.tree().text;
    const auto tag = find_language(catalog, text);
    if (!tag) {
      item.complain(fmt::format("'{}' is no language: expected a tag such as 'th', or its name", text),
                    did_you_mean(text, language_names(catalog)));
    } else if (std::find(into.begin(), into.end(), *tag) == into.end()) {
      into.push_back(*tag);
    }
  }
}

void read_tolerates(const Catalog& catalog, Map& map, Answers& answers) {
  const auto at = map.find("tolerates");
  if (!at) return;
  answers.tolerates_given = true;
  if (at->is(YamlNode::Kind::scalar) && at->tree().text == "none") return;
  read_options(catalog, map, "tolerates", Gate::failure, answers.tolerates);
}

void read_needs(const Value& at, Needs& needs) {
  Map map(at, "needs");
  if (const auto context = map.find("context")) needs.context = read_tokens(*context).value_or(0);
  map.number("min_speed", needs.min_speed, 0, 1e6);
  if (const auto inputs = map.find("inputs")) {
    for (const Value& item : items_of(*inputs)) {
      if (const auto index = read_choice(item, kInputs)) needs.inputs.emplace_back(kInputs[*index]);
    }
  }
  map.choice("license", needs.license, kLicenses);
  if (map.text("territory", needs.territory)) {
    const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
    if (needs.territory.size() != 2 || !std::all_of(needs.territory.begin(), needs.territory.end(), upper)) {
      map.find("territory")
          ->complain(fmt::format("'{}' is no territory", needs.territory),
                     "write EU, or a country's two capital letters");
      needs.territory.clear();
    }
  }
  map.choice("thinking", needs.thinking, kThinking);
  map.finish();
}

/// A scalar that every YAML reader takes for a text: `no` would be false elsewhere.
std::string quoted(const std::string& text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  constexpr std::string_view kSpecial[] = {"no", "yes", "on", "off", "y", "n", "true", "false", "null"};
  const bool special = std::find(std::begin(kSpecial), std::end(kSpecial), lower(text)) != std::end(kSpecial);
  const bool letter_first =
      !text.empty() && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
  if (letter_first && !special && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + '"';
}

std::string list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted(text);
  return "[" + out + "]";
}

}  // namespace

AnswersRead read_answers(const SourceFile& file, const Catalog& catalog) {
  AnswersRead read;
  const YamlDocument document = parse_yaml(file, read.problems);
  if (document.root == kNoNode) return read;
  Map map({&document, &read.problems, document.root, kNoNode}, "answers");
  Answers& answers = read.answers;
  read_options(catalog, map, "jobs", Gate::job, answers.jobs);
  read_languages_answer(catalog, map, answers.languages);
  if (const auto egress = map.find("egress"); egress && read_text(*egress)) {
    if (check_option(catalog, Gate::egress, *egress)) answers.egress = egress->tree().text;
  }
  read_tolerates(catalog, map, answers);
  if (const auto needs = map.find("needs")) read_needs(*needs, answers.needs);
  map.finish();
  return read;
}

std::string write_answers(const Answers& answers) {
  std::string out;
  if (!answers.jobs.empty()) out += fmt::format("jobs: {}\n", list(answers.jobs));
  if (!answers.languages.empty()) out += fmt::format("languages: {}\n", list(answers.languages));
  if (!answers.egress.empty()) out += fmt::format("egress: {}\n", quoted(answers.egress));
  if (answers.tolerates_given) {
    out += fmt::format("tolerates: {}\n", answers.tolerates.empty() ? "none" : list(answers.tolerates));
  }
  std::string needs;
  if (answers.needs.context > 0)
    needs += fmt::format("  context: {}\n", format_tokens(answers.needs.context));
  if (answers.needs.min_speed >= 0) needs += fmt::format("  min_speed: {}\n", answers.needs.min_speed);
  if (!answers.needs.inputs.empty()) needs += fmt::format("  inputs: {}\n", list(answers.needs.inputs));
  if (!answers.needs.license.empty()) needs += fmt::format("  license: {}\n", quoted(answers.needs.license));
  if (!answers.needs.territory.empty())
    needs += fmt::format("  territory: {}\n", quoted(answers.needs.territory));
  if (answers.needs.thinking != "any")
    needs += fmt::format("  thinking: {}\n", quoted(answers.needs.thinking));
  if (!needs.empty()) out += "needs:\n" + needs;
  return out.empty() ? "{}\n" : out;
}

}  // namespace jobfit
