// The facts of the candidates of one walk, computed when a rule asks.
#pragma once

#include "jobfit/rules.hpp"

#include "catalog/facts_table.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// One fact, in the form its kind compares (see catalog/facts_table.hpp), with what it rests on.
/// Looks into the catalog and the ratings; copies nothing.
struct FactValue {
  std::string_view text;
  std::span<const std::string> list;
  double number = 0;
  bool known = true;  ///< an unknown number or date satisfies no rule
  bool is_list = false;
  Date date;
  std::span<const std::uint32_t> evidence;  ///< indexes into Catalog::scores
  std::string_view source;                  ///< of a fact that is not a score

  /// As a reason says it; empty for a number.
  std::string said() const;
};

/// Worst standing of the model in the languages asked for; English when none was asked.
struct WorstLanguage {
  const LanguageStanding& standing;
  const std::string& tag;
};

class Facts;
/// What a fact is asked of.
struct FactOf {
  Facts& facts;
  const Candidate& candidate;
  const Model& model;
};
using FactGetter = FactValue (*)(const FactOf& it);

/// A predicate with its names looked up and its numbers read, for thousands of candidates to meet.
struct Check {
  const Predicate* predicate = nullptr;
  FactKind kind = FactKind::text;
  FactGetter getter = nullptr;        ///< none for a rating
  std::optional<std::size_t> column;  ///< of a rating
  double number = 0;                  ///< what is wanted, where that is a number
  Date date;                          ///< or a date
};

/// A rule whose predicates are looked up.
struct CheckedRule {
  const Rule* rule = nullptr;
  std::vector<Check> when, require;
};

class Facts {
 public:
  explicit Facts(const WalkInput& input) : input_(input) {}

  Check check(const Predicate& predicate) const;
  CheckedRule check(const Rule& rule) const;

  FactValue value(const Candidate& candidate, const Check& check);
  /// Whether the check's predicate holds of what the candidate has.
  static bool holds(const FactValue& value, const Check& check);
  bool holds(const Candidate& candidate, const Check& check) { return holds(value(candidate, check), check); }

  WorstLanguage worst_language(std::size_t model);
  /// The standing in one language of those asked for. Worked out once per model, and stays where it is.
  const LanguageStanding& standing(std::string_view tag, std::size_t model);

  const WalkInput& input() const { return input_; }

 private:
  struct Asked {
    std::string tag;
    LanguageLookup lookup;
    std::vector<std::optional<LanguageStanding>> standings;  ///< by model
  };
  /// Looked up when one is first asked for.
  std::vector<Asked>& languages();
  const WalkInput& input_;
  std::vector<Asked> languages_;
};

/// "measured-bad" and the like, as rules and reports write them.
std::string_view language_status_name(LanguageStatus status);
std::string_view basis_name(Basis basis);

}  // namespace jobfit
