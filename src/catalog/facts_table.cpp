#include "catalog/facts_table.hpp"

namespace jobfit {
namespace {

using Names = std::vector<std::string_view>;

const Names kYesNo = {"yes", "no"};
const Names kKnown = {"yes", "no", "unknown"};
const Names kModalities = {"text", "image", "audio", "video"};

const std::vector<Fact> kFacts = {
    // What the model is.
    {"id", FactKind::text, {}, FactNames::models},
    {"kind", FactKind::text, {"general", "coder", "translator", "ocr", "math", "roleplay", "base"}},
    {"family", FactKind::text, {}, FactNames::families},
    {"maker", FactKind::text, {}, FactNames::makers},
    {"weights", FactKind::text, {"open", "closed"}},
    {"derived_from", FactKind::text, {}, FactNames::models},
    {"released", FactKind::date, {}},
    {"retired", FactKind::text, kYesNo},
    {"superseded", FactKind::text, kYesNo},
    {"parameters.total", FactKind::number, {}},
    {"parameters.active", FactKind::number, {}},
    {"size.known", FactKind::text, kYesNo},
    // Under which terms.
    {"license.id", FactKind::text, {}, FactNames::licenses},
    {"license.commercial", FactKind::text, {"yes", "no", "conditional", "unknown"}},
    {"license.excluded_territories", FactKind::list, {}},
    // What it takes and does.
    {"context", FactKind::number, {}},
    {"context.extended", FactKind::number, {}},
    {"inputs", FactKind::list, kModalities},
    {"thinking", FactKind::text, {"none", "optional", "always", "unknown"}},
    {"tools", FactKind::text, kKnown},
    {"fill_in_middle", FactKind::text, kKnown},
    {"structured_output", FactKind::text, kKnown},
    {"mtp", FactKind::text, {"heads", "drafter", "none", "unknown"}},
    // Where it is had, and where it would run.
    {"ollama", FactKind::text, kYesNo},
    {"builds.gguf", FactKind::text, kYesNo},
    {"route", FactKind::text, {"this-machine", "own-server", "cloud"}},
    {"hosting.under_contract", FactKind::text, kKnown},
    // How good it is: the worst of the languages asked for; one capability.
    {"language.status",
     FactKind::text,
     {"measured", "measured-bad", "sibling", "listed", "counted", "unknown", "excluded"}},
    {"language.rating", FactKind::number, {}},
    {"rating.", FactKind::number, {}},
    {"basis.", FactKind::text, {"measured", "sibling", "family", "predicted", "none"}},
};

}  // namespace

std::span<const Fact> facts() { return kFacts; }

std::string_view fact_capability(std::string_view name) {
  for (const std::string_view prefix : {std::string_view("rating."), std::string_view("basis.")}) {
    if (name.starts_with(prefix)) return name.substr(prefix.size());
  }
  return {};
}

const Fact* find_fact(std::string_view name) {
  const std::string_view capability = fact_capability(name);
  const std::string_view wanted = name.substr(0, name.size() - capability.size());
  for (const Fact& fact : kFacts) {
    if (fact.name == wanted && (fact.name.back() != '.' || !capability.empty())) return &fact;
  }
  return nullptr;
}

std::vector<std::string> fact_names(const Catalog& catalog) {
  std::vector<std::string> names;
  for (const Fact& fact : kFacts) {
    if (fact.name.back() != '.') {
      names.emplace_back(fact.name);
      continue;
    }
    for (const Capability& capability : catalog.capabilities)
      names.push_back(std::string(fact.name) + capability.id);
  }
  return names;
}

std::vector<Predicate::Op> operators_of(FactKind kind) {
  using Op = Predicate::Op;
  switch (kind) {
    case FactKind::text:
      return {Op::is, Op::is_not, Op::any_of, Op::none_of};
    case FactKind::list:
      return {Op::includes, Op::any_of, Op::none_of};
    case FactKind::number:
      return {Op::at_least, Op::at_most, Op::is};
    case FactKind::date:
      return {Op::before, Op::after};
  }
  return {};
}

}  // namespace jobfit
