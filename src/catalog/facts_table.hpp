// The facts that a rule may speak of: one closed table, for the checks when a file is
// read and for src/rules, which computes each of them.
#pragma once

#include "jobfit/catalog.hpp"
#include "jobfit/questions.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

enum class FactKind {
  text,    ///< is, is_not, any_of, none_of; any text, or one of `values`
  list,    ///< includes (all of the values), any_of (at least one), none_of
  number,  ///< at_least, at_most, is
  date,    ///< before, after (a date known to the month counts as its first day)
};

/// What the text of a fact names, to catch a typo where any text would do.
enum class FactNames { nothing, models, families, makers, licenses };

struct Fact {
  std::string_view name;  ///< "license.commercial"; "rating." and "basis." end in a capability
  FactKind kind = FactKind::text;
  std::vector<std::string_view> values;  ///< closed set; empty: open
  FactNames names = FactNames::nothing;
};

inline constexpr const char* kOperatorNames[] = {"is",       "is_not",  "any_of", "none_of", "includes",
                                                 "at_least", "at_most", "before", "after"};

/// Every fact; "rating." and "basis." stand for one fact per capability.
std::span<const Fact> facts();
/// The fact of this name; "rating.code" finds "rating.". nullptr: no such fact.
const Fact* find_fact(std::string_view name);
/// "rating.code" → "code"; empty for a fact that is not about a capability.
std::string_view fact_capability(std::string_view name);
/// All names, capabilities spelled out, for a did-you-mean.
std::vector<std::string> fact_names(const Catalog& catalog);
/// The operators that a kind of fact takes.
std::vector<Predicate::Op> operators_of(FactKind kind);

}  // namespace jobfit
