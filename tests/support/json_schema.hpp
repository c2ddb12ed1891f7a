// A validator for the part of JSON Schema 2020-12 that data/schema uses. A keyword it does
// not know is an error, so that no schema promises what no test holds.
#pragma once

#include <nlohmann/json.hpp>

#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace jobfit::test {

/// Every breach, as "path: what". Properties that the schema does not name are breaches too.
class SchemaCheck {
 public:
  explicit SchemaCheck(nlohmann::json schema) : schema_(std::move(schema)) {}

  std::vector<std::string> check(const nlohmann::json& document) {
    problems_.clear();
    visit(schema_, document, "$");
    return problems_;
  }

 private:
  using Json = nlohmann::json;

  void complain(const std::string& path, const std::string& what) { problems_.push_back(path + ": " + what); }

  static bool is_type(const Json& value, const std::string& type) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.is_boolean();
    if (type == "integer") return value.is_number_integer();
    if (type == "number") return value.is_number();
    if (type == "string") return value.is_string();
    if (type == "array") return value.is_array();
    return type == "object" && value.is_object();
  }

  void keywords_known(const Json& schema, const std::string& path) {
    static const std::set<std::string> kKnown = {
        "$schema",  "$defs", "$ref",        "title",    "description", "type",          "properties",
        "required", "items", "prefixItems", "minItems", "maxItems",    "minProperties", "maxProperties",
        "enum",     "const", "anyOf",       "minimum",  "maximum",     "pattern"};
    for (const auto& [key, value] : schema.items()) {
      if (!kKnown.contains(key)) complain(path, "the schema uses '" + key + "'");
    }
  }

  void visit(const Json& schema, const Json& value, const std::string& path) {
    if (schema.is_boolean()) {
      if (!schema.get<bool>()) complain(path, "nothing may stand here");
      return;
    }
    keywords_known(schema, path);
    if (schema.contains("$ref")) {
      const std::string name = schema["$ref"].get<std::string>().substr(std::string("#/$defs/").size());
      if (!schema_["$defs"].contains(name)) return complain(path, "no $defs/" + name);
      visit(schema_["$defs"][name], value, path);
    }
    if (schema.contains("anyOf")) return any_of(schema["anyOf"], value, path);
    if (schema.contains("const") && value != schema["const"]) complain(path, "is " + value.dump());
    if (schema.contains("enum")) {
      bool found = false;
      for (const Json& one : schema["enum"]) found = found || one == value;
      if (!found) complain(path, value.dump() + " is none of " + schema["enum"].dump());
    }
    if (schema.contains("type")) {
      const Json& type = schema["type"];
      bool fits = type.is_string() && is_type(value, type.get<std::string>());
      if (type.is_array()) {
        for (const Json& one : type) fits = fits || is_type(value, one.get<std::string>());
      }
      if (!fits) return complain(path, value.dump().substr(0, 60) + " is no " + type.dump());
    }
    if (value.is_number()) number(schema, value, path);
    if (value.is_string() && schema.contains("pattern")) {
      const std::regex pattern(schema["pattern"].get<std::string>());
      if (!std::regex_search(value.get<std::string>(), pattern)) complain(path, "does not match");
    }
    if (value.is_object()) object(schema, value, path);
    if (value.is_array()) array(schema, value, path);
  }

  void any_of(const Json& branches, const Json& value, const std::string& path) {
    std::vector<std::string> kept = problems_;
    std::vector<std::string> nearest;
    for (const Json& branch : branches) {
      problems_.clear();
      visit(branch, value, path);
      if (problems_.empty()) {
        problems_ = kept;
        return;
      }
      if (nearest.size() < problems_.size()) nearest = problems_;
    }
    problems_ = kept;
    problems_.insert(problems_.end(), nearest.begin(), nearest.end());
  }

  void number(const Json& schema, const Json& value, const std::string& path) {
    if (schema.contains("minimum") && value.get<double>() < schema["minimum"].get<double>())
      complain(path, "too small");
    if (schema.contains("maximum") && value.get<double>() > schema["maximum"].get<double>())
      complain(path, "too large");
  }

  void object(const Json& schema, const Json& value, const std::string& path) {
    if (schema.contains("required")) {
      for (const Json& key : schema["required"]) {
        if (!value.contains(key.get<std::string>())) complain(path, "lacks " + key.get<std::string>());
      }
    }
    if (schema.contains("minProperties") && value.size() < schema["minProperties"].get<std::size_t>())
      complain(path, "too few keys");
    if (schema.contains("maxProperties") && value.size() > schema["maxProperties"].get<std::size_t>())
      complain(path, "too many keys");
    if (!schema.contains("properties")) return;
    for (const auto& [key, one] : value.items()) {
      if (schema["properties"].contains(key))
        visit(schema["properties"][key], one, path + "." + key);
      else if (!schema.contains("$ref"))
        complain(path, "the schema does not name " + key);
    }
  }

  void array(const Json& schema, const Json& value, const std::string& path) {
    if (schema.contains("minItems") && value.size() < schema["minItems"].get<std::size_t>())
      complain(path, "too short");
    if (schema.contains("maxItems") && value.size() > schema["maxItems"].get<std::size_t>())
      complain(path, "too long");
    for (std::size_t i = 0; i < value.size(); ++i) {
      const std::string at = path + "[" + std::to_string(i) + "]";
      if (schema.contains("prefixItems") && i < schema["prefixItems"].size())
        visit(schema["prefixItems"][i], value[i], at);
      else if (schema.contains("items"))
        visit(schema["items"], value[i], at);
    }
  }

  Json schema_;
  std::vector<std::string> problems_;
};

/// The shipped schema "advice", "machine", ...
inline nlohmann::json shipped_schema(const std::string& name) {
  std::ifstream in(std::string(JOBFIT_DATA_DIR) + "/schema/" + name + ".schema.json");
  return nlohmann::json::parse(in);
}

/// Every breach of the shipped schema `name` by the text of a document.
inline std::vector<std::string> breaches(const std::string& name, const std::string& document) {
  const auto json = nlohmann::json::parse(document, nullptr, false);
  if (json.is_discarded()) return {"not JSON"};
  return SchemaCheck(shipped_schema(name)).check(json);
}

}  // namespace jobfit::test
