#include "report/small_advice.hpp"
#include "support/test.hpp"

#include <sstream>

using namespace jobfit;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Line breaks and runs of spaces as one space.
std::string flowing(const std::string& text) {
  std::string flow;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n';
    if (!space)
      flow.push_back(c);
    else if (!flow.ends_with(' '))
      flow.push_back(' ');
  }
  return flow;
}

/// No line over the width, no key of the words left unsaid, no hole left open, nothing that steers.
void sound(const std::string& text, int width) {
  INFO(text);
  CHECK_FALSE(has(text, "report."));
  CHECK_FALSE(has(text, "{"));
  CHECK_FALSE(has(text, "\x1b"));
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    INFO(line);
    CHECK(display_width(line) <= width);
  }
}

const Catalog& catalog() {
  static const Catalog small = test::small_catalog();
  return small;
}

Ratings small_ratings() {
  Ratings ratings({"persona", "language:th"}, 4);
  for (std::size_t model = 0; model < 4; ++model) {
    ratings.at(model, 0) = {61, 50, 72, Basis::sibling, {}, 0};
    ratings.at(model, 1) = {70, 66, 74, Basis::measured, {0}, 0};
  }
  return ratings;
}

EstimateReport small_estimate() {
  EstimateReport report;
  report.model = 3;
  report.model_name = "Qwen3.6 27B";
  report.source = "catalog";
  report.fit = test::small_fit();
  report.machine = test::small_machine();
  Shape shape;
  for (int i = 0; i < 64; ++i) {
    Layer layer;
    layer.kind = i % 4 == 3 ? LayerKind::full_attention : LayerKind::linear_attention;
    shape.layers.push_back(layer);
  }
  report.shape = shape;
  return report;
}

PlanReport small_plan() {
  PlanReport plan;
  plan.model = 3;
  plan.min_speed = 10;
  PlanRow row;
  row.build = test::small_fit().build;
  row.quality_loss = 1.5;
  row.gpu_bytes = 18 * kGiB;
  row.ram_bytes = 19 * kGiB;
  row.gpu_bandwidth = 400e9;
  row.ram_bandwidth = std::numeric_limits<double>::infinity();
  row.devices = {"NVIDIA GeForce RTX 4090"};
  plan.rows = {row};
  return plan;
}

}  // namespace

TEST_CASE("every view is sound at 60, 80 and 120 columns", "[report]") {
  const Advice advice = test::small_advice();
  for (const int width : {60, 80, 120}) {
    Style style;
    style.width = width;
    const Words& words = test::english();
    sound(estimate_text(small_estimate(), catalog(), words, style), width);
    sound(models_text({0, 1, 2, 3}, catalog(), words, style), width);
    sound(models_text({}, catalog(), words, style), width);
    sound(model_text(3, catalog(), small_ratings(), words, style), width);
    sound(catalog_text(catalog(), words, style), width);
    sound(machine_text(test::small_machine(), words, style), width);
    sound(machine_text(Machine{}, words, style), width);
    sound(presets_text(catalog(), words, style), width);
    sound(plan_text(small_plan(), catalog(), words, style), width);
    sound(plan_text(PlanReport{}, catalog(), words, style), width);
    sound(explain_text(std::nullopt, {}, catalog(), words, style), width);
    sound(explain_text(0, {}, catalog(), words, style), width);
    for (std::uint32_t model = 0; model < 4; ++model) {
      const WhyReport why{advice, model, {{"job.chat.kind", Gate::job, Route::this_machine, true, {}}}, {}};
      sound(why_text(why, catalog(), words, style), width);
    }
    sound(compare_text({advice, {0, 3}}, catalog(), words, style), width);
    sound(compare_text({advice, {0, 1, 2, 3}}, catalog(), words, style), width);
  }
}

TEST_CASE("a window of 20 columns gets words, not a crash", "[report]") {
  Style style;
  style.width = 20;
  const Advice advice = test::small_advice();
  CHECK_FALSE(estimate_text(small_estimate(), catalog(), test::english(), style).empty());
  CHECK_FALSE(compare_text({advice, {0, 3}}, catalog(), test::english(), style).empty());
  CHECK_FALSE(model_text(3, catalog(), small_ratings(), test::english(), style).empty());
}

TEST_CASE("an estimate says what each part of the memory depends on", "[report]") {
  const std::string text = flowing(estimate_text(small_estimate(), catalog(), test::english(), {}));
  CHECK(has(text, "16 of 64 layers keep every token"));
  CHECK(has(text, "the size of the published file for Q4_K_M"));
  CHECK(has(text, "What holds it back: the GPU's memory bandwidth."));
  EstimateReport short_of = small_estimate();
  short_of.fits = false;
  short_of.fit.memory.available_bytes = 8 * kGiB;
  CHECK(has(estimate_text(short_of, catalog(), test::english(), {}),
            "does not fit here: 8.96 GiB are missing"));
}

TEST_CASE("an entry is shown with its evidence and where that was read", "[report]") {
  const std::string text = model_text(3, catalog(), small_ratings(), test::english(), {});
  CHECK(has(text, "SEA-HELM knowledge: 71.5%"));
  CHECK(has(text, "https://example.org/sea-helm?a=1&b=2"));
  CHECK(has(text, "third party"));
}

TEST_CASE("why tells the pick, the runner-up, the dropped and the too big apart", "[report]") {
  const Advice advice = test::small_advice();
  const auto why = [&](std::uint32_t model) {
    return flowing(why_text({advice, model, {}, {}}, catalog(), test::english(), {}));
  };
  CHECK(has(why(3), "Qwen3.6 27B is the pick."));
  CHECK(has(why(0), "is number 2, 8.0 points behind"));
  CHECK(has(why(1), "right for the job (number 2) and wrong for this machine"));
  CHECK(has(why(1), "If the answer to question 3 were"));
  CHECK(has(why(2), "left at question 1, job"));
  CHECK(has(why(2), "[job.chat.kind]"));
}

TEST_CASE("compare names the winner and by how much, and a tie as a tie", "[report]") {
  Advice advice = test::small_advice();
  advice.walk.ranked[1].score.total = 65;
  const auto compare = [&](std::vector<std::uint32_t> models) {
    return flowing(compare_text({advice, std::move(models)}, catalog(), test::english(), {}));
  };
  CHECK(has(compare({1, 3}), "within the noise"));  // 66±4 and 65±4: within a third of their errors
  CHECK(has(compare({0, 3}), "serves this job better than Gemma 4 12B, by 8.0 points"));
  CHECK(has(compare({2, 3}), "Only Qwen3.6 27B came through"));
}

TEST_CASE("the catalog's files are told by folder", "[report]") {
  Catalog many = catalog();
  many.files = {"data/capabilities.yaml", "data/models/a.yaml", "data/models/b.yaml", "mine.yaml"};
  const std::string text = catalog_text(many, test::english(), {});
  CHECK(text.find("data/models/  2") != std::string::npos);
  CHECK(text.find("mine.yaml") != std::string::npos);
  CHECK(text.find("a.yaml") == std::string::npos);
}

TEST_CASE("a name that is too long for its column takes a second line, and is not cut", "[report]") {
  Catalog long_names = catalog();
  long_names.models[0].license.id = "A-Licence With-A-Name That-Goes-On And-On Until-The-End";
  Style style;
  style.width = 80;
  const std::string text = models_text({0, 1}, long_names, test::english(), style);
  INFO(text);
  CHECK(text.find("…") == std::string::npos);
  CHECK(text.find("Until-The-End") != std::string::npos);
}
