// Figures that were worked out beforehand are those that would be reckoned when asked for.
#include "fit/worked_out.hpp"

#include "fit/choose_builds.hpp"
#include "fit/model_memory.hpp"
#include "fit/sample.hpp"
#include "support/test.hpp"

namespace jobfit {
namespace {

Catalog catalog_of(std::vector<Model> models) {
  Catalog catalog;
  catalog.models = std::move(models);
  return catalog;
}

TEST_CASE("what was worked out is what is reckoned", "[fit]") {
  const Catalog catalog = catalog_of({sample::dense(), sample::mixture(), sample::dense("its-tune")});
  const std::string worked_out = work_out(catalog);
  for (const Model& model : catalog.models) {
    CAPTURE(model.id);
    const auto made = make_shape(model.shape);
    ModelMemory reckoned(std::get<Shape>(made));
    const ShapeFigures figures = figures_of(worked_out, model.shape);
    for (const auto mix : kMakeable) {
      Build build;
      build.quantization = mix;
      CHECK(figures.file_bytes(mix) == reckoned.computed_bytes(build));
    }
    for (const std::int64_t context : {2048, 8192, 131072}) {
      RunSettings settings;
      settings.context = context;
      auto& run = reckoned.run(settings);
      const std::int64_t all = reckoned.hparams().blocks + 1;
      CHECK(figures.working(context, false) == reckoned.compute(run, {}, Working::exact));
      CHECK(figures.working(context, true) == reckoned.compute(run, {{all}, nullptr}, Working::exact));
    }
  }
}

TEST_CASE("nothing is known of another shape, mix or context", "[fit]") {
  const std::string worked_out = work_out(catalog_of({sample::dense()}));
  Model wider = sample::dense();
  for (auto& [name, value] : wider.shape.values) {
    if (name == "feed_forward_length") value = std::int64_t{14592};
  }
  CHECK_FALSE(figures_of(worked_out, wider.shape).file_bytes("Q4_K_M"));
  CHECK(figures_of(worked_out, wider.shape).working(8192, false).empty());
  const ShapeFigures figures = figures_of(worked_out, sample::dense().shape);
  CHECK_FALSE(figures.file_bytes("IQ2_M"));
  CHECK(figures.working(8193, true).empty());
  CHECK_FALSE(figures_of({}, sample::dense().shape).file_bytes("Q4_K_M"));
}

TEST_CASE("only runs with usual settings are known beforehand", "[fit]") {
  const Catalog catalog = catalog_of({sample::dense()});
  const std::string worked_out = work_out(catalog);
  const auto made = make_shape(sample::dense().shape);
  const Shape& shape = std::get<Shape>(made);
  ModelMemory known(shape, figures_of(worked_out, sample::dense().shape)), reckoned(shape);
  Build build;
  build.quantization = "Q4_K_M";
  for (const int parallel : {1, 4}) {
    for (const char* cache : {"f16", "q8_0"}) {
      RunSettings settings;
      settings.parallel = parallel;
      settings.cache_type = cache;
      for (const std::int64_t layers : {0, 12, 33}) {
        CAPTURE(parallel, cache, layers);
        CHECK(known.compute(known.run(settings), {{layers}, &known.weights(build)}, Working::exact) ==
              reckoned.compute(reckoned.run(settings), {{layers}, &reckoned.weights(build)}, Working::exact));
      }
    }
  }
}

TEST_CASE("what machines ask for leaves no more behind than it may", "[fit]") {
  const auto made = make_shape(sample::dense().shape);
  const Shape& shape = std::get<Shape>(made);
  ModelMemory memory(shape);
  RunSettings first;
  first.context = 4096;
  Build build;
  build.quantization = "Q4_K_M";
  const ModelMemory::Run::Where where{{12}, &memory.weights(build)};
  const auto before = memory.compute(memory.run(first), where, Working::exact);
  RunSettings usual;
  const auto* often = &memory.run(usual);
  for (std::int64_t i = 1; i <= 100; ++i) {
    RunSettings settings;
    settings.context = 4096 + 256 * i;
    memory.run(settings);
    CHECK(&memory.run(usual) == often);  // what is asked for all the time stays
    CHECK(memory.runs() <= ModelMemory::kMostRuns);
  }
  CHECK(memory.runs() == ModelMemory::kMostRuns);
  CHECK(memory.compute(memory.run(first), where, Working::exact) == before);
}

}  // namespace
}  // namespace jobfit
