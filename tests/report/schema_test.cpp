#include "report/small_advice.hpp"
#include "support/json_schema.hpp"
#include "support/test.hpp"

using namespace jobfit;

namespace {

void hold(const std::string& schema, const std::string& document) {
  INFO(schema);
  for (const std::string& breach : test::breaches(schema, document)) {
    INFO(breach);
    CHECK(false);
  }
}

const Catalog& catalog() {
  static const Catalog small = test::small_catalog();
  return small;
}

const Words& english() { return test::english(); }

}  // namespace

TEST_CASE("the advice keeps to its schema: with picks, without, on a cloud road, of one line", "[report]") {
  Advice advice = test::small_advice();
  hold("advice", json_report(advice, catalog(), english(), 9));
  hold("advice", json_report(advice, catalog(), english(), 1, JsonForm::one_line));
  advice.picks[0].standing.candidate = {1, Route::cloud, 0};
  advice.picks[0].fit.reset();
  advice.too_big[0].misfit.because = Misfit::Because::unknown_shape;
  advice.machines.push_back(test::small_machine());
  hold("advice", json_report(advice, catalog(), english(), 9));
  advice.picks.clear();
  advice.contrast = {};
  advice.machines.clear();
  hold("advice", json_report(advice, catalog(), english(), 9));
}

TEST_CASE("a schema that a document breaks says where", "[report]") {
  std::string document = json_report(test::small_advice(), catalog(), english(), 9);
  const auto at = document.find("\"medium\"");
  REQUIRE(at != std::string::npos);
  document.replace(at, 8, "\"certain\"");
  REQUIRE(test::breaches("advice", document).size() == 1);
  CHECK(test::breaches("advice", document)[0].starts_with("$.picks[0].confidence"));
  CHECK_FALSE(test::breaches("advice", "{}").empty());
  CHECK_FALSE(test::breaches("catalog", R"({"schema": "jobfit.catalog/2"})").empty());
}

TEST_CASE("machines and presets keep to their schemas", "[report]") {
  hold("machine", write_machine(test::small_machine(), &english()));
  hold("machine", write_machine(Machine{}, &english()));
  hold("machines", presets_json(catalog()));
}

TEST_CASE("estimates keep to their schema, of a catalog's model and of a file", "[report]") {
  EstimateReport report;
  report.model = 3;
  report.model_id = "qwen3.6-27b";
  report.fit = test::small_fit();
  report.machine = test::small_machine();
  hold("estimate", estimate_json(report, catalog(), english()));
  report.model.reset();
  report.model_id.clear();
  report.model_name = "some.gguf";
  hold("estimate", estimate_json(report, catalog(), english()));
}

TEST_CASE("the catalog's documents keep to their schemas", "[report]") {
  hold("models", models_json({0, 1, 2, 3}, catalog()));
  hold("models", models_json({}, catalog()));
  const Ratings ratings({"persona", "language:th"}, 4);
  hold("models", model_json(3, catalog(), ratings));
  hold("catalog", catalog_json(catalog()));
  hold("explain", explain_json(std::nullopt, {}, catalog(), english()));
  hold("explain", explain_json(0, {{"report.explain.no_figures", {}}}, catalog(), english()));
}

TEST_CASE("why, compare and plan keep to their schemas", "[report]") {
  const Advice advice = test::small_advice();
  for (std::uint32_t model = 0; model < 4; ++model) {
    WhyReport why{
        advice, model, {{"job.chat.kind", Gate::job, Route::this_machine, true, {}}}, {advice.flips[0]}};
    hold("why", why_json(why, catalog(), english()));
  }
  hold("compare", compare_json({advice, {0, 3}}, catalog(), english()));
  hold("compare", compare_json({advice, {2}}, catalog(), english()));
  PlanReport plan;
  plan.model = 3;
  PlanRow row;
  row.build = test::small_fit().build;
  row.memory = test::small_fit().memory;
  row.gpu_bytes = 18 * kGiB;
  row.gpu_bandwidth = 400e9;
  row.ram_bandwidth = std::numeric_limits<double>::infinity();
  row.devices = {"NVIDIA GeForce RTX 4090"};
  plan.rows = {row};
  hold("plan", plan_json(plan, catalog()));
}
