#include "jobfit/catalog.hpp"

#include "small_data.hpp"
#include "support/test.hpp"

using namespace jobfit;

namespace {

CatalogRead laid_over(const std::string& text) {
  return overlay(small_catalog(), std::vector<SourceFile>{{"mine.yaml", text}});
}

double score_of(const Catalog& catalog, const std::string& model, const std::string& mode,
                const std::string& metric) {
  for (const Score& score : catalog.scores) {
    if (catalog.models[score.model].id == model && catalog.settings[score.setting].mode == mode &&
        catalog.tables[score.table].metric == metric) {
      return score.value;
    }
  }
  return -1;
}

}  // namespace

TEST_CASE("an overlay corrects only the fields it names", "[catalog]") {
  const auto read = laid_over("- id: alpha-8b\n  license: {commercial: no}\n  context: {extended: 262144}\n");
  CHECK(format_diagnostics(read.problems) == "");
  const Model& model = *read.catalog.model("alpha-8b");
  CHECK(model.license.commercial == License::Commercial::no);
  CHECK(model.license.id == "Apache-2.0");
  CHECK(model.context.extended == 262144);
  CHECK(model.context.native == 131072);
  CHECK(model.name == "Alpha 8B");
  CHECK(model.builds.size() == 1);
  CHECK(model.shape.values == small_catalog().model("alpha-8b")->shape.values);
  CHECK(read.catalog.models.size() == 2);
}

TEST_CASE("an overlay adds a model, a build and a score without copying the rest", "[catalog]") {
  const auto read = laid_over(
      "models:\n"
      "  - {id: a-tune-8b, name: A tune, family: alpha, maker: us, derived_from: alpha-8b, sources: [ours]}\n"
      "  - id: alpha-8b\n    builds: [{format: gguf, quantization: Q8_0, bytes: 8600000000, source: ours}]\n"
      "evidence:\n"
      "  - source: ours\n    reporter: us\n    reported_by: third-party\n    metric: aider\n"
      "    scores: [{model: a-tune-8b, score: 70}]\n");
  CHECK(format_diagnostics(read.problems) == "");
  CHECK(read.catalog.models.size() == 3);
  CHECK(read.catalog.models.at(0).id == "a-tune-8b");
  CHECK(read.catalog.model("alpha-8b")->builds.size() == 2);
  CHECK(score_of(read.catalog, "a-tune-8b", "", "aider") == 70);
  CHECK(score_of(read.catalog, "beta-9b", "", "aider") == 61.5);
  CHECK(read.catalog.scores.size() == 5);
}

TEST_CASE("an overlay corrects a score of the same table", "[catalog]") {
  const auto read = laid_over(
      "- source: github:o/r@c:README.md\n  reporter: o\n  reported_by: third-party\n  date: 2026-05-01\n"
      "  metric: aider\n  scores: [{model: beta-9b, score: 59}, {model: beta-9b, mode: thinking, score: "
      "66}]\n");
  CHECK(format_diagnostics(read.problems) == "");
  CHECK(score_of(read.catalog, "beta-9b", "", "aider") == 59);
  CHECK(score_of(read.catalog, "beta-9b", "thinking", "aider") == 66);
  CHECK(read.catalog.tables.size() == 2);
  CHECK(read.catalog.scores.size() == 5);
}

TEST_CASE("an overlay may add and correct metrics, languages, devices and presets", "[catalog]") {
  const auto read = laid_over(
      "metrics:\n  - {id: aider, noise: 4}\n  - {id: ours, name: Ours, what: x, scale: [1, 5], measures: "
      "{code: 1}}\n"
      "languages:\n  - {tag: tlh, english: Klingon, own: tlhIngan Hol}\n"
      "devices:\n  - {name: Our GPU, vendor: us, source: ours, memory: [48GB]}\n"
      "presets:\n  - {id: lab, what: our lab, memory: 128GB, gpus: [Our GPU]}\n");
  CHECK(format_diagnostics(read.problems) == "");
  CHECK(read.catalog.metric("aider")->noise == 4);
  CHECK(read.catalog.metric("aider")->name == "Aider polyglot");
  CHECK(read.catalog.metric("ours")->max == 5);
  CHECK(read.catalog.language("tlh") != nullptr);
  CHECK(read.catalog.devices.size() == 2);
  CHECK(read.catalog.presets.size() == 2);
}

TEST_CASE("an overlay obeys the same checks", "[catalog]") {
  const auto read =
      laid_over("models:\n  - {id: alpha-8b, licence: {id: MIT}}\n  - {id: gamma}\nmodel: []\n");
  CHECK(format_diagnostics(read.problems) ==
        "mine.yaml:2:20: error: unknown key 'licence' in a model\n"
        "    2 |   - {id: alpha-8b, licence: {id: MIT}}\n"
        "      |                    ^~~~~~~\n"
        "  did you mean 'license'?\n"
        "mine.yaml:3:5: error: a model needs 'name'\n"
        "    3 |   - {id: gamma}\n      |     ^\n"
        "mine.yaml:3:5: error: a model needs 'family'\n"
        "    3 |   - {id: gamma}\n      |     ^\n"
        "mine.yaml:3:5: error: a model needs 'maker'\n"
        "    3 |   - {id: gamma}\n      |     ^\n"
        "mine.yaml:3:5: error: a model needs 'sources'\n"
        "    3 |   - {id: gamma}\n      |     ^\n"
        "mine.yaml:4:1: error: unknown key 'model' in a catalog file\n"
        "    4 | model: []\n      | ^~~~~\n"
        "  did you mean 'models'?\n");
}

TEST_CASE("the same model twice in the overlay's own files is refused", "[catalog]") {
  CHECK(laid_over("- {id: alpha-8b, note: one}\n- {id: alpha-8b, note: two}\n").problems.size() == 1);
}

TEST_CASE("an overlay that closes a circle of successors is refused", "[catalog]") {
  const auto read = laid_over("- {id: beta-9b, superseded_by: alpha-8b}\n");
  CHECK(format_diagnostics(read.problems).find("'beta-9b' is superseded by itself") != std::string::npos);
}

TEST_CASE("questions and rules are not laid over, and the way is said", "[catalog]") {
  CHECK(format_diagnostics(laid_over("rules: []\n").problems).find("give this file with --rules") !=
        std::string::npos);
  const auto read =
      overlay(small_catalog(), std::vector<SourceFile>{{"questions/1-job.yaml", "question: job\n"}});
  CHECK(read.problems.size() == 1);
}

TEST_CASE("an overlay of nothing changes nothing but the version", "[catalog]") {
  Catalog base = small_catalog();
  Catalog same = overlay(base, {}).catalog;
  same.version = base.version;
  CHECK(compile(same) == compile(base));
  Catalog other = overlay(base, std::vector<SourceFile>{{"mine.yaml", "- {id: beta-9b, note: x}\n"}}).catalog;
  CHECK(other.version != base.version);
  CHECK(other.files.back() == "mine.yaml");
}
