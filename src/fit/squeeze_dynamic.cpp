// Unsloth publishes which tensors its dynamic builds spare
// (https://unsloth.ai/docs/models/qwen3.5/gguf-benchmarks): attention and the mixers of hybrid models stay in
// higher precision, the experts take the squeeze. In a mixture the former are a small part of the file and a
// large part of what a token reads: spread evenly, the file's size told a speed up to 40 % too high.
#include "fit/squeeze_dynamic.hpp"

#include <cmath>

namespace jobfit {
namespace {

/// How far the experts may lie from their nominal bits for the sum to be believed.
constexpr double kNear = 0.25;
/// Of a mixture's weights the experts are most.
constexpr double kMostly = 0.5;

}  // namespace

bool spread_dynamic(MixedWeights& weights, const ModelTensors& tensors, std::string_view quantization,
                    Bytes target) {
  if (!quantization.starts_with("UD-")) return false;
  const GgmlType* eight = ggml_type("q8_0");
  const TensorList& list = tensors.list;
  const auto routed = [&](std::size_t i) { return tensors.traits[list.entries[i].name].routed; };
  Bytes experts = 0;
  list.each(
      [&](std::size_t at, std::size_t i, std::int64_t) { experts += routed(i) ? weights.bytes[at] : 0; });
  if (double(experts) < kMostly * double(weights.total_bytes)) return false;
  MixedWeights spread = weights;
  Bytes spared = 0;
  list.each([&](std::size_t at, std::size_t i, std::int64_t layer) {
    if (routed(i)) return;
    const auto& entry = list.entries[i];
    const bool matrix = layer >= 0 && entry.dimensions > 1;
    if (matrix && entry.size[0] % eight->block_values == 0) {
      const Bytes bytes = row_bytes(*eight, entry.size[0]) * entry.rows();
      if (bytes > spread.bytes[at]) {
        spread.bytes[at] = bytes;
        spread.types[at] = eight;
      }
    }
    spared += spread.bytes[at];
  });
  const double factor = double(target - spared) / double(experts);
  if (std::abs(factor - 1) > kNear) return false;
  spread.total_bytes = 0;
  list.each([&](std::size_t at, std::size_t i, std::int64_t) {
    Bytes& bytes = spread.bytes[at];
    if (routed(i)) bytes = std::llround(double(bytes) * factor);
    spread.total_bytes += bytes;
  });
  spread.scaled = true;
  weights = std::move(spread);
  return true;
}

}  // namespace jobfit
