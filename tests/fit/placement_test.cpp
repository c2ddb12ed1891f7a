#include "fit/placement.hpp"

#include "fit/sample.hpp"
#include "support/test.hpp"

#include <numeric>

using namespace jobfit;
using namespace jobfit::sample;

namespace {

std::vector<Placed> placements(const Model& model, const Machine& machine, const char* mix = "Q4_K_M",
                               std::int64_t context = 8192, bool only_whole = false) {
  const auto shape = std::get<Shape>(make_shape(model.shape));
  ModelMemory memory(shape);
  const auto weights = sums_of(shape, *weights_from_mix(shape, mix, false));
  RunSettings settings;
  settings.context = context;
  BuildMemory build(memory, weights, settings, {});
  return PlacementSearch(build, Hardware(machine), only_whole).all();
}

}  // namespace

TEST_CASE("a model that fits the card lies whole on it", "[fit]") {
  const auto placed = placements(dense(), pc(32, card(24)));
  REQUIRE(placed.size() == 1);
  CHECK(placed[0].placement.kind == Placement::Kind::gpu);
  CHECK(placed[0].placement.gpu_layers == 33);
  CHECK(placed[0].placement.gpu_shares.empty());
  CHECK(placed[0].memory.gpu_bytes + placed[0].memory.overhead_bytes <= placed[0].memory.available_bytes);
}

TEST_CASE("one that does not is split, with as many layers on the card as fit", "[fit]") {
  const auto machine = pc(32, card(4));
  const auto placed = placements(dense(), machine);
  REQUIRE_FALSE(placed.empty());
  const auto& split = placed.front();
  REQUIRE(split.placement.kind == Placement::Kind::split);
  CHECK(split.placement.gpu_layers > 5);
  CHECK(split.placement.gpu_layers < 33);
  CHECK(split.memory.gpu_bytes + split.memory.overhead_bytes <= machine.gpus[0].usable_bytes);
  // One layer more would not have fitted.
  const auto shape = std::get<Shape>(make_shape(dense().shape));
  const auto more =
      memory_use(shape, *weights_from_mix(shape, "Q4_K_M", false), {}, split.placement.gpu_layers + 1);
  CHECK(more.gpu_bytes + split.memory.overhead_bytes > machine.gpus[0].usable_bytes);
}

TEST_CASE("a mixture keeps its experts in RAM before whole layers", "[fit]") {
  const auto placed = placements(mixture(), pc(64, card(8)));
  REQUIRE_FALSE(placed.empty());
  CHECK(placed.front().placement.kind == Placement::Kind::experts_in_ram);
  CHECK(placed.front().placement.gpu_layers == 49);
  CHECK(placed.front().placement.expert_layers_in_ram > 0);
  CHECK(placed.front().memory.ram_bytes > placed.front().memory.gpu_bytes);
}

TEST_CASE("a mixture counts all its parameters in memory", "[fit]") {
  const auto placed = placements(mixture(), pc(64));
  REQUIRE(placed.size() == 1);
  CHECK(placed[0].placement.kind == Placement::Kind::cpu);
  CHECK(placed[0].memory.weights_bytes > 17 * kGiB);
}

TEST_CASE("unequal cards share the layers by their memory", "[fit]") {
  auto machine = pc(64, card(24));
  machine.gpus.push_back(card(12, 360, "NVIDIA GeForce RTX 3060"));
  const auto placed = placements(mixture(), machine, "Q8_0");
  const auto both = std::find_if(placed.begin(), placed.end(), [](const Placed& one) {
    return one.placement.kind == Placement::Kind::gpu;
  });
  REQUIRE(both != placed.end());
  const auto& shares = both->placement.gpu_shares;
  REQUIRE(shares.size() == 2);
  CHECK(shares[0] > shares[1]);
  CHECK(shares[1] > 0);
  CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == 49);
  REQUIRE(both->memory.per_gpu.size() == 2);
  for (std::size_t i = 0; i < 2; ++i)
    CHECK(both->memory.per_gpu[i] + driver_overhead(machine.gpus[i]) <= machine.gpus[i].usable_bytes);
}

TEST_CASE("on several cards each holds its part, and a larger card loses nothing", "[fit]") {
  // With so little RAM that there are few ways, or one, to share a model out, and a context so long that
  // every card works with more than a layer.
  for (const double ram : {6.0, 8.5, 11.0, 14.0, 17.5, 21.0, 24.5, 26.0, 28.0}) {
    const Model model = ram < 10 ? dense() : mixture();
    bool fitted = false;
    for (double gib = 2; gib <= 40; gib += 0.5) {
      auto machine = pc(ram, card(gib));
      machine.gpus.push_back(card(6, 360, "NVIDIA GeForce RTX 2060"));
      machine.gpus.push_back(card(4, 130, "NVIDIA GeForce GTX 1650"));
      CAPTURE(model.id, ram, gib);
      const auto placed = placements(model, machine, "Q8_0", 65536);
      CHECK((!fitted || !placed.empty()));
      fitted = !placed.empty();
      for (const Placed& one : placed) {
        const auto& shares = one.placement.gpu_shares;
        const auto cards =
            std::count_if(shares.begin(), shares.end(), [](double share) { return share > 0; });
        if (cards < 2) continue;
        CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == one.placement.gpu_layers);
        std::size_t at = 0;
        for (std::size_t i = 0; i < shares.size(); ++i) {
          if (shares[i] <= 0 && one.memory.per_gpu.size() < shares.size()) continue;
          CHECK(one.memory.per_gpu.at(at++) + driver_overhead(machine.gpus[i]) <=
                machine.gpus[i].usable_bytes);
        }
        CHECK(std::accumulate(one.memory.per_gpu.begin(), one.memory.per_gpu.end(), Bytes{0}) ==
              one.memory.gpu_bytes);
      }
    }
    CHECK(fitted);
  }
}

TEST_CASE("whole on several cards every card holds four batches of what it is handed", "[fit]") {
  const auto shape = std::get<Shape>(make_shape(dense().shape));
  ModelMemory memory(shape);
  const auto weights = sums_of(shape, *weights_from_mix(shape, "Q4_K_M", false));
  RunSettings settings;
  settings.context = 131072;
  const auto whole = memory_use(memory, weights, settings, {33});
  const auto two = memory_use(memory, weights, settings, {33, 0, {17, 16}});
  const auto parts = memory_use(memory, weights, settings, {32, 0, {16, 16}});
  // The mask of a micro-batch over the whole context, in f16.
  const Bytes mask = 131072 * 512 * 2;
  CHECK(two.gpu_bytes - whole.gpu_bytes > 6 * mask);
  CHECK(two.compute_bytes > parts.compute_bytes + 5 * mask);
  CHECK(two.weights_bytes == whole.weights_bytes);
  CHECK(two.kv_cache_bytes == whole.kv_cache_bytes);
}

TEST_CASE("unified memory lies inside the RAM and counts once", "[fit]") {
  const auto machine = mac(36, 27);
  CHECK(usable_total(machine) == machine.memory.usable_bytes);
  const auto fits = placements(mixture(), machine);
  REQUIRE_FALSE(fits.empty());
  CHECK(fits.front().placement.kind == Placement::Kind::unified);
  CHECK(placements(mixture(), mac(18, 12)).empty());
  // A carve-out of its own is on top.
  auto halo = mac(32, 96);
  halo.gpus[0].own_bytes = 64 * kGiB;
  CHECK(usable_total(halo) == 96 * kGiB);
}

TEST_CASE("graphics inside a CPU never get a model", "[fit]") {
  auto machine = pc(32, card(24));
  machine.gpus[0].integrated = true;
  machine.gpus[0].usable_bytes = 0;
  const auto placed = placements(dense(), machine);
  REQUIRE(placed.size() == 1);
  CHECK(placed[0].placement.kind == Placement::Kind::cpu);
}

TEST_CASE("where no RAM is known only what lies whole on a GPU is believed", "[fit]") {
  auto machine = pc(0, card(24));
  CHECK(placements(dense(), machine).size() == 1);
  machine.gpus[0] = card(4);
  CHECK(placements(dense(), machine).empty());
}

TEST_CASE("a runtime that cannot split is not offered a split", "[fit]") {
  CHECK(placements(dense(), pc(64, card(4)), "Q4_K_M", 8192, true).empty());
  CHECK(placements(dense(), pc(64), "Q4_K_M", 8192, true).empty());
}

TEST_CASE("the longest context fits and the next step does not", "[fit]") {
  const auto shape = std::get<Shape>(make_shape(dense().shape));
  ModelMemory memory(shape);
  const auto weights = sums_of(shape, *weights_from_mix(shape, "Q8_0", false));
  const auto machine = pc(32, card(12));
  BuildMemory build(memory, weights, {}, {});
  const Hardware hardware(machine);
  PlacementSearch search(build, hardware, false);
  const auto longest = search.longest_context(search.all().front().placement, 131072);
  CHECK(longest > 8192);
  CHECK(longest < 131072);
  CHECK(placements(dense(), machine, "Q8_0", longest).front().placement.kind == Placement::Kind::gpu);
  CHECK(placements(dense(), machine, "Q8_0", longest + 4096).front().placement.kind != Placement::Kind::gpu);
}

TEST_CASE("sets of GPUs keep to one backend and skip equal twins", "[fit]") {
  auto machine = pc(64, card(24));
  machine.gpus.push_back(card(24));
  CHECK(gpu_sets(machine).size() == 2);  // one, both
  auto other = card(16);
  other.vendor = "amd";
  other.backend = "rocm";
  machine.gpus.push_back(other);
  CHECK(gpu_sets(machine).size() == 3);
}
