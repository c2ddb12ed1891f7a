#include "fit/speed.hpp"

#include "fit/efficiency.hpp"
#include "fit/model_memory.hpp"
#include "fit/sample.hpp"
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

Gpu named(const char* name, const char* vendor, const char* generation, double bandwidth,
          bool unified = false) {
  Gpu gpu;
  gpu.name = name;
  gpu.vendor = vendor;
  gpu.generation = generation;
  gpu.bandwidth_bytes_per_second = bandwidth;
  gpu.unified = unified;
  return gpu;
}

}  // namespace

TEST_CASE("a token reads every weight of a dense model but the looked-up embeddings", "[fit]") {
  const auto shape = shape_of(dense());
  const auto weights = *weights_from_mix(shape, "Q4_K_M", false);
  const auto traffic = token_traffic(shape, sums_of(shape, weights), 0, "f16");
  double read = sum(traffic.head), embeddings = 0;
  for (std::size_t i = 0; i < traffic.layers.size(); ++i)
    read += sum(traffic.layer(i).dense) + sum(traffic.layer(i).experts);
  for (const auto& tensor : weights.tensors)
    if (tensor.name == "token_embd.weight") embeddings = double(tensor.bytes);
  CHECK(embeddings > 0);
  CHECK(read == Approx(double(weights.total_bytes) - embeddings));
}

TEST_CASE("a token of a mixture reads the experts it uses and no others", "[fit]") {
  const auto shape = shape_of(mixture());
  const auto traffic =
      token_traffic(shape, sums_of(shape, *weights_from_mix(shape, "Q8_0", false)), 0, "f16");
  CHECK(traffic.active_weights == Approx(3.0e9).epsilon(0.1));
  CHECK(traffic.layer(0).routed);
}

TEST_CASE("the cache read grows with its fill and shrinks with its type", "[fit]") {
  const auto shape = shape_of(dense());
  const auto weights = sums_of(shape, *weights_from_mix(shape, "Q4_K_M", false));
  const auto cache = [&](std::int64_t filled, const char* type) {
    return token_traffic(shape, weights, filled, type).layer(3).cache;
  };
  CHECK(cache(1000, "f16") == Approx(1000 * 8 * 256 * 2.0));
  CHECK(cache(2000, "f16") == Approx(2 * cache(1000, "f16")));
  CHECK(cache(1000, "q8_0") == Approx(cache(1000, "f16") * 34 / 64));
}

TEST_CASE("layers come from tensor names and from nothing else", "[fit]") {
  const auto shape = shape_of(dense());
  const auto layers = [&](const char* name) {
    WeightTable table;
    table.tensors.push_back({name, {256, 4}, "q4_K", 576});
    table.total_bytes = 576;
    return sums_of(shape, table).layers.size();
  };
  CHECK(layers("blk.17.attn_q.weight") == 18);
  CHECK(layers("output.weight") == 0);
  CHECK(layers("blk.x.attn_q.weight") == 0);
  CHECK(layers("v.blk.3.attn_q.weight") == 0);
}

TEST_CASE("sums of a mix are those of its table", "[fit]") {
  for (const auto& model : {dense(), mixture()}) {
    const auto shape = shape_of(model);
    ModelMemory memory(shape);
    Build build;
    build.quantization = "Q4_K_M";
    const auto& quick = memory.weights(build);
    const auto slow = sums_of(shape, *weights_from_mix(shape, "Q4_K_M", false));
    CHECK(quick.total_bytes == slow.total_bytes);
    CHECK(quick.output.bytes == slow.output.bytes);
    CHECK(quick.embedding.families == slow.embedding.families);
    CHECK(quick.first == slow.first);
    REQUIRE(quick.layers.size() == slow.layers.size());
    for (std::size_t i = 0; i < quick.layers.size(); ++i) {
      CHECK(quick.layer(i).dense.families == slow.layer(i).dense.families);
      CHECK(quick.layer(i).experts.bytes == slow.layer(i).experts.bytes);
      CHECK(quick.layer(i).matrices == slow.layer(i).matrices);
      CHECK(quick.layer(i).dense.elements == slow.layer(i).dense.elements);
    }
  }
}

TEST_CASE("hardware falls into its class by generation, then by name", "[fit]") {
  struct Row {
    Gpu gpu;
    const char* id;
  };
  const Row rows[] = {
      {named("NVIDIA GeForce RTX 4090", "nvidia", "Ada Lovelace", 1008e9), "nvidia ada"},
      {named("NVIDIA GeForce RTX 3060", "nvidia", "", 360e9), "nvidia ampere"},
      {named("NVIDIA A100 80GB PCIe", "nvidia", "Ampere", 1935e9), "nvidia hbm"},
      {named("NVIDIA RTX A1000", "nvidia", "Ampere", 192e9), "nvidia ampere"},
      {named("NVIDIA GeForce RTX 5070", "nvidia", "Blackwell", 672e9), "nvidia blackwell"},
      {named("NVIDIA GB10", "nvidia", "Blackwell", 273e9, true), "nvidia soc"},
      {named("AMD Radeon 8060S", "amd", "RDNA 3.5", 256e9, true), "amd apu"},
      {named("AMD Radeon RX 7900 XTX", "amd", "RDNA 3", 960e9), "amd rdna3"},
      {named("Apple M1 Max (32-core GPU)", "apple", "M1", 400e9, true), "apple m1"},
      {named("Apple M5 Pro (20-core GPU)", "apple", "", 307e9, true), "apple m5"},
      {named("Apple M6 Max", "apple", "", 700e9, true), "apple m5"},  // newer than the table: its newest
      {named("Apple M6", "apple", "M6", 160e9, true), "apple m5"},
      {named("Apple M10 Pro", "apple", "", 400e9, true), "apple m5"},
      {named("Apple A18 Pro", "apple", "", 60e9, true), "apple m2"},
      {named("NVIDIA GeForce RTX 5090 Laptop GPU", "nvidia", "Blackwell", 896e9), "nvidia blackwell"},
      {named("NVIDIA GeForce RTX 4070 Laptop GPU", "nvidia", "Ada Lovelace", 256e9), "nvidia ada"},
      {named("NVIDIA H200", "nvidia", "Hopper", 4800e9), "nvidia hbm"},
      {named("NVIDIA B200", "nvidia", "Blackwell", 8000e9), "nvidia hbm"},
      {named("NVIDIA Jetson AGX Thor", "nvidia", "Blackwell", 273e9, true), "nvidia soc"},
      {named("Tesla V100-SXM2-32GB", "nvidia", "Volta", 900e9), "nvidia volta"},
      {named("AMD Radeon RX 9060 XT", "amd", "", 322e9), "amd rdna4"},
      {named("AMD Radeon AI PRO R9700", "amd", "RDNA 4", 640e9), "amd rdna4"},
      {named("AMD Instinct MI300X", "amd", "CDNA 3", 5300e9), "amd cdna"},
      {named("AMD Radeon 890M", "amd", "RDNA 3.5", 120e9, true), "amd apu"},
      {named("AMD Radeon VII", "amd", "GCN 5.1", 1024e9), "amd gcn"},
      {named("Intel Arc B580", "intel", "Xe2", 456e9), "intel arc"},
      {named("Intel Arc 140V", "intel", "Xe2", 136e9, true), "intel apu"},
      {named("Qualcomm Snapdragon X Elite", "qualcomm", "", 135e9, true), "qualcomm"},
      {named("Something new", "newcomer", "", 500e9), "unknown"},
  };
  for (const auto& row : rows) {
    INFO(row.gpu.name);
    CHECK(gpu_efficiency(row.gpu).id == row.id);
  }
}

TEST_CASE("a CPU's class is its instruction set", "[fit]") {
  const auto id = [](const char* architecture, std::vector<std::string> features, const char* name = "") {
    Cpu cpu;
    cpu.architecture = architecture;
    cpu.features = std::move(features);
    cpu.name = name;
    return cpu_efficiency(cpu).id;
  };
  CHECK(id("x86_64", {"avx2", "avx512f"}) == "x86 avx512");
  CHECK(id("x86_64", {"avx2"}) == "x86 avx2");
  CHECK(id("x86_64", {"avx", "f16c"}) == "x86 avx");
  CHECK(id("x86_64", {"sse2"}) == "x86 base");
  CHECK(id("x86_64", {}) == "x86 avx2");  // not read: what is usual
  CHECK(id("", {}) == "x86 avx2");
  CHECK(id("riscv64", {}) == "other");
  CHECK(id("aarch64", {"neon", "dotprod", "i8mm"}) == "arm i8mm");
  CHECK(id("aarch64", {"asimd"}) == "arm base");
  CHECK(id("aarch64", {"asimd", "asimddp"}) == "arm dotprod");
  CHECK(id("arm64", {}, "Apple M2") == "apple");
}

TEST_CASE("an older instruction set and fewer cores are slower at the same bandwidth", "[fit]") {
  auto machine = pc(64);
  const auto usual = speed_on(dense(), machine, {}).decode.mid;
  machine.cpu.cores = 2;
  CHECK(speed_on(dense(), machine, {}).decode.mid < usual);
  machine = pc(64);
  machine.cpu.features = {"sse4_2"};
  CHECK(speed_on(dense(), machine, {}).decode.mid < usual / 2);
}

TEST_CASE("no speed is claimed without a bandwidth", "[fit]") {
  const auto shape = shape_of(dense());
  auto machine = pc(64, card(24));
  machine.gpus[0].bandwidth_bytes_per_second = 0;
  CHECK(speed_on(dense(), machine, whole(shape)).decode == Range{});
  CHECK(speed_on(dense(), machine, whole(shape)).bound_by == "unknown");
  machine = pc(64);
  machine.memory.bandwidth_bytes_per_second = 0;
  CHECK(speed_on(dense(), machine, {}).decode == Range{});
}

TEST_CASE("a split costs the sum of both sides", "[fit]") {
  const auto machine = pc(64, card(24));
  const auto shape = shape_of(dense());
  auto placement = whole(shape);
  const double gpu = speed_on(dense(), machine, placement).decode.mid;
  const double cpu = speed_on(dense(), machine, {}).decode.mid;
  placement.kind = Placement::Kind::split;
  placement.gpu_layers = 17;
  const auto split = speed_on(dense(), machine, placement);
  CHECK(split.decode.mid < gpu);
  CHECK(split.decode.mid > cpu);
  CHECK(split.bound_by == "ram bandwidth");
}

TEST_CASE("the range is ordered, and wider where nobody measured", "[fit]") {
  const auto shape = shape_of(dense());
  const auto known = speed_on(dense(), pc(64, card(24)), whole(shape)).decode;
  auto other = card(24);
  other.vendor = "newcomer";
  const auto unknown = speed_on(dense(), pc(64, other), whole(shape)).decode;
  CHECK(known.low < known.mid);
  CHECK(known.mid < known.high);
  CHECK(unknown.high / unknown.low > known.high / known.low);
  CHECK(known.high / known.low <= 1.8);
}

TEST_CASE("a fuller cache is slower, and an unstated fill reaches from empty to full", "[fit]") {
  const auto shape = shape_of(dense());
  const auto machine = pc(64, card(24));
  const double empty = speed_on(dense(), machine, whole(shape), 0).decode.mid;
  const double full = speed_on(dense(), machine, whole(shape), 100000).decode.mid;
  CHECK(full < empty);
  RunSettings settings;
  settings.context = 100000;
  const auto range =
      estimate_speed(shape, *weights_from_mix(shape, "Q4_K_M", false), settings, whole(shape), machine)
          .decode;
  CHECK(range.low <= full);
  CHECK(range.high >= empty);
}

TEST_CASE("two equal cards in layers are not faster than one, and not much slower", "[fit]") {
  const auto shape = shape_of(dense());
  auto machine = pc(64, card(24));
  const double one = speed_on(dense(), machine, whole(shape)).decode.mid;
  machine.gpus.push_back(card(24));
  auto placement = whole(shape);
  placement.gpu_shares = {16, 17};
  const double two = speed_on(dense(), machine, placement).decode.mid;
  CHECK(two <= one);
  CHECK(two > one * 0.9);
}

TEST_CASE("known measurements lie in the range of their class", "[fit]") {
  // Llama 3 8B: llama-bench tg1024, github:XiongjieDai/GPU-Benchmarks-on-LLM-Inference@aa72e0ec86c3.
  const auto shape = shape_of(dense());
  struct Row {
    const char* name;
    const char* generation;
    double bandwidth;
    const char* mix;
    double measured;
  };
  const Row rows[] = {{"NVIDIA RTX 4000 Ada Generation", "Ada Lovelace", 360e9, "Q4_K_M", 58.59},
                      {"NVIDIA RTX 6000 Ada Generation", "Ada Lovelace", 960e9, "F16", 51.97},
                      {"NVIDIA H100 PCIe", "Hopper", 2000e9, "Q4_K_M", 144.49}};
  for (const auto& row : rows) {
    INFO(row.name);
    auto gpu = card(80);
    gpu.name = row.name;
    gpu.generation = row.generation;
    gpu.bandwidth_bytes_per_second = row.bandwidth;
    const auto range = speed_on(dense(), pc(64, gpu), whole(shape), 512, row.mix).decode;
    CHECK(range.low <= row.measured);
    CHECK(row.measured <= range.high);
  }
}
