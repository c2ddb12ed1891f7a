// Map: known keys in, complaints about the others out.
#include "catalog/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

std::string_view key_text(const Value& map, std::size_t pair) {
  return map.document->nodes[map.tree().children[2 * pair]].text;
}

}  // namespace

Map::Map(const Value& value, std::string what) : value_(value), what_(std::move(what)) {
  if (!value.is(YamlNode::Kind::map)) {
    value.complain(fmt::format("expected {}: a map of keys and values", what_));
    return;
  }
  readable_ = true;
  const std::size_t pairs = value.tree().children.size() / 2;
  std::vector<std::pair<std::string_view, std::size_t>> seen;
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    const Value key{value.document, value.problems, value.tree().children[2 * pair], kNoNode};
    if (!key.is(YamlNode::Kind::scalar)) {
      key.complain("a key must be a word");
      continue;
    }
    seen.emplace_back(key_text(value, pair), pair);
  }
  std::sort(seen.begin(), seen.end());
  for (std::size_t i = 1; i < seen.size(); ++i) {
    if (seen[i].first != seen[i - 1].first) continue;
    const Value again{value.document, value.problems, value.tree().children[2 * seen[i].second], kNoNode};
    const YamlNode& first = value.document->nodes[value.tree().children[2 * seen[i - 1].second]];
    again.complain(fmt::format("duplicate key '{}': first on line {}", seen[i].first, first.line));
  }
}

std::optional<Value> Map::find(std::string_view key) {
  if (!readable_) return std::nullopt;
  asked_.emplace_back(key);
  const auto& children = value_.tree().children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const YamlNode& node = value_.document->nodes[children[i]];
    if (node.kind == YamlNode::Kind::scalar && node.text == key) {
      return Value{value_.document, value_.problems, children[i + 1], children[i]};
    }
  }
  return std::nullopt;
}

std::optional<Value> Map::need(std::string_view key) {
  const auto found = find(key);
  if (!found && readable_) {
    std::string hint;
    for (std::size_t i = 0; i < value_.tree().children.size() / 2 && hint.empty(); ++i) {
      const std::vector<std::string> wanted = {std::string(key)};
      if (!closest(key_text(value_, i), wanted).empty())
        hint = fmt::format("is '{}' meant?", key_text(value_, i));
    }
    // A map's own mark is its first key or its brace: underline only the beginning.
    value_.complain(fmt::format("{} needs '{}'", what_, key), hint);
  }
  return found;
}

bool Map::text(std::string_view key, std::string& into) {
  const auto at = find(key);
  if (!at) return false;
  const auto text = read_text(*at);
  if (text) into = *text;
  return text.has_value();
}

void Map::number(std::string_view key, double& into, double low, double high) {
  if (const auto at = find(key)) {
    if (const auto number = read_number(*at, low, high)) into = *number;
  }
}

void Map::integer(std::string_view key, std::int64_t& into, std::int64_t low, std::int64_t high) {
  if (const auto at = find(key)) {
    if (const auto number = read_integer(*at, low, high)) into = *number;
  }
}

void Map::integer(std::string_view key, int& into, int low, int high) {
  std::int64_t wide = into;
  integer(key, wide, low, high);
  into = static_cast<int>(wide);
}

void Map::yes_no(std::string_view key, bool& into) {
  if (const auto at = find(key)) {
    if (const auto answer = read_yes_no(*at)) into = *answer;
  }
}

void Map::known(std::string_view key, Known& into) {
  constexpr std::string_view kNames[] = {"unknown", "no", "yes"};
  choice(key, into, kNames);
}

void Map::date(std::string_view key, Date& into) {
  if (const auto at = find(key)) {
    if (const auto date = read_date(*at)) into = *date;
  }
}

void Map::texts(std::string_view key, std::vector<std::string>& into) {
  if (const auto at = find(key)) {
    if (auto texts = read_texts(*at)) into = std::move(*texts);
  }
}

bool Map::choice(std::string_view key, std::string& into, std::span<const std::string_view> names) {
  const auto at = find(key);
  if (!at) return false;
  const auto index = read_choice(*at, names);
  if (index) into = names[*index];
  return index.has_value();
}

void Map::finish() {
  if (!readable_) return;
  const auto& children = value_.tree().children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const Value key{value_.document, value_.problems, children[i], kNoNode};
    if (!key.is(YamlNode::Kind::scalar)) continue;
    const std::string& text = key.tree().text;
    if (std::find(asked_.begin(), asked_.end(), text) != asked_.end()) continue;
    key.complain(fmt::format("unknown key '{}' in {}", text, what_), did_you_mean(text, asked_));
  }
}

}  // namespace jobfit
