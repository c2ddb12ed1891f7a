#include "fit/squeeze_dynamic.hpp"

#include "fit/hparams.hpp"
#include "fit/model_memory.hpp"
#include "fit/sample.hpp"
#include "support/test.hpp"

using namespace jobfit;
using namespace jobfit::sample;

namespace {

Build dynamic(Bytes bytes, std::string quantization = "UD-Q4_K_XL") {
  auto build = gguf(std::move(quantization));
  build.file_bytes = bytes;
  return build;
}

struct Spread {
  double dense = 0, experts = 0;  ///< bits per weight
  Bytes total = 0;
};

Spread spread(const Model& model, const Build& build) {
  const auto shape = std::get<Shape>(make_shape(model.shape));
  ModelMemory memory(shape);
  const auto& sums = memory.weights(build);
  Spread found;
  found.total = sums.total_bytes;
  double dense_bytes = 0, dense_weights = 0, expert_bytes = 0, expert_weights = 0;
  for (std::size_t block = 0; block < sums.layers.size(); ++block) {
    const auto& layer = sums.layer(block);
    dense_bytes += double(layer.dense.bytes);
    dense_weights += layer.dense.elements;
    expert_bytes += double(layer.experts.bytes);
    expert_weights += layer.experts.elements;
  }
  found.dense = 8 * dense_bytes / dense_weights;
  found.experts = expert_weights > 0 ? 8 * expert_bytes / expert_weights : 0;
  return found;
}

}  // namespace

TEST_CASE("a dynamic build of a mixture spends its bits on what every token reads", "[fit]") {
  const auto file = Bytes{17'700'000'000};
  const auto found = spread(mixture(), dynamic(file));
  CHECK(found.dense == Approx(8.5).epsilon(0.05));
  CHECK(found.experts < 5);
  CHECK(double(found.total) == Approx(double(file)).epsilon(1e-6));
  const auto plain = spread(mixture(), gguf("Q4_K_M"));
  CHECK(plain.dense < 6);
}

TEST_CASE("dense models, other builds and sums that do not come out are left as they are", "[fit]") {
  CHECK(spread(dense(), dynamic(5'100'000'000)).dense < 6);
  CHECK(spread(mixture(), dynamic(17'700'000'000, "Q4_K_XL")).dense < 6);
  CHECK(spread(mixture(), dynamic(11'000'000'000)).dense <
        6);  // eight bits would leave the experts too little
  CHECK(spread(mixture(), dynamic(30'000'000'000)).dense != Approx(8.5).epsilon(0.01));
}
