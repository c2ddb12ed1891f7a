// Typed reading of a YAML tree. Nothing here stops at the first problem: each
// complaint is noted with its place, and the field it is about stays as it was.
#pragma once

#include "jobfit/units.hpp"

#include "catalog/yaml_tree.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// A value in a document, and the key it was written under: a value that is missing
/// is complained about at its key, since the parser marks it on the next line.
struct Value {
  const YamlDocument* document = nullptr;
  std::vector<Diagnostic>* problems = nullptr;
  std::uint32_t node = kNoNode;
  std::uint32_t key = kNoNode;

  const YamlNode& tree() const { return document->nodes[node]; }
  bool is(YamlNode::Kind kind) const { return tree().kind == kind; }
  Value child(std::size_t index) const;  ///< of a list; its own place
  Place place() const;
  void complain(std::string message, std::string hint = {}) const;
};

/// "file:line:column", to point at a second place in a message.
std::string written_at(const Place& place);
/// "a", "a or b", "a, b or c".
std::string one_of(std::span<const std::string_view> names);

std::optional<std::string> read_text(const Value& value);  ///< not empty
std::optional<double> read_number(const Value& value, double low, double high);
std::optional<std::int64_t> read_integer(const Value& value, std::int64_t low, std::int64_t high);
std::optional<bool> read_yes_no(const Value& value);
std::optional<Date> read_date(const Value& value);
/// The index in `names`.
std::optional<std::size_t> read_choice(const Value& value, std::span<const std::string_view> names);
/// Items of a list, or nothing after a complaint.
std::vector<Value> read_list(const Value& value);
/// A list of texts, none twice.
std::optional<std::vector<std::string>> read_texts(const Value& value);
/// Like read_texts, and a single text will do.
std::optional<std::vector<std::string>> read_text_or_texts(const Value& value);

inline constexpr double kAnyNumber = std::numeric_limits<double>::max();
inline constexpr std::int64_t kAnyInteger = std::int64_t{1} << 60;

/// A map of known keys. Every getter makes its key known and leaves `into` alone where
/// the key is absent or its value is wrong; finish() complains about the keys nobody asked for.
class Map {
 public:
  /// `what` names it in complaints: "a model".
  Map(const Value& value, std::string what);

  bool readable() const { return readable_; }
  const Value& value() const { return value_; }
  std::optional<Value> find(std::string_view key);
  /// Like find, and complains when the key is absent.
  std::optional<Value> need(std::string_view key);

  bool text(std::string_view key, std::string& into);
  void number(std::string_view key, double& into, double low, double high);
  void integer(std::string_view key, std::int64_t& into, std::int64_t low, std::int64_t high);
  void integer(std::string_view key, int& into, int low, int high);
  void yes_no(std::string_view key, bool& into);
  void known(std::string_view key, Known& into);
  void date(std::string_view key, Date& into);
  void texts(std::string_view key, std::vector<std::string>& into);
  /// A text that must be one of `names`.
  bool choice(std::string_view key, std::string& into, std::span<const std::string_view> names);
  template <typename Enum>
  void choice(std::string_view key, Enum& into, std::span<const std::string_view> names) {
    if (const auto at = find(key)) {
      if (const auto index = read_choice(*at, names)) into = static_cast<Enum>(*index);
    }
  }
  void finish();

 private:
  Value value_;
  std::string what_;
  bool readable_ = false;
  std::vector<std::string> asked_;
};

}  // namespace jobfit
