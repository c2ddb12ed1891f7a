#include "rules/facts.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

namespace jobfit {
namespace {

constexpr std::string_view kKnownNames[] = {"unknown", "no", "yes"};
constexpr std::string_view kThinkingNames[] = {"unknown", "none", "optional", "always"};
constexpr std::string_view kCommercialNames[] = {"unknown", "no", "conditional", "yes"};
constexpr std::string_view kStatusNames[] = {"measured", "measured-bad", "sibling", "listed",
                                             "counted",  "unknown",      "excluded"};
constexpr std::string_view kBasisNames[] = {"measured", "sibling", "family", "predicted", "none"};

FactValue text(std::string_view value, std::string_view source = {}) {
  FactValue fact;
  fact.text = value;
  fact.source = source;
  return fact;
}

FactValue list(const std::vector<std::string>& values, std::string_view source = {}) {
  FactValue fact;
  fact.list = values;
  fact.is_list = true;
  fact.source = source;
  return fact;
}

FactValue number(double value, bool known, std::string_view source = {}) {
  FactValue fact;
  fact.number = value;
  fact.known = known;
  fact.source = source;
  return fact;
}

FactValue yes_no(bool value) { return text(value ? "yes" : "no"); }
FactValue known(Known value) { return text(kKnownNames[static_cast<int>(value)]); }

FactValue rating_fact(const Rating& rating) {
  FactValue fact = number(rating.value, rating.basis != Basis::none);
  fact.text = basis_name(rating.basis);
  fact.evidence = rating.scores;
  return fact;
}

bool any_build(const Model& model, std::string_view format) {
  return std::any_of(model.builds.begin(), model.builds.end(),
                     [&](const Build& build) { return build.format == format; });
}

std::string_view first_source(const Model& model) {
  return model.sources.empty() ? std::string_view() : model.sources.front();
}

FactValue language_fact(const LanguageStanding& standing) {
  FactValue fact = rating_fact(standing.rating);
  fact.source = standing.source;
  return fact;
}

FactValue contract_fact(const Candidate& candidate, const Model& model) {
  if (candidate.route != Route::cloud) return known(Known::unknown);
  const Hosting& hosting = model.hosting[candidate.hosting];
  FactValue value = known(hosting.under_contract);
  value.source = hosting.source;
  return value;
}

struct NamedGetter {
  std::string_view name;
  FactGetter getter;
};

// What each name of catalog/facts_table.cpp means; ratings apart, which are one per capability.
constexpr NamedGetter kGetters[] = {
    {"id", [](const FactOf& it) { return text(it.model.id); }},
    {"kind", [](const FactOf& it) { return text(it.model.kind, first_source(it.model)); }},
    {"family", [](const FactOf& it) { return text(it.model.family); }},
    {"maker", [](const FactOf& it) { return text(it.model.maker); }},
    {"weights",
     [](const FactOf& it) {
       return text(it.model.open_weights ? "open" : "closed", first_source(it.model));
     }},
    {"derived_from", [](const FactOf& it) { return text(it.model.derived_from); }},
    {"released",
     [](const FactOf& it) {
       FactValue value;
       value.date = it.model.released;
       value.known = it.model.released.known();
       return value;
     }},
    {"retired", [](const FactOf& it) { return yes_no(it.model.retired.known()); }},
    {"superseded", [](const FactOf& it) { return yes_no(!it.model.superseded_by.empty()); }},
    {"parameters.total",
     [](const FactOf& it) { return number(it.model.parameters, it.model.parameters > 0); }},
    {"parameters.active",
     [](const FactOf& it) { return number(it.model.active_parameters, it.model.active_parameters > 0); }},
    {"size.known", [](const FactOf& it) { return yes_no(!it.model.shape.empty()); }},
    {"license.id", [](const FactOf& it) { return text(it.model.license.id, it.model.license.source); }},
    {"license.commercial",
     [](const FactOf& it) {
       return text(kCommercialNames[static_cast<int>(it.model.license.commercial)], it.model.license.source);
     }},
    {"license.excluded_territories",
     [](const FactOf& it) { return list(it.model.license.excluded_territories, it.model.license.source); }},
    {"context",
     [](const FactOf& it) {
       return number(static_cast<double>(it.model.context.native), it.model.context.native > 0,
                     it.model.context.source);
     }},
    {"context.extended",
     [](const FactOf& it) {
       const auto longest = std::max(it.model.context.native, it.model.context.extended);
       return number(static_cast<double>(longest), longest > 0, it.model.context.source);
     }},
    {"inputs", [](const FactOf& it) { return list(it.model.inputs, first_source(it.model)); }},
    {"thinking",
     [](const FactOf& it) {
       return text(kThinkingNames[static_cast<int>(it.model.thinking)], first_source(it.model));
     }},
    {"tools", [](const FactOf& it) { return known(it.model.tools); }},
    {"fill_in_middle", [](const FactOf& it) { return known(it.model.fill_in_middle); }},
    {"structured_output", [](const FactOf& it) { return known(it.model.structured_output); }},
    {"mtp", [](const FactOf& it) { return text(it.model.mtp.empty() ? "unknown" : it.model.mtp); }},
    {"ollama", [](const FactOf& it) { return yes_no(!it.model.ollama.empty()); }},
    {"builds.gguf", [](const FactOf& it) { return yes_no(any_build(it.model, "gguf")); }},
    {"language.status",
     [](const FactOf& it) {
       const LanguageStanding& standing = it.facts.worst_language(it.candidate.model).standing;
       FactValue fact = language_fact(standing);
       fact.text = language_status_name(standing.status);
       return fact;
     }},
    {"language.rating",
     [](const FactOf& it) { return language_fact(it.facts.worst_language(it.candidate.model).standing); }},
    {"route", [](const FactOf& it) { return text(kRouteNames[static_cast<int>(it.candidate.route)]); }},
    {"hosting.under_contract", [](const FactOf& it) { return contract_fact(it.candidate, it.model); }},
};

bool has(const FactValue& value, const std::string& wanted) {
  if (value.is_list) return std::find(value.list.begin(), value.list.end(), wanted) != value.list.end();
  return value.text == wanted;
}

}  // namespace

std::string_view language_status_name(LanguageStatus status) {
  return kStatusNames[static_cast<int>(status)];
}
std::string_view basis_name(Basis basis) { return kBasisNames[static_cast<int>(basis)]; }

std::string FactValue::said() const {
  if (is_list) return fmt::format("{}", fmt::join(list, ", "));
  return date.known() ? format_date(date) : std::string(text);
}

std::vector<Facts::Asked>& Facts::languages() {
  if (!languages_.empty()) return languages_;
  std::vector<std::string> tags = input_.answers.languages;
  if (tags.empty()) tags = {"en"};
  for (std::string& tag : tags) {
    LanguageLookup lookup(input_.catalog, input_.ratings, tag);
    languages_.push_back({std::move(tag), std::move(lookup), {}});
    languages_.back().standings.resize(input_.catalog.models.size());
  }
  return languages_;
}

const LanguageStanding& Facts::standing(std::string_view tag, std::size_t model) {
  auto& languages = this->languages();
  const auto asked =
      std::find_if(languages.begin(), languages.end(), [&](const Asked& one) { return one.tag == tag; });
  assert(asked != languages.end());
  auto& kept = asked->standings[model];
  if (!kept) kept = asked->lookup.of(model);
  return *kept;
}

WorstLanguage Facts::worst_language(std::size_t model) {
  // Best to worst, as a gate sees it; among equals the lower rating is the worse.
  constexpr int kBadness[] = {0, 5, 1, 2, 3, 4, 6};
  const Asked* worst = nullptr;
  for (const Asked& asked : languages()) {
    const LanguageStanding& here = standing(asked.tag, model);
    if (worst == nullptr) {
      worst = &asked;
      continue;
    }
    const LanguageStanding& other = *worst->standings[model];
    const int badness = kBadness[static_cast<int>(here.status)],
              most = kBadness[static_cast<int>(other.status)];
    if (badness > most || (badness == most && here.rating.value < other.rating.value)) worst = &asked;
  }
  return {*worst->standings[model], worst->tag};
}

Check Facts::check(const Predicate& predicate) const {
  const Fact* fact = find_fact(predicate.fact);
  assert(fact != nullptr && !predicate.values.empty());
  Check check;
  check.predicate = &predicate;
  check.kind = fact->kind;
  const std::string& wanted = predicate.values.front();
  if (fact->kind == FactKind::number)
    std::from_chars(wanted.data(), wanted.data() + wanted.size(), check.number);
  if (fact->kind == FactKind::date) check.date = *parse_date(wanted);
  if (const std::string_view capability = fact_capability(predicate.fact); !capability.empty()) {
    check.column = input_.ratings.column(capability);
    return check;
  }
  const auto named = std::find_if(std::begin(kGetters), std::end(kGetters),
                                  [&](const NamedGetter& getter) { return getter.name == predicate.fact; });
  assert(named != std::end(kGetters));
  check.getter = named->getter;
  return check;
}

CheckedRule Facts::check(const Rule& rule) const {
  CheckedRule checked{&rule, {}, {}};
  for (const Predicate& predicate : rule.when) checked.when.push_back(check(predicate));
  for (const Predicate& predicate : rule.require) checked.require.push_back(check(predicate));
  return checked;
}

FactValue Facts::value(const Candidate& candidate, const Check& check) {
  if (check.getter != nullptr) return check.getter({*this, candidate, input_.catalog.models[candidate.model]});
  static const Rating kNone;
  const bool rated = check.column && candidate.model < input_.ratings.models();
  return rating_fact(rated ? input_.ratings.at(candidate.model, *check.column) : kNone);
}

bool Facts::holds(const FactValue& value, const Check& check) {
  using Op = Predicate::Op;
  const auto& values = check.predicate->values;
  const auto has_it = [&](const std::string& wanted) { return has(value, wanted); };
  switch (check.predicate->op) {
    case Op::is:
      if (check.kind == FactKind::number) return value.known && std::abs(value.number - check.number) < 1e-9;
      return has(value, values.front());
    case Op::is_not:
      return !has(value, values.front());
    case Op::any_of:
      return std::any_of(values.begin(), values.end(), has_it);
    case Op::none_of:
      return std::none_of(values.begin(), values.end(), has_it);
    case Op::includes:
      return std::all_of(values.begin(), values.end(), has_it);
    case Op::at_least:
      return value.known && value.number >= check.number;
    case Op::at_most:
      return value.known && value.number <= check.number;
    case Op::before:
      return value.known && value.date < check.date;
    case Op::after:
      return value.known && value.date > check.date;
  }
  return false;
}

}  // namespace jobfit
