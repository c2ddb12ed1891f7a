#include "catalog/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace jobfit {
namespace {

std::string shown(const std::string& text) {
  return text.size() > 60 ? "'" + text.substr(0, 57) + "...'" : "'" + text + "'";
}

std::string kind_name(const Value& value) {
  switch (value.tree().kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::list:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
    case YamlNode::Kind::scalar:
      break;
  }
  return value.tree().plain ? shown(value.tree().text) : "the text " + shown(value.tree().text);
}

void expected(const Value& value, std::string_view what, std::string hint = {}) {
  if (value.is(YamlNode::Kind::null)) {
    value.complain(fmt::format("a value is missing: expected {}", what),
                   "leave the key out where it is unknown");
  } else {
    value.complain(fmt::format("expected {}, found {}", what, kind_name(value)), std::move(hint));
  }
}

std::string plain_number(double number) {
  if (number == std::floor(number) && std::fabs(number) < 1e15) return fmt::format("{:.0f}", number);
  return fmt::format("{}", number);
}

std::string range_words(double low, double high) {
  if (high >= 1e17 && low == 0) return "a number that is not negative";
  if (high >= 1e17) return fmt::format("a number of at least {}", plain_number(low));
  return fmt::format("a number from {} to {}", plain_number(low), plain_number(high));
}

}  // namespace

Value Value::child(std::size_t index) const { return {document, problems, tree().children[index], kNoNode}; }

Place Value::place() const {
  const bool at_key = tree().kind == YamlNode::Kind::null && key != kNoNode;
  const YamlNode& shown_node = at_key ? document->nodes[key] : tree();
  return {document->file, shown_node.line, shown_node.column};
}

void Value::complain(std::string message, std::string hint) const {
  const bool at_key = tree().kind == YamlNode::Kind::null && key != kNoNode;
  const YamlNode& shown_node = at_key ? document->nodes[key] : tree();
  Diagnostic problem;
  problem.place = place();
  problem.message = std::move(message);
  problem.hint = std::move(hint);
  problem.source_line = std::string(document->line(shown_node.line));
  problem.width = shown_node.width;
  problems->push_back(std::move(problem));
}

std::string written_at(const Place& place) {
  return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

std::string one_of(std::span<const std::string_view> names) {
  std::string words;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) words += i + 1 == names.size() ? " or " : ", ";
    words += names[i];
  }
  return words;
}

std::optional<std::string> read_text(const Value& value) {
  if (!value.is(YamlNode::Kind::scalar)) {
    expected(value, "a text");
    return std::nullopt;
  }
  if (value.tree().text.empty()) {
    value.complain("an empty text says nothing", "leave the key out where it is unknown");
    return std::nullopt;
  }
  return value.tree().text;
}

std::optional<double> read_number(const Value& value, double low, double high) {
  const std::string range = range_words(low, high);
  if (!value.is(YamlNode::Kind::scalar) || !value.tree().plain) {
    expected(value, range);
    return std::nullopt;
  }
  std::string_view text = value.tree().text;
  if (text.starts_with('+')) text.remove_prefix(1);
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && stop == text.data() + text.size();
  // YAML spells these .nan and .inf, people write NaN and inf: no figure is either.
  if (!whole || !std::isfinite(number) || number < low || number > high) {
    expected(value, range);
    return std::nullopt;
  }
  return number;
}

std::optional<std::int64_t> read_integer(const Value& value, std::int64_t low, std::int64_t high) {
  const auto number = read_number(value, static_cast<double>(low), static_cast<double>(high));
  if (!number) return std::nullopt;
  if (*number != std::floor(*number)) {
    expected(value, "a whole number");
    return std::nullopt;
  }
  return static_cast<std::int64_t>(*number);
}

std::optional<bool> read_yes_no(const Value& value) {
  constexpr std::string_view kNames[] = {"no", "yes"};
  if (value.is(YamlNode::Kind::scalar) && value.tree().plain) {
    if (value.tree().text == "true") return true;
    if (value.tree().text == "false") return false;
  }
  const auto index = read_choice(value, kNames);
  if (!index) return std::nullopt;
  return *index == 1;
}

std::optional<Date> read_date(const Value& value) {
  if (value.is(YamlNode::Kind::scalar)) {
    if (const auto date = parse_date(value.tree().text)) return date;
  }
  expected(value, "a date such as 2026-04-22 or 2026-04");
  return std::nullopt;
}

std::optional<std::size_t> read_choice(const Value& value, std::span<const std::string_view> names) {
  std::string hint;
  if (value.is(YamlNode::Kind::scalar)) {
    const std::string& text = value.tree().text;
    const auto found = std::find(names.begin(), names.end(), text);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const bool yes = std::find(names.begin(), names.end(), "yes") != names.end();
    if (yes && (text == "true" || text == "on")) hint = "did you mean 'yes'?";
    if (yes && (text == "false" || text == "off")) hint = "did you mean 'no'?";
    if (hint.empty()) hint = did_you_mean(text, std::vector<std::string>(names.begin(), names.end()));
  }
  expected(value, one_of(names), hint);
  return std::nullopt;
}

std::vector<Value> read_list(const Value& value) {
  std::vector<Value> items;
  if (!value.is(YamlNode::Kind::list)) {
    const bool scalar = value.is(YamlNode::Kind::scalar);
    expected(value, "a list", scalar ? fmt::format("write [{}]", value.tree().text) : "");
    return items;
  }
  for (std::size_t i = 0; i < value.tree().children.size(); ++i) items.push_back(value.child(i));
  return items;
}

std::optional<std::vector<std::string>> read_texts(const Value& value) {
  if (!value.is(YamlNode::Kind::list)) {
    read_list(value);
    return std::nullopt;
  }
  std::vector<std::string> texts;
  for (const Value& item : read_list(value)) {
    const auto text = read_text(item);
    if (!text) continue;
    if (std::find(texts.begin(), texts.end(), *text) != texts.end()) {
      item.complain(fmt::format("{} is in this list twice", shown(*text)));
    } else {
      texts.push_back(*text);
    }
  }
  return texts;
}

std::optional<std::vector<std::string>> read_text_or_texts(const Value& value) {
  if (value.is(YamlNode::Kind::list)) return read_texts(value);
  const auto text = read_text(value);
  if (!text) return std::nullopt;
  return std::vector<std::string>{*text};
}

}  // namespace jobfit
