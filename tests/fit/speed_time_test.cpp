// What a token's time is made of: cores, borders, layers in RAM, caches and states.
#include "fit/efficiency.hpp"
#include "fit/sample.hpp"
#include "fit/speed.hpp"
#include "support/test.hpp"

using namespace jobfit;
using namespace jobfit::sample;

namespace {

Shape shape_of(const Model& model) { return std::get<Shape>(make_shape(model.shape)); }

Placement whole(const Shape& shape) {
  Placement placement;
  placement.kind = Placement::Kind::gpu;
  placement.gpu_layers = static_cast<int>(shape.layers.size()) + 1;
  return placement;
}

Speed speed_on(const Model& model, const Machine& machine, const Placement& placement,
               std::int64_t filled = 200, const char* mix = "Q4_K_M") {
  const auto shape = shape_of(model);
  RunSettings settings;
  settings.filled = filled;
  return estimate_speed(shape, *weights_from_mix(shape, mix, false), settings, placement, machine);
}

}  // namespace

TEST_CASE("more cores never slow a CPU down, and many add little", "[fit]") {
  for (const char* mix : {"Q4_K_M", "Q8_0"}) {
    auto machine = pc(256, 400);
    double before = 0;
    for (const int cores : {1, 2, 4, 8, 16, 32, 64, 96, 192}) {
      machine.cpu.cores = cores;
      const double now = speed_on(dense(), machine, {}, 200, mix).decode.mid;
      CHECK(now >= before);
      before = now;
    }
    machine.cpu.cores = 64;
    CHECK(before <= speed_on(dense(), machine, {}, 200, mix).decode.mid * 1.001);
  }
}

TEST_CASE("blocks of three bits and less are slower per byte than those of four", "[fit]") {
  const auto shape = shape_of(dense());
  const auto rate = [&](const Machine& machine, const Placement& placement, const char* mix) {
    const auto weights = *weights_from_mix(shape, mix, false);
    return speed_on(dense(), machine, placement, 200, mix).decode.mid * double(weights.total_bytes);
  };
  auto old = card(24, 346);
  old.generation = "Pascal";
  old.tflops_fp16 = 11.8;
  for (const auto& machine : {pc(64, card(24)), pc(64, old)})
    CHECK(rate(machine, whole(shape), "Q3_K_S") < 0.95 * rate(machine, whole(shape), "Q4_K_S"));
  CHECK(rate(pc(64), {}, "Q3_K_S") < rate(pc(64), {}, "Q4_K_S"));
  CHECK(type_family("q3_K") == TypeFamily::low_k);
  CHECK(type_family("q4_K") == TypeFamily::k);
  CHECK(type_family("iq3_xxs") == TypeFamily::iq);
}

TEST_CASE("a small board's processor slows the card that hangs on it", "[fit]") {
  const auto shape = shape_of(dense());
  auto machine = pc(64, card(24));
  const double usual = speed_on(dense(), machine, whole(shape)).decode.mid;
  machine.cpu.architecture = "aarch64";
  machine.cpu.features = {"neon", "dotprod"};
  const double board = speed_on(dense(), machine, whole(shape)).decode.mid;
  CHECK(board < usual);
  CHECK(board > 0.8 * usual);
  machine.gpus[0].backend = "vulkan";
  CHECK(speed_on(dense(), machine, whole(shape)).decode.mid < 0.7 * usual);
  machine.gpus[0].unified = true;  // one chip: the class says it
  CHECK(host_seconds(machine.cpu, machine.gpus[0]) == 0);
}

TEST_CASE("as many layers cost the CPU's time as -ngl leaves it", "[fit]") {
  const auto shape = shape_of(dense());
  const auto traffic =
      token_traffic(shape, sums_of(shape, *weights_from_mix(shape, "Q8_0", false)), 200, "f16");
  const auto machine = pc(64, card(24));
  const auto cpu_time = [&](int in_ram) {
    auto placement = whole(shape);
    placement.kind = Placement::Kind::split;
    placement.gpu_layers -= in_ram;
    return decode_time(traffic, placement, Hardware(machine)).cpu;
  };
  CHECK(cpu_time(0) == 0);
  CHECK(cpu_time(1) > 0);
  CHECK(cpu_time(8) == Approx(8 * cpu_time(1)));
  CHECK(cpu_time(32) == Approx(32 * cpu_time(1)));  // the output layer goes first, so it is still on the GPU
  CHECK(cpu_time(33) > 1.02 * cpu_time(32));
}

TEST_CASE("each border between devices costs one handing over", "[fit]") {
  const auto shape = shape_of(dense());
  const auto traffic =
      token_traffic(shape, sums_of(shape, *weights_from_mix(shape, "Q8_0", false)), 200, "f16");
  auto machine = pc(64, card(24));
  const auto gpu_time = [&](std::vector<double> shares, int gpu_layers) {
    auto placement = whole(shape);
    placement.gpu_layers = gpu_layers;
    placement.gpu_shares = std::move(shares);
    return decode_time(traffic, placement, Hardware(machine)).gpu;
  };
  const double one = gpu_time({}, 33);
  machine.gpus.push_back(card(24));
  machine.gpus.push_back(card(24));
  CHECK(gpu_time({1, 0, 0}, 33) == Approx(one));
  CHECK(gpu_time({1, 1, 0}, 33) == Approx(one + 200e-6));
  CHECK(gpu_time({1, 1, 1}, 33) == Approx(one + 400e-6));
}

TEST_CASE("what holds a speed back is named", "[fit]") {
  const auto shape = shape_of(dense());
  CHECK(speed_on(dense(), pc(64, card(24)), whole(shape)).bound_by == "gpu memory bandwidth");
  CHECK(speed_on(dense(), pc(64), {}).bound_by == "ram bandwidth");
  auto tiny = dense();
  tiny.shape.values[3] = {"embedding_length", n(512)};
  tiny.shape.values[4] = {"feed_forward_length", n(1024)};
  tiny.shape.values[5] = {"attention.head_count", n(8)};
  tiny.shape.values[6] = {"attention.head_count_kv", n(2)};
  tiny.shape.values[7] = {"rope.dimension_count", n(64)};
  CHECK(speed_on(tiny, pc(64, card(24)), whole(shape_of(tiny))).bound_by == "compute");
}

TEST_CASE("a prompt's pace is the throughput over twice the weights that a token uses", "[fit]") {
  const auto shape = shape_of(dense());
  auto machine = pc(64, card(24));
  const auto one = speed_on(dense(), machine, whole(shape)).prefill;
  CHECK(one.mid ==
        Approx(71e12 * gpu_efficiency(machine.gpus[0]).prefill_fraction / (2 * 7.5e9)).epsilon(0.05));
  machine.gpus[0].tflops_fp16 *= 2;
  CHECK(speed_on(dense(), machine, whole(shape)).prefill.mid == Approx(2 * one.mid));
  CHECK(one.low < one.mid);
  CHECK(one.mid < one.high);
}

TEST_CASE("a recurrent state is read and written like anything else", "[fit]") {
  Traffic traffic;
  traffic.kinds.resize(1);
  traffic.layers.assign(4, 0);
  traffic.kinds[0].dense[std::size_t(TypeFamily::q8)] = 1e8;
  Placement placement;
  placement.kind = Placement::Kind::gpu;
  placement.gpu_layers = 5;
  const auto machine = pc(64, card(24));
  const double without = decode_time(traffic, placement, Hardware(machine)).gpu;
  const auto& gives = gpu_efficiency(machine.gpus[0]);
  const double layer = 1e8 / (936e9 * gives.fraction[std::size_t(TypeFamily::q8)]) + gives.layer_us * 1e-6;
  CHECK(without ==
        Approx(4 * layer + gives.token_us * 1e-6));  // and nothing for borders that are not crossed
  traffic.kinds[0].state = 1e7;
  const double with = decode_time(traffic, placement, Hardware(machine)).gpu;
  const double cache = gpu_efficiency(machine.gpus[0]).cache_fraction;
  CHECK(with - without == Approx(4 * 1e7 / (936e9 * cache)));
}

TEST_CASE("a latent cache is one row of its rank and its rotated part for every token", "[fit]") {
  Shape shape;
  shape.layers.resize(1);
  shape.layers[0].kind = LayerKind::latent_attention;
  shape.latent.kv_rank = 512;
  shape.latent.rope = 64;
  WeightSums sums;
  sums.kinds.resize(1);
  sums.layers = {0};
  CHECK(token_traffic(shape, sums, 1000, "f16").layer(0).cache == Approx(1000 * 576 * 2.0));
  CHECK(token_traffic(shape, sums, 0, "f16").layer(0).cache == 0);
}

TEST_CASE("a window caps what is read of the cache", "[fit]") {
  Shape shape;
  shape.layers.resize(1);
  shape.layers[0].kind = LayerKind::sliding_window;
  shape.layers[0].kv_heads = 8;
  shape.layers[0].key_length = shape.layers[0].value_length = 128;
  shape.sliding_window = 1024;
  WeightSums sums;
  sums.kinds.resize(1);
  sums.layers = {0};
  const auto cache = [&](std::int64_t filled) {
    return token_traffic(shape, sums, filled, "f16").layer(0).cache;
  };
  CHECK(cache(512) == Approx(512 * 8 * 256 * 2.0));
  CHECK(cache(100000) == Approx(1024 * 8 * 256 * 2.0));
}
