// A Hugging Face config.json as typed facts that know where they stand in the text.
#pragma once

#include <nlohmann/json.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jobfit/diagnostic.hpp"

namespace jobfit {

class ConfigSource {
 public:
  using Names = std::initializer_list<const char*>;

  /// `problems` is non-empty where the text is no JSON object.
  ConfigSource(std::string_view text, std::string file);

  /// The first of these names that is there and not null: in the nested text model first, then outside.
  const nlohmann::json* find(Names names) const;
  bool has(Names names) const { return find(names) != nullptr; }
  std::optional<std::int64_t> integer(Names names);
  std::optional<double> real(Names names);
  bool flag(Names names, bool fallback);
  std::string string(Names names, std::string_view fallback = "");
  std::vector<std::string> strings(Names names);
  /// A list of whole numbers; empty where absent.
  std::vector<std::int64_t> integers(Names names);
  void problem(std::string_view name, std::string message);

  std::vector<Diagnostic> problems;

 private:
  std::size_t place(std::string_view name) const;
  Diagnostic at(std::size_t byte, std::string message) const;

  std::string text_, file_;
  nlohmann::json root_;
  const nlohmann::json* nested_ = nullptr;
  std::size_t nested_from_ = 0;
};

}  // namespace jobfit
