// Who computes what, on graphs small enough to follow by hand.
#include "fit/graph_schedule.hpp"

#include "support/test.hpp"

#include <algorithm>

namespace jobfit {
namespace {

constexpr int kGpu = 0, kCpu = 1;

/// Two blocks: the first in RAM, the second and the output layer on the GPU.
GraphPlacement split() { return {2, {{kCpu, false}, {kGpu, false}, {kGpu, false}}}; }

/// An input of `rows` rows, multiplied by a weight of the first block, normalised, and multiplied by one of
/// the second.
struct Chain {
  Graph graph;
  GraphIndex input, first, norm, second;
  explicit Chain(std::int64_t rows) {
    input = graph.input("f32", {64, rows, 1, 1});
    first = graph.mul_mat(graph.weight({64, 128, 1, 1}, {0, false}), input);
    norm = graph.same(first);
    second = graph.mul_mat(graph.weight({128, 64, 1, 1}, {1, false}), norm);
    graph.expand(second);
  }
};

/// Tensors that the schedule adds to the graph's own: a copy, and what keeps the original until then.
std::size_t added(const GraphSchedule& schedule) {
  return schedule.uses().size() - schedule.graph().tensors.size();
}

TEST_CASE("an operation without weights goes to the GPU's side of where a model is split", "[fit]") {
  const Chain chain(1);
  const FlatGraph flat = flatten(chain.graph);
  const GraphSchedule schedule(flat, split());
  CHECK(schedule.home(chain.input) == kCpu);
  CHECK(schedule.home(chain.first) == kCpu);
  CHECK(schedule.home(chain.norm) == kGpu);
  CHECK(schedule.home(chain.second) == kGpu);
  CHECK(added(schedule) == 2);  // what crosses is the first product
  CHECK(schedule.uses()[static_cast<std::size_t>(chain.first)].readers == 1);
}

TEST_CASE("many rows are worth carrying a weight to the GPU, a few are not", "[fit]") {
  for (const std::int64_t rows : {std::int64_t{31}, std::int64_t{32}}) {
    INFO(rows);
    const Chain chain(rows);
    const FlatGraph flat = flatten(chain.graph);
    const GraphSchedule schedule(flat, split());
    CHECK(schedule.home(chain.first) == (rows < 32 ? kCpu : kGpu));
    CHECK(added(schedule) == (rows < 32 ? 2 : 4));  // of the first product; of its weight and of the input
  }
}

TEST_CASE("where batches are pipelined four of every input and of every copy are held throughout", "[fit]") {
  const Chain chain(4);
  const FlatGraph flat = flatten(chain.graph);
  GraphPlacement two{3, {{0, false}, {1, false}, {1, false}}};
  const GraphSchedule once(flat, two);
  CHECK(once.held().empty());
  two.pipelined = true;
  const GraphSchedule schedule(flat, two);
  // The input in RAM, its copy for the first card, and the first card's result for the second.
  REQUIRE(schedule.held().size() == 3 * 4);
  const auto on = [&](int backend) {
    return std::count_if(schedule.held().begin(), schedule.held().end(),
                         [&](const auto& step) { return step.backend == backend; });
  };
  CHECK(on(0) == 4);
  CHECK(on(1) == 4);
  CHECK(on(2) == 4);
  const auto plain = graph_memory(flat, {3, two.blocks, false}), held = graph_memory(flat, two);
  for (std::size_t i = 0; i < held.size(); ++i) CHECK(held[i] > plain[i]);
}

TEST_CASE("on one backend nothing is copied and the order is the graph's", "[fit]") {
  const Chain chain(64);
  const FlatGraph flat = flatten(chain.graph);
  const GraphPlacement ram{1, {{0, false}, {0, false}, {0, false}}};
  const GraphSchedule schedule(flat, ram);
  CHECK(added(schedule) == 0);
  REQUIRE(schedule.steps().size() == flat.nodes.size());
  for (std::size_t i = 0; i < flat.nodes.size(); ++i) CHECK(schedule.steps()[i].tensor == flat.nodes[i]);
}

TEST_CASE("experts in RAM stay there while the rest of their layer is on the GPU", "[fit]") {
  Graph graph;
  const GraphIndex input = graph.input("f32", {64, 1, 1, 1});
  const GraphIndex dense = graph.mul_mat(graph.weight({64, 64, 1, 1}, {1, false}), input);
  const GraphIndex experts = graph.mul_mat(graph.weight({64, 64, 1, 1}, {1, true}), dense);
  graph.expand(experts);
  const FlatGraph flat = flatten(graph);
  const GraphSchedule schedule(flat, {2, {{kCpu, false}, {kGpu, true}, {kGpu, false}}});
  CHECK(schedule.home(dense) == kGpu);
  CHECK(schedule.home(experts) == kCpu);
}

}  // namespace
}  // namespace jobfit
