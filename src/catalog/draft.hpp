// A catalog while it is being read: records by name, references not yet resolved.
#pragma once

#include "jobfit/catalog.hpp"

#include "catalog/reader.hpp"

#include <map>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace jobfit {

struct DraftScore {
  Score score;  ///< `table` indexes Draft::tables; `model` and `setting` are filled in at the end
  std::string model;
  Setting setting;
  Place place;             ///< unknown of one of the catalog underneath
  bool from_base = false;  ///< of the catalog underneath: an overlay may correct it
};

struct Draft {
  Catalog catalog;  ///< all but tables and scores
  std::vector<EvidenceTable> tables;
  std::vector<DraftScore> scores;
  std::vector<Diagnostic> problems;
  bool overlaying = false;

  std::unordered_set<std::string> model_ids;       ///< of the base and of these files
  std::map<std::string, std::string> model_hints;  ///< unknown model → what was probably meant
  std::map<std::string, std::size_t> base_tables;  ///< what makes two tables the same → index in tables
  std::map<std::string, Place> seen;               ///< "model qwen3.6-27b" → where these files give it
  std::map<std::string, std::size_t> score_keys;   ///< what makes two scores the same → index in scores
  std::vector<std::pair<Value, std::string>> successors,
      parents;  ///< where a model names another; its own id
  std::vector<Value> related_languages;
  std::vector<Value> failures;  ///< where a question names a failure
  std::vector<Value> reasons;   ///< where a rule names its sentence
};

/// The record of `list` that `id` names: a new one, or, laid over a base, the one to correct.
/// Given a second time in the same files it is complained about, and goes to `scratch`.
template <typename T>
T& record_for(Draft& draft, std::vector<T>& list, std::string T::*field, const Value& id,
              const std::string& what, bool& is_new, T& scratch) {
  const std::string& name = id.tree().text;
  is_new = true;
  const auto [first, inserted] = draft.seen.emplace(what + " " + name, id.place());
  if (!inserted) {
    id.complain(what + " '" + name + "' is given twice: first at " + written_at(first->second));
    is_new = false;
    return scratch;
  }
  if (draft.overlaying) {
    for (T& record : list) {
      if (record.*field == name) {
        is_new = false;
        return record;
      }
    }
  }
  list.emplace_back();
  list.back().*field = name;
  return list.back();
}

/// The names in `list`, for a did-you-mean.
template <typename T>
std::vector<std::string> names_of(const std::vector<T>& list, std::string T::*field) {
  std::vector<std::string> names;
  for (const T& record : list) names.push_back(record.*field);
  return names;
}

// Each reads one list of records (the file, or a section of an overlay file).
void read_models(Draft& draft, const Value& list);
void read_tables(Draft& draft, const Value& list, const std::string& stem);
/// A base's tables and scores as drafts, so that an overlay can correct and join them.
void unsettle(Draft& draft);
void read_metrics(Draft& draft, const Value& list);
void read_capabilities(Draft& draft, const Value& list);
void read_languages(Draft& draft, const Value& list);
void read_quantizations(Draft& draft, const Value& list);
void read_glossary(Draft& draft, const Value& list);
void read_devices(Draft& draft, const Value& list);
void read_presets(Draft& draft, const Value& list);
void read_words(Draft& draft, const Value& map, const std::string& language);
void read_question(Draft& draft, const Value& map);

/// A language that the catalog knows; complains and returns false otherwise. A catalog without any
/// language (a test's, a part's) takes every well-formed tag; likewise for the others.
bool check_language(const Catalog& catalog, const Value& value);
bool check_capability(const Catalog& catalog, const Value& value);
bool check_model(Draft& draft, const Value& value);

/// Names of tokens: 8192, 32K, 1M.
std::optional<std::int64_t> read_tokens(const Value& value);

/// What can only be checked when all files are read: references, circles, holes of translated sentences.
void check_references(Draft& draft);
/// Tables and scores into the catalog, everything in its order, version and date.
void settle(Draft& draft);

}  // namespace jobfit
