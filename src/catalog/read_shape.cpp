// A model's shape: GGUF metadata keys, without the architecture's prefix.
#include "catalog/read_model_parts.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <set>

namespace jobfit {
namespace {

constexpr std::size_t kMostLayers = 4096;

/// An integer, a yes or a no (as 1 and 0): what a list by layer holds.
std::optional<std::int64_t> read_layer_value(const Value& value) {
  if (value.is(YamlNode::Kind::scalar) && value.tree().plain) {
    const std::string& text = value.tree().text;
    if (text == "true" || text == "yes") return 1;
    if (text == "false" || text == "no") return 0;
  }
  return read_integer(value, 0, kAnyInteger);
}

std::vector<std::int64_t> read_layer_list(const Value& list) {
  std::vector<std::int64_t> values;
  for (const Value& item : read_list(list)) {
    if (const auto value = read_layer_value(item)) values.push_back(*value);
  }
  if (values.size() > kMostLayers) {
    list.complain("more layers than any model has");
    values.clear();
  }
  return values;
}

/// {pattern: [0, 0, 0, 4], repeat: 16}
std::vector<std::int64_t> read_pattern(const Value& value) {
  Map map(value, "a pattern");
  const auto pattern = map.need("pattern");
  int repeat = 0;
  map.need("repeat");
  map.integer("repeat", repeat, 1, static_cast<int>(kMostLayers));
  map.finish();
  std::vector<std::int64_t> values;
  if (!pattern) return values;
  const std::vector<std::int64_t> once = read_layer_list(*pattern);
  if (once.size() * static_cast<std::size_t>(repeat) > kMostLayers) {
    value.complain("more layers than any model has");
    return values;
  }
  for (int i = 0; i < repeat; ++i) values.insert(values.end(), once.begin(), once.end());
  return values;
}

std::optional<Hyperparameters::Value> read_scalar(const Value& value) {
  const std::string& text = value.tree().text;
  if (!value.tree().plain) return text;
  if (text == "true" || text == "yes") return true;
  if (text == "false" || text == "no") return false;
  const char* const end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto [stop, error] = std::from_chars(text.data(), end, integer);
      error == std::errc{} && stop == end) {
    if (integer >= 0) return integer;
  }
  double number = 0;
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool numeric = stop == end && (error == std::errc{} || error == std::errc::result_out_of_range);
  if (numeric || text == ".nan" || text == ".inf" || text == "-.inf") {
    const auto checked = read_number(value, 0, kAnyNumber);
    if (!checked) return std::nullopt;
    if (*checked == std::floor(*checked) && *checked < 1e18) return static_cast<std::int64_t>(*checked);
    return *checked;
  }
  return text;
}

void set(Hyperparameters& shape, const std::string& key, Hyperparameters::Value value) {
  for (auto& [name, known] : shape.values) {
    if (name == key) {
      known = std::move(value);
      return;
    }
  }
  shape.values.emplace_back(key, std::move(value));
}

}  // namespace

void read_shape(Map& model, Hyperparameters& shape) {
  const auto at = model.find("shape");
  if (!at) return;
  Map map(*at, "a shape");
  if (!map.readable()) return;
  if (shape.empty()) map.need("architecture");
  const auto& children = at->tree().children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const YamlNode& key = at->document->nodes[children[i]];
    if (key.kind != YamlNode::Kind::scalar) continue;
    const Value value{at->document, at->problems, children[i + 1], children[i]};
    switch (value.tree().kind) {
      case YamlNode::Kind::null:
        read_text(value);
        break;
      case YamlNode::Kind::list:
        set(shape, key.text, read_layer_list(value));
        break;
      case YamlNode::Kind::map:
        set(shape, key.text, read_pattern(value));
        break;
      case YamlNode::Kind::scalar:
        if (auto scalar = read_scalar(value)) set(shape, key.text, std::move(*scalar));
        break;
    }
  }
}

}  // namespace jobfit
