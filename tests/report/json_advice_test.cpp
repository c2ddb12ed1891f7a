#include "report/small_advice.hpp"
#include "support/test.hpp"

#include <nlohmann/json.hpp>

using namespace jobfit;
using Json = nlohmann::ordered_json;

namespace {

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

std::vector<std::string> first_keys(const Json& object, std::size_t count) {
  auto names = keys(object);
  names.resize(std::min(count, names.size()));
  return names;
}

Json report(const Advice& advice, int top = 9) {
  const Catalog catalog = test::small_catalog();
  return Json::parse(json_report(advice, catalog, test::english(), top));
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the advice has the contract's keys in the contract's order", "[report]") {
  const Json advice = report(test::small_advice());
  CHECK(first_keys(advice, 11) == Names{"schema", "jobfit", "catalog", "answers", "machine", "walk", "picks",
                                        "too_big", "contrast", "flips", "notes"});
  CHECK(advice["schema"] == "jobfit.advice/1");
  CHECK(advice["jobfit"] == kVersion);
  CHECK(keys(advice["catalog"]) == Names{"version", "models", "newest_release", "files"});
  CHECK(keys(advice["answers"]) == Names{"jobs", "languages", "egress", "tolerates", "needs"});
  const Json& pick = advice["picks"][0];
  CHECK(first_keys(pick, 12) == Names{"rank", "model", "route", "score", "confidence", "because", "cautions",
                                      "build", "placement", "memory", "speed", "run"});
  CHECK(keys(pick["model"]) == Names{"id", "name", "huggingface", "license", "released", "parameters"});
  CHECK(keys(pick["model"]["parameters"]) == Names{"total", "active"});
  CHECK(first_keys(pick["score"], 4) == Names{"total", "low", "high", "parts"});
  CHECK(first_keys(pick["score"]["parts"][0], 6) ==
        Names{"capability", "weight", "value", "low", "high", "evidence"});
  CHECK(first_keys(pick["build"], 6) ==
        Names{"format", "quantization", "qat", "file_bytes", "source", "quality_loss"});
  CHECK(first_keys(pick["placement"], 4) == Names{"kind", "gpu_layers", "context_tokens", "kv_cache"});
  CHECK(first_keys(pick["memory"], 11) == Names{"weights_bytes", "kv_cache_bytes", "state_bytes",
                                                "compute_bytes", "output_bytes", "projector_bytes",
                                                "total_bytes", "gpu_bytes", "ram_bytes", "overhead_bytes",
                                                "available_bytes"});
  CHECK(keys(pick["speed"]) == Names{"decode", "prefill", "bound_by", "mtp"});
  CHECK(keys(pick["speed"]["decode"]) == Names{"low", "mid", "high"});
  CHECK(keys(pick["speed"]["mtp"]) == Names{"useful", "because"});
  CHECK(keys(pick["run"]) == Names{"ollama", "llama_cpp", "vllm", "mlx", "api"});
  CHECK(first_keys(advice["too_big"][0], 6) ==
        Names{"model", "because", "best_build", "needs_bytes", "has_bytes", "smallest_fixes"});
  CHECK(keys(advice["contrast"]["benchmark_leader"]) == Names{"model", "benchmark", "dropped_at", "because"});
  CHECK(keys(advice["contrast"]["machine_first"]) == Names{"model", "because"});
}

TEST_CASE("the walk has five entries, and what a gate dropped is what entered less what left", "[report]") {
  const Json advice = report(test::small_advice());
  REQUIRE(advice["walk"].size() == 5);
  const char* gates[] = {"job", "language", "egress", "failure", "machine"};
  for (std::size_t i = 0; i < 5; ++i) {
    const Json& gate = advice["walk"][i];
    CHECK(keys(gate) == Names{"gate", "entered", "left", "dropped"});
    CHECK(gate["gate"] == gates[i]);
    CHECK(gate["entered"].get<int>() - gate["left"].get<int>() == static_cast<int>(gate["dropped"].size()));
  }
  const Json& drop = advice["walk"][2]["dropped"][0];
  CHECK(drop["model"] == "glm-5.2");
  CHECK(drop["route"] == "cloud");
  CHECK(drop["provider"] == "Z.ai");
  CHECK(drop["reasons"][0]["rule"] == "egress.never.cloud");
  CHECK(drop["reasons"][0]["because"] == "the data must not leave");
}

TEST_CASE("evidence names its reporter, its class and the checkpoint that was measured", "[report]") {
  const Json advice = report(test::small_advice());
  const Json& evidence = advice["picks"][0]["score"]["parts"][1]["evidence"][0];
  CHECK(first_keys(evidence, 10) == Names{"metric", "score", "unit", "model_measured", "mode", "language",
                                          "date", "reported_by", "class", "source"});
  CHECK(evidence["class"] == "third-party");
  CHECK(evidence["reported_by"] == "a re-run");
  CHECK(evidence["date"] == "2026-04-12");
  const Json& other = advice["picks"][1]["score"]["parts"][1]["evidence"][0];
  CHECK(other["model_measured"] == "google/gemma-4-12b-it");  // the source names none: the entry's own
  CHECK(other["mode"].is_null());
}

TEST_CASE("what is not known is null and never zero", "[report]") {
  const Json advice = report(test::small_advice());
  CHECK(advice["picks"][0]["speed"]["decode"]["mid"] == 38.0);
  CHECK(advice["picks"][1]["speed"]["decode"]["mid"].is_null());
  CHECK(advice["picks"][0]["run"]["vllm"].is_null());
  CHECK(advice["answers"]["needs"]["context"].is_null());
  CHECK(advice["answers"]["needs"]["min_speed"].is_null());
  CHECK(advice["machine"]["gpus"][0]["memory_bytes"] == 24 * kGiB);
  CHECK_FALSE(advice["machine"].contains("schema"));
}

TEST_CASE("on a cloud road there is no build, no memory and no speed, and the placement says cloud",
          "[report]") {
  Advice cloud = test::small_advice();
  cloud.answers.egress = "anywhere";
  cloud.picks[0].standing.candidate = {1, Route::cloud, 0};
  cloud.picks[0].fit.reset();
  const Json pick = report(cloud)["picks"][0];
  CHECK(pick["build"].is_null());
  CHECK(pick["memory"].is_null());
  CHECK(pick["speed"].is_null());
  CHECK(pick["placement"]["kind"] == "cloud");
  CHECK(pick["placement"]["gpu_layers"].is_null());
  CHECK(pick["provider"] == "Z.ai");
}

TEST_CASE("a flip's change is what a flag would give", "[report]") {
  Advice advice = test::small_advice();
  advice.flips = {{Flip::Kind::egress, {"anywhere"}, 0, 1}, {Flip::Kind::tolerate, {"slowness"}, 0, 0},
                  {Flip::Kind::ram, {}, 128 * kGiB, 1},     {Flip::Kind::gpu, {}, 48 * kGiB, 1},
                  {Flip::Kind::context, {}, 4096, 1},       {Flip::Kind::job, {"code"}, 0, 2},
                  {Flip::Kind::language, {"en"}, 0, 0},     {Flip::Kind::min_speed, {}, 5, 1}};
  const Json flips = report(advice)["flips"];
  CHECK(flips[0].dump() == R"({"change":{"egress":"anywhere"},"pick":"glm-5.2"})");
  CHECK(flips[1]["change"].dump() == R"({"tolerate":["slowness"]})");
  CHECK(flips[2]["change"].dump() == R"({"ram_bytes":137438953472})");
  CHECK(flips[3]["change"].dump() == R"({"gpu_bytes":51539607552})");
  CHECK(flips[4]["change"].dump() == R"({"context":4096})");
  CHECK(flips[5]["change"].dump() == R"({"job":["code"]})");
  CHECK(flips[6]["change"].dump() == R"({"language":["en"]})");
  CHECK(flips[7]["change"].dump() == R"({"min_speed":5})");
}

TEST_CASE("an advice of nothing is still a whole document", "[report]") {
  const Json advice = report(Advice{});
  CHECK(advice["picks"].empty());
  CHECK(advice["machine"].is_null());
  CHECK(advice["answers"]["egress"].is_null());
  CHECK(advice["contrast"]["benchmark_leader"].is_null());
  CHECK(advice["walk"].size() == 1);  // only the machine's; advise() gives the other four
}

TEST_CASE("top limits the picks, and one line is one line", "[report]") {
  CHECK(report(test::small_advice(), 1)["picks"].size() == 1);
  const Catalog catalog = test::small_catalog();
  const std::string line = json_report(test::small_advice(), catalog, test::english(), 3, JsonForm::one_line);
  CHECK(line.find('\n') == line.size() - 1);
}

TEST_CASE("bytes that are no UTF-8 and numbers that are none do not stop the report", "[report]") {
  Advice advice = test::small_advice();
  advice.notes = {{"bad \xff byte", {}}};
  advice.picks[0].standing.score.total = std::numeric_limits<double>::quiet_NaN();
  const Json document = report(advice);
  CHECK(document["picks"][0]["score"]["total"].is_null());
}

TEST_CASE("the one-shot command asks the same again", "[report]") {
  CHECK(one_shot_command({{"chat"}, {"th"}, "never", {}, true, {}}) ==
        "jobfit --job chat --language th --egress never --tolerate none");
  Answers answers{{"code", "chat"}, {"zh-Hant", "en"}, "anywhere", {"slowness", "abstention"}, true, {}};
  answers.needs.context = 32768;
  answers.needs.min_speed = 7.5;
  answers.needs.inputs = {"text", "image"};
  answers.needs.license = "commercial";
  answers.needs.territory = "EU";
  answers.needs.thinking = "off";
  CHECK(
      one_shot_command(answers) ==
      "jobfit --job code --job chat --language zh-Hant --language en --egress anywhere "
      "--tolerate slowness,abstention --context 32K --min-speed 7.5 --input text,image --license commercial "
      "--territory EU --thinking off");
}
