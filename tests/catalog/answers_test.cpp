#include "jobfit/catalog.hpp"

#include "small_data.hpp"
#include "support/test.hpp"

#include <random>

using namespace jobfit;

namespace {
AnswersRead answers_of(const std::string& text) {
  return read_answers({"answers.yaml", text}, small_catalog());
}
}  // namespace

TEST_CASE("answers are read as flags would give them", "[catalog]") {
  const auto read = answers_of(
      "jobs: [chat, code]\nlanguages: [ไทย, zh-TW]\negress: never\ntolerates: [slowness]\n"
      "needs: {context: 32K, min_speed: 10, inputs: [text, image], license: commercial, territory: EU, "
      "thinking: on}\n");
  CHECK(format_diagnostics(read.problems) == "");
  const Answers& answers = read.answers;
  CHECK(answers.jobs == std::vector<std::string>{"chat", "code"});
  CHECK(answers.languages == std::vector<std::string>{"th", "zh-Hant"});
  CHECK(answers.egress == "never");
  CHECK(answers.tolerates_given);
  CHECK(answers.needs.context == 32768);
  CHECK(answers.needs.min_speed == 10);
  CHECK(answers.needs.territory == "EU");
  CHECK(answers.needs.thinking == "on");
}

TEST_CASE("tolerating nothing is an answer, and silence is none", "[catalog]") {
  CHECK(answers_of("tolerates: none\n").answers.tolerates_given);
  CHECK(answers_of("tolerates: none\n").answers.tolerates.empty());
  CHECK_FALSE(answers_of("jobs: [chat]\n").answers.tolerates_given);
  CHECK(answers_of("jobs: chat\n").answers.jobs == std::vector<std::string>{"chat"});
}

TEST_CASE("every wrong answer is reported with what may be meant", "[catalog]") {
  const auto read = answers_of("jobs: [chta]\nlanguages: [Thia]\negress: nevr\nlangauges: []\n");
  CHECK(format_diagnostics(read.problems) ==
        "answers.yaml:1:8: error: 'chta' is no answer to the question of job: expected chat or code\n"
        "    1 | jobs: [chta]\n"
        "      |        ^~~~\n"
        "  did you mean 'chat'?\n"
        "answers.yaml:2:13: error: 'Thia' is no language: expected a tag such as 'th', or its name\n"
        "    2 | languages: [Thia]\n"
        "      |             ^~~~\n"
        "  did you mean 'Thai'?\n"
        "answers.yaml:3:9: error: 'nevr' is no answer to the question of egress: expected never or anywhere\n"
        "    3 | egress: nevr\n"
        "      |         ^~~~\n"
        "  did you mean 'never'?\n"
        "answers.yaml:4:1: error: unknown key 'langauges' in answers\n"
        "    4 | langauges: []\n"
        "      | ^~~~~~~~~\n"
        "  did you mean 'languages'?\n");
}

TEST_CASE("needs are checked like the flags", "[catalog]") {
  for (const char* needs : {"context: -1", "context: many", "min_speed: fast", "inputs: [smell]",
                            "license: free", "territory: Europe", "thinking: maybe", "contxt: 5"}) {
    CAPTURE(needs);
    CHECK(answers_of(std::string("needs: {") + needs + "}\n").problems.size() == 1);
  }
}

TEST_CASE("what other YAML readers would take for no or yes is written in quotes", "[catalog]") {
  Answers answers;
  answers.jobs = {"chat"};
  answers.languages = {"no", "th"};
  answers.egress = "own-servers";
  answers.tolerates_given = true;
  answers.needs.context = 32768;
  answers.needs.thinking = "off";
  CHECK(write_answers(answers) ==
        "jobs: [chat]\nlanguages: [\"no\", th]\negress: own-servers\ntolerates: none\n"
        "needs:\n  context: 32K\n  thinking: \"off\"\n");
}

TEST_CASE("answers written are read back the same", "[catalog]") {
  const Catalog catalog = small_catalog();
  std::mt19937 random(3);
  const auto some = [&](std::vector<std::string> all) {
    std::vector<std::string> chosen;
    std::shuffle(all.begin(), all.end(), random);
    for (const auto& text : all)
      if (random() % 2 == 0) chosen.push_back(text);
    return chosen;
  };
  for (int i = 0; i < 500; ++i) {
    Answers answers;
    answers.jobs = some(catalog.questions.ids(Gate::job));
    answers.languages = some({"th", "no", "zh-Hant", "en", "tlh"});
    if (random() % 2 == 0) answers.egress = "never";
    answers.tolerates_given = random() % 2 == 0;
    if (answers.tolerates_given) answers.tolerates = some(catalog.questions.ids(Gate::failure));
    if (random() % 2 == 0) answers.needs.context = 1 + static_cast<std::int64_t>(random() % 2000000);
    if (random() % 2 == 0) answers.needs.min_speed = static_cast<double>(random() % 1000) / 7;
    answers.needs.inputs = some({"text", "image", "audio"});
    if (random() % 2 == 0) answers.needs.license = "commercial";
    if (random() % 2 == 0) answers.needs.territory = random() % 2 == 0 ? "EU" : "NO";
    answers.needs.thinking = std::vector<std::string>{"on", "off", "any"}[random() % 3];
    const auto read = read_answers({"a", write_answers(answers)}, catalog);
    CAPTURE(write_answers(answers));
    REQUIRE(format_diagnostics(read.problems) == "");
    REQUIRE(read.answers == answers);
  }
}
