#include "fit/sample.hpp"
#include "fit/squeeze.hpp"
#include "support/test.hpp"

#include <random>

using namespace jobfit;
using namespace jobfit::sample;

namespace {

std::optional<Fit> chosen(const Model& model, const Machine& machine, const FitNeeds& asked = needs()) {
  auto answer = choose_build(model, catalog(), machine, asked);
  if (auto* fit = std::get_if<Fit>(&answer)) return std::move(*fit);
  return std::nullopt;
}

Misfit refused(const Model& model, const Machine& machine, const FitNeeds& asked = needs()) {
  auto answer = choose_build(model, catalog(), machine, asked);
  REQUIRE(std::holds_alternative<Misfit>(answer));
  return std::get<Misfit>(answer);
}

bool says(const std::vector<Sentence>& sentences, std::string_view key) {
  return std::any_of(sentences.begin(), sentences.end(), [&](const Sentence& one) { return one.key == key; });
}

}  // namespace

TEST_CASE("the least squeezed build that fits is chosen", "[fit]") {
  const auto model = published(dense());
  struct Row {
    double ram, gpu;
    const char* quantization;
    Placement::Kind kind;
  };
  const Row rows[] = {
      {16, 24, "Q8_0", Placement::Kind::gpu},  {16, 12, "Q8_0", Placement::Kind::gpu},
      {16, 8.5, "Q6_K", Placement::Kind::gpu},  // whole on the card before the last free bit
      {16, 4, "Q6_K", Placement::Kind::split}, {7, 0, "Q5_K_M", Placement::Kind::cpu},
      {6, 0, "Q4_K_M", Placement::Kind::cpu},
  };
  for (const auto& row : rows) {
    INFO(row.ram << " GiB RAM, " << row.gpu << " GiB GPU");
    const auto fit = chosen(model, row.gpu > 0 ? pc(row.ram, card(row.gpu)) : pc(row.ram));
    REQUIRE(fit);
    CHECK(fit->build.quantization == row.quantization);
    CHECK(fit->placement.kind == row.kind);
    CHECK(fit->build.file_bytes > 0);
    CHECK_FALSE(fit->because.empty());
  }
}

TEST_CASE("trained four bits are taken before other four bits", "[fit]") {
  auto model = dense();
  model.builds = {gguf("Q4_K_M"), gguf("Q4_0")};
  model.builds[1].qat = true;
  const auto fit = chosen(model, pc(32, card(24)));
  REQUIRE(fit);
  CHECK(fit->build.qat);
}

TEST_CASE("below the floor counts as not fitting", "[fit]") {
  auto model = dense();
  model.huggingface.clear();
  model.builds = {gguf("Q2_K")};
  const auto misfit = refused(model, pc(64, card(24)));
  CHECK(misfit.what.key == "fit.misfit.floor");
  CHECK(misfit.best_build);
}

TEST_CASE("a build that nobody published is said to be the user's to make", "[fit]") {
  const auto fit = chosen(dense(), pc(32, card(24)));
  REQUIRE(fit);
  CHECK(fit->build.repository.empty());
  CHECK(fit->computed_size);
  CHECK(says(fit->cautions, "fit.caution.makeable"));
  auto model = dense();
  model.huggingface.clear();
  CHECK(refused(model, pc(32, card(24))).what.key == "fit.misfit.no_builds");
}

TEST_CASE("more context than the model was made for fits nowhere", "[fit]") {
  auto model = published(dense());
  const auto misfit = refused(model, pc(512, card(80)), needs(200000));
  CHECK(misfit.because == Misfit::Because::context);
  REQUIRE(misfit.smallest_fixes.size() == 1);
  CHECK(misfit.smallest_fixes[0].kind == "context");
  CHECK(misfit.smallest_fixes[0].value == "131072");
  model.context.extended = 262144;
  const auto fit = chosen(model, pc(512, card(80)), needs(200000));
  REQUIRE(fit);
  CHECK(says(fit->cautions, "fit.caution.extended_context"));
}

TEST_CASE("too slow says how fast it would be, and an unknown speed passes with a word", "[fit]") {
  const auto model = published(dense());
  const auto misfit = refused(model, pc(32, 20), needs(8192, 30));
  CHECK(misfit.because == Misfit::Because::speed);
  CHECK(misfit.needs_speed == 30);
  CHECK(misfit.has_speed > 0);
  CHECK(misfit.has_speed < 30);
  const auto fit = chosen(model, pc(32, 0.0), needs(8192, 30));
  REQUIRE(fit);
  CHECK(says(fit->cautions, "fit.caution.unknown_speed"));
}

TEST_CASE("a speed floor is met by squeezing harder", "[fit]") {
  const auto model = published(dense());
  const auto slow = chosen(model, pc(32, 60));
  const auto fast = chosen(model, pc(32, 60), needs(8192, 6));
  REQUIRE(slow);
  REQUIRE(fast);
  CHECK(fast->quality_loss > slow->quality_loss);
  CHECK(fast->speed.decode.mid >= 6);
}

TEST_CASE("an unknown shape is said, with what is missing", "[fit]") {
  auto model = published(dense());
  model.shape.values.clear();
  CHECK(refused(model, pc(64)).because == Misfit::Because::unknown_shape);
  model = published(dense());
  model.shape.values[0].second = std::string("never-heard-of");
  CHECK(refused(model, pc(64)).what.key == "fit.misfit.unknown_architecture");
}

TEST_CASE("the cache is squeezed for a model that bears it, rather than the weights", "[fit]") {
  // Hybrid: 16 of 64 layers cache, at a long context a gigabyte or two.
  auto model = dense("hybrid-27b");
  model.parameters = model.active_parameters = 27.8e9;
  model.context.native = 262144;
  model.shape.values = {{"architecture", std::string("qwen35")},
                        {"block_count", n(64)},
                        {"context_length", n(262144)},
                        {"embedding_length", n(5120)},
                        {"feed_forward_length", n(17408)},
                        {"attention.head_count", n(24)},
                        {"attention.head_count_kv", n(4)},
                        {"attention.key_length", n(256)},
                        {"attention.value_length", n(256)},
                        {"rope.dimension_count", n(64)},
                        {"ssm.conv_kernel", n(4)},
                        {"ssm.state_size", n(128)},
                        {"ssm.group_count", n(16)},
                        {"ssm.time_step_rank", n(48)},
                        {"ssm.inner_size", n(6144)},
                        {"full_attention_interval", n(4)},
                        {"vocab_size", n(248320)}};
  model.builds = {gguf("Q4_K_M")};
  model.huggingface.clear();
  const auto roomy = chosen(model, pc(0, card(32)), needs(65536));
  REQUIRE(roomy);
  CHECK(roomy->placement.kv_cache == "f16");
  const auto tight = chosen(model, pc(0, card(18.5)), needs(65536));
  REQUIRE(tight);
  CHECK(tight->placement.kv_cache == "q8_0");
  CHECK(tight->quality_loss > roomy->quality_loss);
  CHECK(says(tight->cautions, "fit.caution.cache_tolerated"));
}

TEST_CASE("a runtime's wish is kept", "[fit]") {
  auto model = published(dense());
  Build fp8;
  fp8.format = "safetensors";
  fp8.quantization = "FP8";
  fp8.repository = "maker/Dense-8B-FP8";
  model.builds.push_back(fp8);
  auto asked = needs();
  asked.runtime = "vllm";
  const auto fit = chosen(model, pc(32, card(24)), asked);
  REQUIRE(fit);
  CHECK(fit->build.quantization == "FP8");
  CHECK(fit->placement.kind == Placement::Kind::gpu);
  CHECK_FALSE(chosen(model, pc(64), asked));
  CHECK_FALSE(chosen(model, pc(64, card(6)), asked));  // vLLM does not split
}

TEST_CASE("every build is told, least squeezed first", "[fit]") {
  const auto rows = all_builds(published(dense()), catalog(), pc(7), needs());
  REQUIRE(rows.size() >= 6);
  CHECK(std::holds_alternative<Misfit>(rows.front()));
  CHECK(std::get<Misfit>(rows.front()).best_build->quantization == "Q8_0");
  std::size_t fits = 0;
  for (const auto& row : rows) fits += std::holds_alternative<Fit>(row);
  CHECK(fits >= 2);
}

TEST_CASE("more than the usual four bits are taken where they answer at ease, and not otherwise", "[fit]") {
  const auto model = published(dense());
  auto asked = needs(8192, 6);
  asked.comfort = 18;
  const auto at = [&](const Machine& machine) {
    const auto fit = chosen(model, machine, asked);
    return fit ? fit->build.quantization : "";
  };
  CHECK(at(pc(32, card(24))) == "Q8_0");             // whole, and fast
  auto small = pc(32, 10);
  small.gpus.push_back(card(6.1));
  CHECK(at(small) == "Q4_K_M");                   // Q8_0 in two places would crawl; four bits lie whole
  CHECK(at(pc(64)) == "Q4_K_M");                     // in RAM nothing larger answers at ease
  CHECK(at(pc(64, card(24, 120))) == "Q4_K_M");      // nor on a slow card
  asked.comfort = 0;                                 // a floor was named, or slowness is accepted
  CHECK(at(pc(64)) == "Q6_K");
  CHECK(at(pc(64, card(24, 120))) == "Q8_0");
  auto eight = dense();
  eight.builds = {gguf("Q8_0")};                     // published in nothing smaller: what there is
  asked.comfort = 18;
  CHECK(choose_build(eight, catalog(), pc(64), asked).index() == 0);
}

TEST_CASE("a speed that nobody knows is not at ease, and gives way to one that is known to be enough",
          "[fit]") {
  const auto model = published(dense());
  auto asked = needs(8192, 6);
  asked.comfort = 18;
  auto machine = pc(64, card(6.1));
  machine.memory.bandwidth_bytes_per_second = 0;  // of RAM: what lies there in part is of unknown speed
  const auto whole = chosen(model, machine, asked);
  REQUIRE(whole);
  CHECK(whole->placement.kind == Placement::Kind::gpu);
  CHECK(whole->build.quantization == "Q4_K_M");
  CHECK(whole->speed.decode.mid > 18);
  machine.gpus[0] = card(3);  // nothing lies whole there
  const auto parts = chosen(model, machine, asked);
  REQUIRE(parts);
  CHECK(parts->placement.kind == Placement::Kind::split);
  CHECK(parts->build.quantization == "Q4_K_M");
  CHECK(says(parts->cautions, "fit.caution.unknown_speed"));
  CHECK(parts->placement.longest_context >= 8192);
  asked.min_speed = asked.comfort = 0;  // where any speed will do there is nothing to know
  CHECK(chosen(model, machine, asked)->build.quantization == "Q8_0");
  // So does what is published to what can be made, as where its speed is known to be too low.
  auto eight = dense();
  eight.builds = {gguf("Q8_0")};
  asked.min_speed = 6;
  machine.gpus[0] = card(6.1);
  const auto made = chosen(eight, machine, asked);
  REQUIRE(made);
  CHECK(made->placement.kind == Placement::Kind::gpu);
  CHECK(says(made->cautions, "fit.caution.makeable"));
}

TEST_CASE("more memory, a faster device or a shorter context never loses the pick or squeezes it harder",
          "[fit]") {
  std::mt19937 random(20261123);
  const auto pick_of = [&](auto... values) {
    const double list[] = {double(values)...};
    return list[std::uniform_int_distribution<std::size_t>(0, sizeof...(values) - 1)(random)];
  };
  const Model models[] = {published(dense()), published(mixture()), dense(), mixture()};
  int fitted = 0;
  for (int round = 0; round < 60; ++round) {
    const auto& model = models[static_cast<std::size_t>(round) % 4];
    const double gpu = pick_of(0, 2, 4, 6, 8, 12, 16, 24), ram = pick_of(4, 6, 8, 12, 16, 24, 32);
    const double ram_speed = pick_of(20, 50, 90), gpu_speed = pick_of(200, 448, 936);
    const bool apple = round % 5 == 4;
    const auto machine = [&](double more_ram, double more_gpu, double faster) {
      if (apple) return mac(ram + more_ram, (ram + more_ram) * 0.75, ram_speed * 2 * faster);
      auto made = pc(ram + more_ram, ram_speed * faster);
      if (gpu + more_gpu > 0) made.gpus.push_back(card(gpu + more_gpu, gpu_speed * faster));
      return made;
    };
    auto asked = needs(std::int64_t(pick_of(4096, 8192, 32768)), pick_of(0, 5, 12, 30));
    asked.comfort = pick_of(0, 3, 3) * asked.min_speed;
    const auto before = chosen(model, machine(0, 0, 1), asked);
    if (!before) continue;
    ++fitted;
    auto shorter = asked;
    shorter.context = asked.context / 2;
    const std::optional<Fit> after[] = {chosen(model, machine(pick_of(1, 4, 16), 0, 1), asked),
                                        chosen(model, machine(0, pick_of(1, 4, 16), 1), asked),
                                        chosen(model, machine(0, 0, pick_of(1.1, 1.5, 3)), asked),
                                        chosen(model, machine(0, 0, 1), shorter)};
    for (const auto& fit : after) {
      INFO("round " << round << ": " << model.id << ", " << ram << " GiB RAM, " << gpu << " GiB GPU, context "
                    << asked.context << ", floor " << asked.min_speed << ", change " << (&fit - after));
      REQUIRE(fit);
      CHECK(fit->quality_loss <= before->quality_loss + 1e-9);
    }
  }
  CHECK(fitted > 20);
}

TEST_CASE("predicting several tokens pays where the weights lie whole on parallel hardware", "[fit]") {
  auto model = published(dense());
  model.mtp = "heads";
  CHECK(chosen(model, pc(32, card(24)))->speed.mtp.useful);
  CHECK(chosen(model, mac(36, 27))->speed.mtp.useful);
  CHECK_FALSE(chosen(model, pc(32, card(4)))->speed.mtp.useful);
  CHECK_FALSE(chosen(model, pc(32))->speed.mtp.useful);
  model.mtp = "none";
  CHECK_FALSE(chosen(model, pc(32, card(24)))->speed.mtp.useful);
}

TEST_CASE("a plan names the least machine for every quantization", "[fit]") {
  auto words = catalog();
  Device small, large;
  small.name = "NVIDIA GeForce RTX 3060";
  small.vendor = large.vendor = "nvidia";
  small.generation = large.generation = "Ampere";
  small.memory = {12 * kGiB};
  small.bandwidth = 360e9;
  large.name = "NVIDIA GeForce RTX 3090";
  large.memory = {24 * kGiB};
  large.bandwidth = 936e9;
  words.devices = {large, small};
  const auto rows = plan(published(dense()), words, 8192, 0);
  REQUIRE(rows.size() >= 6);
  CHECK(rows.front().build.quantization == "Q8_0");
  for (std::size_t i = 1; i < rows.size(); ++i) CHECK(rows[i].gpu_bytes < rows[i - 1].gpu_bytes);
  REQUIRE_FALSE(rows.front().devices.empty());
  CHECK(rows.front().devices.front() == small.name);
  // A floor on the speed asks for bandwidth, and rules the slower card out.
  const auto fast = plan(published(dense()), words, 8192, 60);
  CHECK(fast.front().gpu_bandwidth > 360e9);
  REQUIRE(fast.front().devices.size() == 1);
  CHECK(fast.front().devices.front() == large.name);
}
