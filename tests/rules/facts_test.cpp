// What a rule may say of a candidate: every operator, at its edge.
#include "rules/facts.hpp"
#include "rules/world.hpp"
#include "support/test.hpp"

namespace jobfit {
namespace {

using Op = Predicate::Op;

/// Whether the talker keeps its road under this one further rule.
bool keeps(const World& world, std::string fact, Op op, std::vector<std::string> values, std::vector<Predicate> when = {}) {
  Rule team = rule("team.rule", Gate::job, {std::move(fact), op, std::move(values), {}});
  team.when = std::move(when);
  const Walk walked = walk({world.catalog, world.ratings, world.answers, {team}, false});
  return std::any_of(walked.ranked.begin(), walked.ranked.end(),
                     [](const Standing& standing) { return standing.candidate.model == 2; });
}

TEST_CASE("numbers are compared at their edge, and an unknown one satisfies nothing", "[rules]") {
  World world;  // 8e9 parameters, a context of 32768
  CHECK(keeps(world, "parameters.total", Op::at_least, {"8e9"}));
  CHECK_FALSE(keeps(world, "parameters.total", Op::at_least, {"8.1e9"}));
  CHECK(keeps(world, "parameters.total", Op::at_most, {"8e9"}));
  CHECK_FALSE(keeps(world, "parameters.total", Op::at_most, {"7.9e9"}));
  CHECK(keeps(world, "context", Op::is, {"32768"}));
  CHECK_FALSE(keeps(world, "context", Op::is, {"32767"}));
  world.catalog.models[2].parameters = 0;
  CHECK_FALSE(keeps(world, "parameters.total", Op::at_least, {"1"}));
  CHECK_FALSE(keeps(world, "parameters.total", Op::at_most, {"1e12"}));
}

TEST_CASE("the longer of two windows counts as the extended one", "[rules]") {
  World world;
  CHECK(keeps(world, "context.extended", Op::at_least, {"32768"}));
  world.catalog.models[2].context.extended = 131072;
  CHECK(keeps(world, "context.extended", Op::at_least, {"131072"}));
  CHECK_FALSE(keeps(world, "context", Op::at_least, {"131072"}));
}

TEST_CASE("dates before and after leave out the day itself, and an unknown one", "[rules]") {
  World world;
  CHECK_FALSE(keeps(world, "released", Op::after, {"2020-01-01"}));
  world.catalog.models[2].released = {2025, 6, 15};
  CHECK(keeps(world, "released", Op::after, {"2025-06-14"}));
  CHECK_FALSE(keeps(world, "released", Op::after, {"2025-06-15"}));
  CHECK(keeps(world, "released", Op::before, {"2025-06-16"}));
  CHECK_FALSE(keeps(world, "released", Op::before, {"2025-06-15"}));
}

TEST_CASE("words: is, is not, any of, none of, includes", "[rules]") {
  World world;
  world.catalog.models[2].inputs = {"text", "image"};
  CHECK(keeps(world, "kind", Op::is, {"general"}));
  CHECK_FALSE(keeps(world, "kind", Op::is, {"coder"}));
  CHECK(keeps(world, "kind", Op::is_not, {"coder"}));
  CHECK_FALSE(keeps(world, "kind", Op::is_not, {"general"}));
  CHECK(keeps(world, "kind", Op::any_of, {"coder", "general"}));
  CHECK_FALSE(keeps(world, "kind", Op::any_of, {"coder", "ocr"}));
  CHECK(keeps(world, "inputs", Op::none_of, {"audio", "video"}));
  CHECK_FALSE(keeps(world, "inputs", Op::none_of, {"audio", "image"}));
  CHECK(keeps(world, "inputs", Op::includes, {"image", "text"}));
  CHECK_FALSE(keeps(world, "inputs", Op::includes, {"image", "audio"}));
}

TEST_CASE("a rule is silent where its condition does not hold", "[rules]") {
  World world;
  const Predicate on_cloud{"route", Op::is, {"cloud"}, {}}, here{"route", Op::is, {"this-machine"}, {}};
  CHECK(keeps(world, "kind", Op::is, {"coder"}, {on_cloud}));
  CHECK_FALSE(keeps(world, "kind", Op::is, {"coder"}, {here}));
  CHECK(keeps(world, "kind", Op::is, {"coder"}, {here, on_cloud}));  // both must hold
}

TEST_CASE("of several languages the worst is the one that is judged", "[rules]") {
  World world;
  world.catalog.models[2].languages.listed = {"th"};
  const auto known = [&](std::vector<std::string> tags) {
    world.answers.languages = std::move(tags);
    return keeps(world, "language.status", Op::is_not, {"unknown"});
  };
  CHECK(known({"th"}));
  CHECK_FALSE(known({"th", "ja"}));
  CHECK_FALSE(known({"ja", "th"}));
}

TEST_CASE("ratings are facts too, and one that rests on nothing satisfies no floor", "[rules]") {
  World world;
  CHECK(keeps(world, "rating.persona", Op::at_least, {"50"}));
  CHECK_FALSE(keeps(world, "rating.persona", Op::at_least, {"50.1"}));
  world.ratings.at(2, 1).basis = Basis::none;
  CHECK_FALSE(keeps(world, "rating.persona", Op::at_least, {"0"}));
}

TEST_CASE("every fact of the table can be asked", "[rules]") {
  const World world;
  const WalkInput input{world.catalog, world.ratings, world.answers, {}, false};
  Facts asked(input);
  for (const Fact& fact : facts()) {
    CAPTURE(fact.name);
    const bool of_a_capability = fact.name.back() == '.';
    const std::string name = std::string(fact.name) + (of_a_capability ? "persona" : "");
    const std::string wanted = fact.kind == FactKind::date ? "2026-01-01" : "1";
    const Predicate predicate{name, operators_of(fact.kind).front(), {wanted}, {}};
    const Check check = asked.check(predicate);
    REQUIRE((check.getter != nullptr) == !of_a_capability);
    asked.value({2, Route::this_machine, 0}, check);
  }
}

}  // namespace
}  // namespace jobfit
