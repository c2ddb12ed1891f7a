// The four gates on a catalog small enough to read.
#include "rules/world.hpp"
#include "support/test.hpp"

namespace jobfit {
namespace {

const Drop* drop_of(const Walk& walk, Gate gate, std::uint32_t model) {
  for (const Drop& drop : walk.gates[static_cast<std::size_t>(gate)].dropped) {
    if (drop.candidate.model == model) return &drop;
  }
  return nullptr;
}

TEST_CASE("a model made for another job leaves at question 1 by the rule that says so", "[rules]") {
  const World world;
  const Walk walk = world.walked();
  const Drop* drop = drop_of(walk, Gate::job, 1);
  REQUIRE(drop != nullptr);
  CHECK(drop->reasons.front().rule == "job.chat.kind");
  CHECK(ranked(world) == std::vector<std::string>{"talker"});
}

TEST_CASE("every gate says how many entered and left, and the next begins with what is left", "[rules]") {
  const Walk walk = World().walked();
  REQUIRE(walk.gates.size() == 4);
  for (std::size_t i = 0; i < walk.gates.size(); ++i) {
    CHECK(walk.gates[i].entered - walk.gates[i].left == walk.gates[i].dropped.size());
    if (i > 0) CHECK(walk.gates[i].entered == walk.gates[i - 1].left);
  }
  CHECK(walk.gates.back().left == walk.ranked.size());
}

TEST_CASE("egress closes the cloud road, and a contract opens it only where a provider is bound", "[rules]") {
  World world;
  CHECK(drop_of(world.walked(), Gate::egress, 0)->reasons.front().rule == "egress.never.cloud");
  world.answers.egress = "under-contract";
  CHECK(drop_of(world.walked(), Gate::egress, 0)->reasons.front().rule == "egress.under-contract.contract");
  world.catalog.models[0].hosting[0].under_contract = Known::yes;
  CHECK(drop_of(world.walked(), Gate::egress, 0) == nullptr);
  world.answers.egress = "anywhere";
  world.catalog.models[0].hosting[0].under_contract = Known::no;
  CHECK(drop_of(world.walked(), Gate::egress, 0) == nullptr);
}

TEST_CASE("a failure weighs where it is minded, and nothing once it is tolerated", "[rules]") {
  World world;
  world.ratings.at(2, 1) = {20, 10, 30, Basis::measured, {}, 0};
  CHECK(drop_of(world.walked(), Gate::failure, 2) != nullptr);
  CHECK(world.walked().weights.front().weight == Approx(6));  // the job's 4 and the failure's 2
  world.answers.tolerates = {"persona-drift"};
  CHECK(drop_of(world.walked(), Gate::failure, 2) == nullptr);
  CHECK(world.walked().weights.front().weight == Approx(4));
}

TEST_CASE("the parts of a score sum to it", "[rules]") {
  World world;
  world.answers.jobs = {"chat", "code"};
  world.ratings.at(2, 0) = {70, 65, 75, Basis::measured, {}, 0};
  const JobScore score = score_for({world.catalog, world.ratings, world.answers, {}, false}, 2);
  double sum = 0, weight = 0;
  for (const ScorePart& part : score.parts) sum += part.weight * part.value, weight += part.weight;
  CHECK(score.total == Approx(sum / weight));
  CHECK(score.low < score.total);
  CHECK(score.high > score.total);
}

TEST_CASE("a model that nobody measured ranks by the cautious end of its wide bar", "[rules]") {
  World world;
  world.catalog.models[1].kind = "general";
  world.ratings.at(1, 1) = {60, 25, 95, Basis::predicted, {}, 0};
  world.ratings.at(2, 1) = {55, 52, 58, Basis::measured, {}, 0};
  CHECK(ranked(world) == std::vector<std::string>{"talker", "coder"});
}

TEST_CASE("between equal cautious ends the one that was measured stands first", "[rules]") {
  World world;
  world.catalog.models[1].kind = "general";
  world.ratings.at(1, 1) = {62, 52.2, 72, Basis::sibling, {}, 0};
  world.ratings.at(2, 1) = {55, 52.4, 58, Basis::measured, {}, 0};
  CHECK(ranked(world) == std::vector<std::string>{"talker", "coder"});
}

TEST_CASE("at equal evidence a superseded model stands below its successor", "[rules]") {
  World world;
  world.catalog.models[1].kind = "general";
  world.ratings.at(1, 1) = {51, 41, 61, Basis::measured, {}, 0};
  CHECK(ranked(world).front() == "coder");
  world.catalog.models[1].superseded_by = "talker";
  CHECK(ranked(world).front() == "talker");
}

TEST_CASE("needs are rules of question 1: context, inputs, licence, territory, thinking", "[rules]") {
  World world;
  const auto leaves = [&](const std::string& rule) {
    const Walk walk = world.walked();
    const Drop* drop = drop_of(walk, Gate::job, 2);
    return drop != nullptr && drop->reasons.front().rule == rule;
  };
  world.answers.needs.context = 65536;
  CHECK(leaves("need.context"));
  world.answers.needs = {};
  world.answers.needs.inputs = {"image"};
  CHECK(leaves("need.input.image"));
  world.answers.needs = {};
  world.answers.needs.license = "commercial";
  CHECK(leaves("need.license"));
  world.answers.needs = {};
  world.catalog.models[2].license.excluded_territories = {"EU"};
  world.answers.needs.territory = "DE";
  CHECK(leaves("need.territory"));
  world.answers.needs.territory = "US";
  CHECK_FALSE(leaves("need.territory"));
  world.answers.needs = {};
  world.catalog.models[2].thinking = Thinking::always;
  world.answers.needs.thinking = "off";
  CHECK(leaves("need.thinking"));
}

}  // namespace
}  // namespace jobfit
