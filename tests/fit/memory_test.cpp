#include "fit/model_memory.hpp"
#include "support/memory_figures.hpp"
#include "support/test.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace jobfit;

namespace {

figures::Figures ten_models() { return figures::read(JOBFIT_TESTS_DIR "/fixtures/memory/ten_models.json"); }
figures::Figures architectures() {
  return figures::read(JOBFIT_TESTS_DIR "/fixtures/memory/architectures.json");
}

double percent(Bytes ours, Bytes theirs) {
  return 100.0 * static_cast<double>(ours - theirs) / static_cast<double>(theirs);
}

Shape shape_of(std::string_view name) { return ten_models().shapes.at(std::string(name)); }

/// Every plan of a file of measured ones: model, quantization and context come first in a row.
template <typename Check>
void each_plan(const char* name, Check check) {
  const auto models = ten_models();
  std::ifstream file(std::string(JOBFIT_TESTS_DIR "/fixtures/memory/") + name);
  const auto measured = nlohmann::json::parse(file);
  for (const auto& row : measured.at("rows")) {
    CAPTURE(row.dump());
    RunSettings settings;
    settings.context = row[2];
    Build build;
    build.quantization = row[1];
    ModelMemory model(models.shapes.at(row[0]));
    check(row, model, model.weights(build), settings);
  }
}

}  // namespace

TEST_CASE("on the CPU every part of ten models is the planner's to the byte", "[fit]") {
  const auto measured = ten_models();
  REQUIRE(measured.refused.empty());
  for (const auto& row : measured.rows) {
    if (row.gpu) continue;
    CAPTURE(row.model, row.quantization, row.label(), row.settings.context);
    const MemoryUse ours = figures::estimate(measured, row);
    // One tensor of 64 values is in Llama's file and not in its shape.
    CHECK(std::abs(ours.weights_bytes - row.weights) <= 256);
    CHECK(ours.kv_cache_bytes + ours.state_bytes == row.kv + row.state);
    CHECK(ours.compute_bytes == row.compute);
    CHECK(ours.output_bytes == row.output);
    CHECK(ours.gpu_bytes == 0);
  }
}

TEST_CASE("with everything on a GPU the totals are within a percent at default settings", "[fit]") {
  const auto measured = ten_models();
  for (const auto& row : measured.rows) {
    if (!row.gpu || row.settings.flash_attention == RunSettings::FlashAttention::off) continue;
    CAPTURE(row.model, row.quantization, row.label(), row.settings.context);
    const MemoryUse ours = figures::estimate(measured, row);
    CHECK(std::fabs(percent(ours.total_bytes, row.total)) < 1.0);
    CHECK(std::fabs(percent(ours.gpu_bytes, row.gpu_total)) < 1.0);
    CHECK(ours.kv_cache_bytes + ours.state_bytes == row.kv + row.state);
  }
}

TEST_CASE("split between GPU and RAM, ten models lie as the planner says", "[fit]") {
  each_plan("splits.json",
            [](const auto& row, ModelMemory& model, const WeightSums& weights, const auto& settings) {
              const Offload offload{row[3], row[4]};
              const MemoryUse ours = memory_use(model, weights, settings, offload);
              // Some files have a vector more than the shape says, and results are aligned.
              CHECK(std::abs(ours.gpu_bytes - row[5].template get<Bytes>()) <= 1024);
              const Bytes held = held_by(model, weights, settings, offload).ram;
              CHECK(std::abs(ours.ram_bytes - held - ours.output_bytes - row[6].template get<Bytes>()) <= 64);
            });
}

TEST_CASE("over several cards, ten models lie as the planner says", "[fit]") {
  std::size_t off = 0;
  each_plan("cards.json", [&](const auto& row, ModelMemory& model, const WeightSums& weights,
                              const auto& settings) {
    Offload offload{0, row[4], row[3]};
    offload.layers = std::accumulate(offload.cards.begin(), offload.cards.end(), std::int64_t{0});
    const MemoryUse ours = memory_use(model, weights, settings, offload);
    REQUIRE(ours.per_gpu.size() == row[5].size());
    for (std::size_t i = 0; i < ours.per_gpu.size(); ++i) {
      const Bytes theirs = row[5][i];
      CHECK(std::fabs(percent(ours.per_gpu[i], theirs)) < 0.4);
      if (std::abs(ours.per_gpu[i] - theirs) > 2048) ++off;
    }
    const Bytes held = held_by(model, weights, settings, offload).ram;
    CHECK(std::abs(ours.ram_bytes - held - ours.output_bytes - row[6].template get<Bytes>()) <= 256);
  });
  // Where the layers that are walked are not all there are: two middle cards of one model.
  CHECK(off <= 2);
}

TEST_CASE("layers without positions show where a model is split", "[fit]") {
  const auto measured = architectures();
  const Shape& shape = measured.shapes.at("smollm3");
  ModelMemory model(shape);
  Build build;
  build.quantization = "Q4_K_M";
  // Measured as splits.json is.
  for (const auto& [layers, bytes] :
       {std::pair<int, Bytes>{1, 304871424}, {9, 849795072}, {18, 1414662144}, {36, 2556561408}}) {
    CAPTURE(layers);
    CHECK(std::abs(memory_use(model, model.weights(build), {}, {layers}).gpu_bytes - bytes) <= 1024);
  }
}

TEST_CASE("caches and working memory of every architecture are the planner's", "[fit]") {
  const auto measured = architectures();
  for (const auto& [name, why] : measured.refused) FAIL_CHECK(name << " was refused:" << why);
  for (const auto& row : measured.rows) {
    CAPTURE(row.model, row.label(), row.settings.context);
    const MemoryUse ours = figures::estimate(measured, row);
    CHECK(ours.kv_cache_bytes + ours.state_bytes == row.kv);
    if (!row.gpu) {
      CHECK(std::fabs(percent(ours.compute_bytes, row.compute)) < 0.3);
    } else if (ours.kv_cache_bytes > 0) {
      // The device measured reorders operations, and lacks a few kernels.
      CHECK(std::fabs(percent(ours.gpu_bytes, row.gpu_total)) < 5.0);
    }
  }
}

TEST_CASE("the parts of a memory estimate add up to its total, and so do the places", "[fit]") {
  const auto measured = architectures();
  for (const auto& [name, shape] : measured.shapes) {
    CAPTURE(name);
    const auto weights = weights_from_mix(shape, "Q4_K_M", false);
    REQUIRE(weights);
    const int all = static_cast<int>(shape.layers.size()) + 1;
    for (int layers : {0, 1, all / 2, all - 1, all}) {
      const MemoryUse use = memory_use(shape, *weights, {}, layers);
      CHECK(use.total_bytes == use.weights_bytes + use.kv_cache_bytes + use.state_bytes + use.compute_bytes +
                                   use.output_bytes + use.projector_bytes + use.drafter_bytes);
      CHECK(use.total_bytes == use.gpu_bytes + use.ram_bytes);
    }
  }
}

TEST_CASE("experts left in RAM take their weights off the GPU and nothing else", "[fit]") {
  const Shape shape = shape_of("Qwen3-30B-A3B");
  const auto weights = weights_from_mix(shape, "Q4_K_M", false).value();
  const MemoryUse all = memory_use(shape, weights, {}, 1000, 0);
  const MemoryUse some = memory_use(shape, weights, {}, 1000, 24);
  const MemoryUse none = memory_use(shape, weights, {}, 1000, 48);
  CHECK(all.gpu_bytes > some.gpu_bytes);
  CHECK(some.gpu_bytes > none.gpu_bytes);
  CHECK(all.weights_bytes == none.weights_bytes);
  CHECK(all.kv_cache_bytes == none.kv_cache_bytes);
  CHECK(none.gpu_bytes < all.gpu_bytes / 4);
}

TEST_CASE("a sliding window stops growing with the context", "[fit]") {
  const Shape shape = shape_of("gpt-oss-20b");
  const auto weights = weights_from_mix(shape, "MXFP4", false).value();
  RunSettings small, large;
  small.context = 4096;
  large.context = 8192;
  const Bytes a = memory_use(shape, weights, small, 0).kv_cache_bytes;
  const Bytes b = memory_use(shape, weights, large, 0).kv_cache_bytes;
  // Twelve of the 24 layers are full: 8 heads of 64, keys and values, two bytes each.
  CHECK(b - a == 12 * 4096 * 2 * 8 * 64 * 2);
}

TEST_CASE("a q8_0 cache takes 34 bytes where f16 takes 64", "[fit]") {
  const Shape shape = shape_of("Qwen3-8B");
  const auto weights = weights_from_mix(shape, "Q4_K_M", false).value();
  RunSettings half, eight;
  eight.cache_type = "q8_0";
  const Bytes f16 = memory_use(shape, weights, half, 0).kv_cache_bytes;
  const Bytes q8 = memory_use(shape, weights, eight, 0).kv_cache_bytes;
  CHECK(q8 * 64 == f16 * 34);
}

TEST_CASE("draft blocks are in the file and loaded only when asked for", "[fit]") {
  const auto measured = architectures();
  const Shape& shape = measured.shapes.at("glm4moe");
  REQUIRE(shape.layers.back().draft);
  const auto weights = weights_from_mix(shape, "Q4_K_M", false).value();
  RunSettings without, with;
  with.mtp = true;
  const MemoryUse plain = memory_use(shape, weights, without, 0),
                  drafting = memory_use(shape, weights, with, 0);
  CHECK(plain.weights_bytes < weights.total_bytes);
  CHECK(drafting.weights_bytes == weights.total_bytes);
  CHECK(drafting.kv_cache_bytes > plain.kv_cache_bytes);
}

TEST_CASE("only a file's size known, the size counts as weights", "[fit]") {
  const Shape shape = shape_of("Qwen3-8B");
  WeightTable weights;
  weights.total_bytes = 5'000'000'000;
  const MemoryUse cpu = memory_use(shape, weights, {}, 0), gpu = memory_use(shape, weights, {}, 1000);
  CHECK(cpu.weights_bytes == 5'000'000'000);
  CHECK(gpu.weights_bytes == 5'000'000'000);
  CHECK(gpu.gpu_bytes > 5'000'000'000);
}
