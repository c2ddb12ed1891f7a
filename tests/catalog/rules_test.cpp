#include "jobfit/catalog.hpp"

#include "catalog/facts_table.hpp"
#include "small_data.hpp"
#include "support/test.hpp"

using namespace jobfit;

namespace {

RulesRead rules_of(const std::string& text) { return read_rules({"team.yaml", text}, small_catalog()); }

/// The first message about one predicate.
std::string about(const std::string& predicate) {
  const auto read = rules_of("rules:\n  - {id: r, gate: job, because: no, require: [{" + predicate + "}]}\n");
  if (read.problems.empty()) return "";
  return read.problems[0].message + (read.problems[0].hint.empty() ? "" : " / " + read.problems[0].hint);
}

}  // namespace

TEST_CASE("a team's rules are read with their gate and predicates", "[catalog]") {
  const auto read = rules_of(
      "rules:\n"
      "  - id: team.osi\n    gate: job\n    require: [{fact: license.id, any_of: [Apache-2.0, MIT]}]\n"
      "    because: our lawyers allow only {wanted}\n    note: checked yearly\n"
      "  - id: team.young\n    gate: failure\n    when: [{fact: route, is: this-machine}]\n"
      "    require: [{fact: released, after: 2025-11}, {fact: context, at_least: 32K}]\n    because: too "
      "old\n");
  CHECK(format_diagnostics(read.problems) == "");
  REQUIRE(read.rules.size() == 2);
  CHECK(read.rules[0].gate == Gate::job);
  CHECK(read.rules[0].because.key == "our lawyers allow only {wanted}");
  CHECK(read.rules[1].gate == Gate::failure);
  CHECK(read.rules[1].when[0].op == Predicate::Op::is);
  CHECK(read.rules[1].require[0].op == Predicate::Op::after);
  CHECK(read.rules[1].require[0].values == std::vector<std::string>{"2025-11"});
  CHECK(read.rules[1].require[1].values == std::vector<std::string>{"32768"});
  CHECK(read.rules[1].place.line == 7);
}

TEST_CASE("a typo in a fact is an error, not a rule that never fires", "[catalog]") {
  const auto read =
      rules_of("rules:\n  - {id: r, gate: job, because: no, require: [{fact: licence.id, is: MIT}]}\n");
  CHECK(format_diagnostics(read.problems) ==
        "team.yaml:2:54: error: no fact is called 'licence.id'\n"
        "    2 |   - {id: r, gate: job, because: no, require: [{fact: licence.id, is: MIT}]}\n"
        "      |                                                      ^~~~~~~~~~\n"
        "  did you mean 'license.id'?\n");
}

TEST_CASE("a value that the fact cannot have is an error", "[catalog]") {
  CHECK(about("fact: kind, is: codr") ==
        "expected general, coder, translator, ocr, math, roleplay or base, found 'codr' / did you mean "
        "'coder'?");
  CHECK(about("fact: inputs, includes: picture").starts_with("expected text, image, audio or video"));
  CHECK(about("fact: maker, is: Alya") == "'Alya' is the maker of no model / did you mean 'Ayla'?");
  CHECK(about("fact: id, none_of: [alpha-8b, beta9b]") ==
        "'beta9b' is the id of no model / did you mean 'beta-9b'?");
  CHECK(about("fact: license.id, is: apache 2.0") ==
        "no license is spelled 'apache 2.0' / did you mean 'Apache-2.0'?");
  CHECK(about("fact: license.id, is: BSD-3-Clause") == "");
  CHECK(about("fact: released, after: last year").starts_with("expected a date"));
  CHECK(about("fact: parameters.total, at_most: huge").starts_with("expected a number"));
  CHECK(about("fact: rating.code, at_least: 50") == "");
  CHECK(about("fact: rating.coding, at_least: 50").starts_with("no fact is called 'rating.coding'"));
  CHECK(about("fact: basis.code, is: measured") == "");
}

TEST_CASE("an operator must suit its fact, and there is one", "[catalog]") {
  CHECK(about("fact: kind, at_least: coder") ==
        "'at_least' does not apply to 'kind': it takes is, is_not, any_of or none_of");
  CHECK(about("fact: context, before: 2026") ==
        "'before' does not apply to 'context': it takes at_least, at_most or is");
  CHECK(about("fact: kind, is: coder, is_not: base") ==
        "a predicate has one operator: 'is_not' is the second");
  CHECK(about("fact: kind") == "a predicate over 'kind' needs is, is_not, any_of or none_of");
  CHECK(about("fact: kind, si: coder").starts_with("unknown key 'si' in a predicate"));
  CHECK(about("fact: kind, is: [coder, base]") == "'is' takes one value");
  CHECK(about("fact: kind, any_of: []") == "a predicate without values is never true");
}

TEST_CASE("a rule needs an id of its own, a gate, a requirement and a reason", "[catalog]") {
  const auto read = rules_of("rules:\n  - {require: []}\n");
  const auto texts = messages(read.problems);
  for (const char* wanted : {"a rule needs 'id'", "a rule needs 'because'", "a rule needs 'gate'",
                             "a rule that requires nothing drops nobody"}) {
    CAPTURE(wanted);
    CHECK(std::find(texts.begin(), texts.end(), wanted) != texts.end());
  }
  CHECK(
      messages(rules_of("rules:\n  - {id: r, gate: machine, because: x, require: [{fact: kind, is: base}]}\n")
                   .problems)
          .at(0)
          .starts_with("expected job, language, egress or failure"));
  CHECK(messages(
            rules_of(
                "rules:\n  - {id: job.chat.kind, gate: job, because: x, require: [{fact: kind, is: base}]}\n")
                .problems)
            .at(0)
            .starts_with("rule 'job.chat.kind' is given twice"));
}

TEST_CASE("every fact of the table can be found by its name and takes some operator", "[catalog]") {
  for (const std::string& name : fact_names(small_catalog())) {
    CAPTURE(name);
    const Fact* fact = find_fact(name);
    REQUIRE(fact != nullptr);
    CHECK_FALSE(operators_of(fact->kind).empty());
  }
  CHECK(find_fact("rating.") == nullptr);
  CHECK(find_fact("") == nullptr);
}
