// What would change the pick, what has changed since, and why there is none: each claim is walked again.
#include "jobfit/report.hpp"

#include "cli/teammate.hpp"
#include "fit/model_memory.hpp"
#include "fit/worked_out.hpp"
#include "support/test.hpp"

#include <algorithm>

namespace jobfit {
namespace {

std::optional<std::string> first(const Case& asked, const Advice& advice) {
  if (advice.picks.empty()) return std::nullopt;
  return asked.id(advice.picks.front().standing);
}

std::vector<Rule> few() {
  return {only({"qwen3.6-27b", "gemma-4-12b", "gemma-4-31b", "gemma-4-e4b", "qwen3.5-9b", "claude-opus-5.5"})};
}

TEST_CASE("a flip that is told flips the pick to the model it names", "[cli]") {
  Case thai;
  const Machine machine = thai.preset("laptop-16g");
  AdviceInput input = thai.asked({machine}, few());
  input.with_flips = true;
  const Advice advice = advise(input);
  REQUIRE_FALSE(advice.flips.empty());
  for (const Flip& flip : advice.flips) {
    Case changed;
    Machine there = machine;
    if (flip.kind == Flip::Kind::egress) changed.answers.egress = flip.value.front();
    if (flip.kind == Flip::Kind::tolerate) changed.answers.tolerates = flip.value;
    if (flip.kind == Flip::Kind::context) changed.answers.needs.context = flip.number;
    if (flip.kind == Flip::Kind::ram) there = with_ram(machine, flip.number);
    if (flip.kind == Flip::Kind::gpu) there = with_gpu(machine, flip.number);
    CHECK(first(changed, changed.on(there, few())) == thai.catalog.models[flip.model].id);
    CHECK(first(thai, advice) != thai.catalog.models[flip.model].id);
  }
}

TEST_CASE("no answer: each requirement given up alone gives the model that is told, and none is idle", "[cli]") {
  Case thai;
  thai.answers.needs.context = 400000;
  thai.answers.needs.license = "commercial";
  AdviceInput input = thai.asked({thai.preset("laptop-8g")}, few());
  input.with_flips = true;
  const Advice advice = advise(input);
  REQUIRE(advice.picks.empty());
  REQUIRE(advice.conflict.has_value());
  const auto has = [&](Requirement::Kind kind) {
    return std::any_of(advice.conflict->requirements.begin(), advice.conflict->requirements.end(),
                       [&](const Requirement& one) { return one.kind == kind; });
  };
  CHECK(has(Requirement::Kind::machine));
  CHECK_FALSE(has(Requirement::Kind::license));  // every model here may be used so: no part of the trouble
  REQUIRE_FALSE(advice.conflict->ways.empty());
  for (const Conflict::Way& way : advice.conflict->ways) {
    Case changed;
    changed.answers = thai.answers;
    if (way.without.kind == Requirement::Kind::egress) changed.answers.egress = "anywhere";
    if (way.without.kind == Requirement::Kind::context) changed.answers.needs.context = 0;
    const bool machine = way.without.kind == Requirement::Kind::machine;
    const Advice then = changed.on(machine ? thai.preset("server-8xh100") : thai.preset("laptop-8g"), few());
    if (machine) {
      CHECK(thai.id(then.walk.ranked.front()) == thai.catalog.models[way.model].id);
    } else if (way.without.kind == Requirement::Kind::egress || way.without.kind == Requirement::Kind::context) {
      CHECK(first(changed, then) == thai.catalog.models[way.model].id);
    }
  }
}

TEST_CASE("what has changed since a day is what the advice of that day did not have", "[cli]") {
  Case thai;
  const Machine machine = thai.preset("gpu-24g");
  AdviceInput input = thai.asked({machine});
  input.top = 1;
  const Advice now = advise(input);
  const Date day{2026, 6, 1};
  const Since since = changes_since(input, now, day);
  const Catalog past = as_of(thai.catalog, day);
  const Ratings ratings = rate(past);
  const Advice then = advise({past, ratings, thai.answers, {machine}, {}, "", false, 1});
  REQUIRE(since.pick.has_value());
  CHECK(thai.catalog.models[*since.pick].id == past.models[then.picks.front().standing.candidate.model].id);
  REQUIRE_FALSE(since.shifts.empty());
  for (const Shift& shift : since.shifts) {
    CHECK(shift.then != shift.now);
    CHECK_FALSE(shift.because.empty());
    for (const std::uint32_t score : shift.evidence) {
      CHECK(thai.catalog.scores[score].model == shift.model);
      CHECK(thai.catalog.tables[thai.catalog.scores[score].table].date > day);
    }
  }
}

TEST_CASE("where nothing is searched because a model plainly fits or is too big, a search says the same",
          "[cli]") {
  const Case thai;
  Fitter fitter(thai.catalog);
  int plain = 0, hopeless = 0;
  for (const char* preset : {"gpu-24g", "laptop-16g", "laptop-32g", "mac-studio-128g", "2x-gpu-24g",
                             "raspberry-pi-5-8g", "gaming-laptop-8g"}) {
    const Machine machine = thai.preset(preset);
    for (const std::int64_t context : {std::int64_t{8192}, std::int64_t{65536}}) {
      FitNeeds needs;
      needs.context = context;
      needs.min_speed = 6;
      needs.comfort = 18;
      needs.fixes = needs.told = false;
      for (std::uint32_t model = 0; model < thai.catalog.models.size(); ++model) {
        const bool fits = fitter.surely_fits(model, machine, needs);
        const bool too_big = fitter.surely_too_big(model, machine, needs);
        if (!fits && !too_big) continue;
        ++(fits ? plain : hopeless);
        INFO(thai.catalog.models[model].id << " on " << preset << " at " << context);
        CHECK_FALSE((fits && too_big));
        CHECK(std::holds_alternative<Fit>(fitter.choose(model, machine, needs)) == fits);
      }
    }
  }
  CHECK(plain > 100);
  CHECK(hopeless > 100);
}

TEST_CASE("whether a model fits is what choosing a build for it says", "[cli]") {
  const Case thai;
  Fitter fitter(thai.catalog);
  int fitting = 0, not_fitting = 0;
  for (const char* preset : {"gpu-8g", "laptop-16g", "2x-gpu-24g"}) {
    const Machine machine = thai.preset(preset);
    FitNeeds needs;
    needs.min_speed = 6;
    needs.fixes = needs.told = false;
    for (std::uint32_t model = 0; model < thai.catalog.models.size(); model += 5) {
      INFO(thai.catalog.models[model].id << " on " << preset);
      const bool fits = fitter.fits(model, machine, needs);
      ++(fits ? fitting : not_fitting);
      CHECK(std::holds_alternative<Fit>(fitter.choose(model, machine, needs)) == fits);
    }
  }
  CHECK(fitting > 50);
  CHECK(not_fitting > 50);
}

TEST_CASE("working memory between and beyond what was worked out is as near as is said", "[cli]") {
  const Case thai;
  Catalog few;  // those that grow least evenly among them
  for (const char* id :
       {"glm-5.1", "deepseek-v3.2", "llama-4-scout", "gemma-4-12b", "qwen3.6-27b", "gpt-oss-20b"})
    few.models.push_back(*std::find_if(thai.catalog.models.begin(), thai.catalog.models.end(),
                                       [&](const Model& model) { return model.id == id; }));
  const std::string worked_out = work_out(few);
  for (const Model& model : few.models) {
    const auto made = make_shape(model.shape);
    ModelMemory memory(std::get<Shape>(made));
    const ShapeFigures figures = figures_of(worked_out, model.shape);
    CHECK(figures.near(1024, true).bytes.empty());
    for (const std::int64_t context : {3072, 8192, 20480, 126976, 200704, 524288}) {
      RunSettings settings;
      settings.context = context;
      for (const bool on_gpu : {false, true}) {
        INFO(model.id << " at " << context << (on_gpu ? " on a GPU" : ""));
        const Offload all{on_gpu ? memory.hparams().blocks + 1 : 0};
        const auto exact = memory.compute(memory.run(settings), {all, nullptr}, Working::exact);
        const auto near = figures.near(context, on_gpu);
        REQUIRE(near.bytes.size() == exact.size());
        for (std::size_t i = 0; i < exact.size(); ++i)
          CHECK(std::abs(double(near.bytes[i] - exact[i])) <= near.off * double(near.bytes[i]));
        memory.slim();
      }
    }
  }
}

TEST_CASE("walks that share verdicts and scores rank as walks alone do", "[cli]") {
  const Case thai;
  std::vector<Answers> asked{thai.answers};
  const auto change = [&](auto how) {
    asked.push_back(thai.answers);
    how(asked.back());
  };
  change([](Answers& answers) { answers.egress = "under-contract"; });
  change([](Answers& answers) { answers.egress = "own-servers"; });
  change([](Answers& answers) { answers.tolerates = {"slowness", "language-slips"}; });
  change([](Answers& answers) { answers.tolerates.clear(); });
  change([](Answers& answers) { answers.needs.context = 65536; });
  change([](Answers& answers) { answers.needs.context = 131072; });
  change([](Answers& answers) { answers.languages = {"de"}; });
  change([](Answers& answers) { answers.languages = {"th", "my"}; });
  change([](Answers& answers) { answers.jobs = {"code"}; });
  change([](Answers& answers) { answers.jobs = {"chat", "see"}; });
  change([](Answers& answers) { answers.needs.license = "commercial"; });
  asked.push_back(thai.answers);
  WalkMemo memo;
  for (const bool servers : {false, true}) {
    for (const Answers& answers : asked) {
      const Walk alone = walk({thai.catalog, thai.ratings, answers, {}, servers});
      const Walk sharing = walk({thai.catalog, thai.ratings, answers, {}, servers, true, &memo});
      REQUIRE(sharing.ranked.size() == alone.ranked.size());
      for (std::size_t i = 0; i < alone.ranked.size(); ++i) {
        CHECK(sharing.ranked[i].candidate == alone.ranked[i].candidate);
        CHECK(sharing.ranked[i].score.total == alone.ranked[i].score.total);
        CHECK(sharing.ranked[i].score.low == alone.ranked[i].score.low);
      }
      for (std::size_t gate = 0; gate < alone.gates.size(); ++gate)
        CHECK(sharing.gates[gate].left == alone.gates[gate].left);
    }
  }
}

TEST_CASE("what answers share changes none of them", "[cli]") {
  const Case thai;
  Shared shared{Fitter(thai.catalog), {}};
  for (const char* preset : {"gpu-24g", "raspberry-pi-5-8g", "gpu-24g"}) {
    INFO(preset);
    AdviceInput input = thai.asked({thai.preset(preset)});
    input.top = 3;
    input.with_flips = true;  // they walk with other answers
    const Words words;  // keys will do
    const std::string alone = json_report(advise(input), thai.catalog, words, 3);
    input.shared = &shared;
    CHECK(json_report(advise(input), thai.catalog, words, 3) == alone);
  }
}

TEST_CASE("a tune that shares its base's shape keeps its own builds", "[cli]") {
  const Case thai;
  const Machine machine = thai.preset("gpu-24g");
  Fitter fitter(thai.catalog);
  FitNeeds needs;
  int fits = 0;
  for (std::uint32_t model = 0; model < thai.catalog.models.size(); model += 7) {
    INFO(thai.catalog.models[model].id);
    const auto alone = choose_build(thai.catalog.models[model], thai.catalog, machine, needs);
    const auto kept = fitter.choose(model, machine, needs);
    REQUIRE(kept.index() == alone.index());
    const auto* fit = std::get_if<Fit>(&alone);
    if (fit == nullptr) continue;
    ++fits;
    CHECK(std::get<Fit>(kept).build.repository == fit->build.repository);
    CHECK(std::get<Fit>(kept).memory.total_bytes == fit->memory.total_bytes);
    CHECK(std::get<Fit>(kept).speed.decode.mid == fit->speed.decode.mid);
  }
  CHECK(fits > 20);
}

TEST_CASE("several servers of ours hold together what none of them holds alone", "[cli]") {
  Case thai;
  thai.answers.egress = "own-servers";
  const Machine server = thai.preset("workstation-48g");
  const Advice one = advise(thai.asked({thai.preset("laptop-8g"), server}, {only({"glm-5.2"})}));
  CHECK(one.picks.empty());
  const Advice many = advise(thai.asked({thai.preset("laptop-8g"), server, server, server, server, server, server, server, server, server, server},
                                        {only({"glm-5.2"})}));
  REQUIRE_FALSE(many.picks.empty());
  CHECK(many.picks.front().machines.size() > 1);
  CHECK(many.picks.front().run.llama_cpp.find("rpc") != std::string::npos);
}

TEST_CASE("what lies beyond the picks that are printed changes nothing of them", "[cli]") {
  const Case thai;
  AdviceInput input = thai.asked({thai.preset("laptop-16g")});
  const Advice all = advise(input);
  input.top = 3;
  const Advice few_told = advise(input);
  REQUIRE(all.picks.size() == few_told.picks.size());
  for (std::size_t i = 0; i < all.picks.size(); ++i) {
    CHECK(all.picks[i].standing.candidate == few_told.picks[i].standing.candidate);
    if (i < 3) CHECK(all.picks[i].fit->placement.longest_context == few_told.picks[i].fit->placement.longest_context);
  }
}

}  // namespace
}  // namespace jobfit
