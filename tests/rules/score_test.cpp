// Weights, error bars, ties, and what the answers ask of a build.
#include <cmath>

#include "rules/world.hpp"
#include "support/test.hpp"

namespace jobfit {
namespace {

WalkInput input_of(const World& world) { return {world.catalog, world.ratings, world.answers, {}, false}; }

TEST_CASE("the first job leads: the others weigh half", "[rules]") {
  World world;
  world.answers.jobs = {"chat", "code"};
  world.answers.tolerates = {"persona-drift"};
  const Walk walked = world.walked();
  REQUIRE(walked.weights.size() == 2);
  CHECK(walked.weights[0].capability == "persona");
  CHECK(walked.weights[0].weight == Approx(4));
  CHECK(walked.weights[1].weight == Approx(2));
}

TEST_CASE("several languages share the weight of one", "[rules]") {
  World world;
  world.catalog.questions.list[0].options[0].weighs = {{"language", 4}};
  world.answers.languages = {"th", "ja"};
  world.answers.tolerates = {"persona-drift"};
  const Walk walked = world.walked();
  REQUIRE(walked.weights.size() == 2);
  CHECK(walked.weights[0].weight == Approx(2));
  CHECK(walked.weights[1].weight == Approx(2));
  CHECK(walked.weights[0].capability == "language:ja");
}

TEST_CASE("the bar of a score: half of the parts' errors are shared, half are their own", "[rules]") {
  World world;
  world.answers.jobs = {"chat", "code"};
  world.answers.tolerates = {"persona-drift"};  // weights 4 and 2
  world.ratings.at(2, 0) = {50, 40, 70, Basis::measured, {}, 0};
  world.ratings.at(2, 1) = {62, 52, 72, Basis::measured, {}, 0};
  const JobScore score = score_for(input_of(world), 2);
  CHECK(score.total == Approx((4 * 62 + 2 * 50) / 6.0));
  const double below = std::sqrt(0.5 * 60 * 60 + 0.5 * (40 * 40 + 20 * 20)) / 6;
  const double above = std::sqrt(0.5 * 80 * 80 + 0.5 * (40 * 40 + 40 * 40)) / 6;
  CHECK(score.total - score.low == Approx(below));
  CHECK(score.high - score.total == Approx(above));
}

TEST_CASE("two scores are a close call while their difference is within a third of their error", "[rules]") {
  JobScore a, b;
  a.total = 60, a.low = 56;
  b.low = 50;
  b.total = 53;  // error hypot(4, 3) = 5; the limit is 0.343 of it, 1.717
  CHECK_FALSE(within_noise(a, b));
  b.total = 60 - 1.7, b.low = b.total - 3;
  CHECK(within_noise(a, b));
  CHECK(within_noise(b, a));
  b.total = 60 - 1.73, b.low = b.total - 3;
  CHECK_FALSE(within_noise(a, b));
}

/// Coder and talker both talk; their ratings of persona are given.
World pair(Rating coder, Rating talker) {
  World world;
  world.catalog.models[1].kind = "general";
  world.ratings.at(1, 1) = coder;
  world.ratings.at(2, 1) = talker;
  return world;
}

TEST_CASE("of equally cautious ends the likelier wins, then the newer, the smaller, the name", "[rules]") {
  const auto rated = [](double value, double low) { return Rating{value, low, value + 10, Basis::measured, {}, 0}; };
  CHECK(ranked(pair(rated(60, 50.1), rated(62, 50.2))).front() == "talker");
  CHECK(ranked(pair(rated(60, 51.1), rated(62, 50.2))).front() == "coder");  // a better cautious end comes first
  World world = pair(rated(60, 50), rated(60, 50));
  CHECK(ranked(world).front() == "coder");
  world.catalog.models[2].parameters = 4e9;
  CHECK(ranked(world).front() == "talker");
  world.catalog.models[1].released = {2026, 1, 1};
  CHECK(ranked(world).front() == "coder");
}

TEST_CASE("a superseded model stays ahead only where it was shown to be better", "[rules]") {
  const auto rated = [](double value, double bar) { return Rating{value, value - bar, value + bar, Basis::measured, {}, 0}; };
  World world = pair(rated(90, 1), rated(60, 1));
  world.catalog.models[1].superseded_by = "talker";
  CHECK(ranked(world).front() == "coder");
  const Walk walked = world.walked();
  CHECK(walked.ranked[0].rank == 1);
  CHECK(walked.ranked[1].rank == 2);
  CHECK_FALSE(walked.ranked[1].close_call);
}

TEST_CASE("a successor with a wide bar does not pass a model that is surely better", "[rules]") {
  World world = pair({60, 59, 61, Basis::measured, {}, 0}, {50, 10, 90, Basis::predicted, {}, 0});
  world.catalog.models[1].superseded_by = "talker";
  CHECK(within_noise(score_for(input_of(world), 1), score_for(input_of(world), 2)));
  CHECK(ranked(world).front() == "coder");
}

TEST_CASE("the second says when it cannot be told from the first", "[rules]") {
  const Walk walked = pair({60, 50, 70, Basis::measured, {}, 0}, {59, 49, 69, Basis::measured, {}, 0}).walked();
  CHECK_FALSE(walked.ranked[0].close_call);
  CHECK(walked.ranked[1].close_call);
}

TEST_CASE("what the answers ask of a build: the largest of the jobs', unless it is said", "[rules]") {
  World world;
  Option& chat = world.catalog.questions.list[0].options[0];
  Option& code = world.catalog.questions.list[0].options[1];
  chat.context = 8192, chat.min_speed = 6;
  code.context = 32768, code.min_speed = 8, code.long_documents = true;
  CHECK(job_needs(world.catalog, world.answers).context == 8192);
  world.answers.jobs = {"chat", "code"};
  JobNeeds needs = job_needs(world.catalog, world.answers);
  CHECK(needs.context == 32768);
  CHECK(needs.min_speed == Approx(8));
  CHECK(needs.comfort == Approx(24));
  CHECK(needs.long_documents);
  CHECK_FALSE(needs.images);
  world.answers.jobs = {"code", "chat"};
  CHECK(job_needs(world.catalog, world.answers).min_speed == Approx(8));
  world.answers.tolerates = {"slowness"};
  needs = job_needs(world.catalog, world.answers);
  CHECK(needs.min_speed == Approx(8.0 / 3));
  CHECK(needs.comfort == 0);
  world.answers.tolerates.clear();
  world.answers.needs.min_speed = 2;
  world.answers.needs.context = 4096;
  world.answers.needs.inputs = {"image"};
  needs = job_needs(world.catalog, world.answers);
  CHECK(needs.min_speed == Approx(2));
  CHECK(needs.comfort == 0);
  CHECK(needs.context == 4096);
  CHECK(needs.images);
  CHECK_FALSE(needs.audio);
}

TEST_CASE("servers of ours are a road where they were named and the answer allows it", "[rules]") {
  World world;
  const auto roads = [&](bool named) {
    std::size_t count = 0;
    for (const Standing& standing : walk({world.catalog, world.ratings, world.answers, {}, named}).ranked)
      count += standing.candidate.route == Route::own_server;
    return count;
  };
  CHECK(roads(true) == 0);
  world.answers.egress = "under-contract";
  CHECK(roads(true) == 1);
  CHECK(roads(false) == 0);
}

}  // namespace
}  // namespace jobfit
