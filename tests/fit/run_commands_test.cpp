#include "fit/run_commands_vllm.hpp"
#include "fit/sample.hpp"
#include "support/test.hpp"

using namespace jobfit;
using namespace jobfit::sample;

namespace {

Fit chosen(const Model& model, const Machine& machine, const FitNeeds& asked = needs()) {
  auto answer = choose_build(model, catalog(), machine, asked);
  REQUIRE(std::holds_alternative<Fit>(answer));
  return std::get<Fit>(answer);
}

RunCommands commands(const Model& model, const Machine& machine, bool tools = false,
                     bool thinking_off = false) {
  return run_commands(model, chosen(model, machine), machine, tools, thinking_off);
}

bool contains(const std::string& line, std::string_view part) { return line.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a whole model on one card needs one short line", "[fit]") {
  const auto run = commands(published(dense()), pc(32, card(24)));
  CHECK(run.llama_cpp == "llama-server -hf maker/Model-GGUF:Q8_0 -c 8192 -np 1 -ngl 99");
  CHECK(run.ollama == "ollama run hf.co/maker/Model-GGUF:Q8_0\n/set parameter num_ctx 8192");
  CHECK(run.vllm == "vllm serve maker/Dense-8B --max-model-len 8192");
  CHECK(run.mlx.empty());
}

TEST_CASE("tools and thinking have their switches", "[fit]") {
  auto model = published(dense("qwen3-8b"));
  const auto run = commands(model, pc(32, card(24)), true, true);
  CHECK(contains(run.llama_cpp, " --jinja"));
  CHECK(contains(run.llama_cpp, " --reasoning-budget 0"));
  CHECK(contains(run.ollama, " --think=false"));
  CHECK(contains(run.vllm, "--enable-auto-tool-choice --tool-call-parser hermes"));
  CHECK(contains(run.vllm, "--default-chat-template-kwargs '{\"enable_thinking\": false}'"));
  model.thinking = Thinking::always;
  CHECK_FALSE(contains(commands(model, pc(32, card(24)), true, true).llama_cpp, "--reasoning-budget"));
  model.id = "nobody-knows-this";
  CHECK_FALSE(contains(commands(model, pc(32, card(24)), true).vllm, "--tool-call-parser"));
}

TEST_CASE("a split says how many layers, a mixture how many experts stay in RAM", "[fit]") {
  const auto split = commands(published(dense()), pc(32, card(4)));
  CHECK(contains(split.llama_cpp, " -ngl "));
  CHECK_FALSE(contains(split.llama_cpp, " -ngl 99"));
  CHECK_FALSE(split.ollama.empty());
  const auto experts = commands(published(mixture()), pc(64, card(8)));
  CHECK(contains(experts.llama_cpp, " -ngl 99 --n-cpu-moe "));
  CHECK(experts.ollama.empty());  // it has no switch for experts alone
}

TEST_CASE("several cards are told apart", "[fit]") {
  auto machine = pc(64, card(24));
  machine.gpus.push_back(card(24));
  const auto both = commands(published(mixture()), machine);
  CHECK(contains(both.llama_cpp, " --tensor-split "));
  machine.gpus[0].usable_bytes = 2 * kGiB;
  const auto second = commands(published(dense()), machine);
  CHECK(contains(second.llama_cpp, " --split-mode none --main-gpu 1"));
}

TEST_CASE("the CPU gets its threads and no GPU", "[fit]") {
  const auto run = commands(published(dense()), pc(32));
  CHECK(contains(run.llama_cpp, " -t 8"));
  CHECK_FALSE(contains(run.llama_cpp, "-ngl"));
  CHECK_FALSE(contains(run.llama_cpp, "--device"));
  CHECK(run.vllm.empty());
  auto inside = pc(32, card(1));
  inside.gpus[0].integrated = true;
  inside.gpus[0].usable_bytes = 0;
  CHECK(contains(commands(published(dense()), inside).llama_cpp, " --device none -t 8"));
}

TEST_CASE("a hybrid that is split keeps flash attention", "[fit]") {
  const auto machine = pc(32, card(4));
  auto model = published(dense());
  const Fit fit = chosen(model, machine);
  REQUIRE(fit.placement.kind == Placement::Kind::split);
  CHECK_FALSE(contains(run_commands(model, fit, machine, false, false).llama_cpp, " -fa on"));
  model.shape = mixture().shape;
  CHECK_FALSE(contains(run_commands(model, fit, machine, false, false).llama_cpp, " -fa on"));
  for (auto& [key, value] : model.shape.values)
    if (key == "architecture") value = std::string("lfm2");
  CHECK(contains(run_commands(model, fit, machine, false, false).llama_cpp, " -fa on"));
}

TEST_CASE("a projector that was not counted is not loaded", "[fit]") {
  auto model = published(dense());
  model.inputs = {"text", "image"};
  CHECK(contains(commands(model, pc(32, card(24))).llama_cpp, " --no-mmproj"));
  model.projector_bytes = kGiB;
  auto asked = needs();
  asked.images = true;
  const auto machine = pc(32, card(24));
  const auto fit = chosen(model, machine, asked);
  CHECK(fit.memory.projector_bytes == kGiB);
  CHECK_FALSE(contains(run_commands(model, fit, machine, false, false).llama_cpp, "--no-mmproj"));
}

TEST_CASE("a name from a file cannot leave its word", "[fit]") {
  auto model = dense();
  model.builds = {gguf("Q4_K_M", "evil/$(reboot)")};
  const auto run = commands(model, pc(32, card(24)));
  CHECK(contains(run.llama_cpp, "-hf 'evil/$(reboot):Q4_K_M'"));
  CHECK(contains(run.ollama, "ollama run 'hf.co/evil/$(reboot):Q4_K_M'"));
}

TEST_CASE("what cannot be fetched has no line", "[fit]") {
  auto model = dense();
  model.builds = {gguf("Q4_K_M", "")};
  model.builds[0].ollama = "dense:8b";
  const auto run = commands(model, pc(32, card(24)));
  CHECK(run.llama_cpp.empty());
  CHECK(contains(run.ollama, "ollama run dense:8b"));
  model.builds = {gguf("Q4_K_M")};
  model.builds[0].file = "Model-Q4_K_M-00001-of-00002.gguf";
  CHECK(commands(model, pc(32, card(24))).ollama.empty());
}

TEST_CASE("vLLM serves the largest build that the cards can read and hold", "[fit]") {
  auto model = published(dense());
  Build fp8;
  fp8.format = "safetensors";
  fp8.quantization = "FP8";
  fp8.repository = "maker/Dense-8B-FP8";
  model.builds.push_back(fp8);
  CHECK(contains(commands(model, pc(32, card(12))).vllm, "maker/Dense-8B-FP8"));
  auto old = card(12);
  old.generation = "Turing";
  CHECK(commands(model, pc(32, old)).vllm.empty());
  auto two = pc(64, card(12));
  two.gpus.push_back(card(12));
  model.builds.pop_back();
  CHECK(contains(commands(model, two).vllm,
                 "vllm serve maker/Dense-8B --max-model-len 8192 --tensor-parallel-size 2"));
  two.os = "windows";
  CHECK(commands(model, two).vllm.empty());
}

TEST_CASE("a Mac gets MLX where a build for it is no larger than what was reckoned", "[fit]") {
  auto model = published(dense());
  Build mlx;
  mlx.format = "mlx";
  mlx.quantization = "4bit";
  mlx.repository = "mlx-community/Dense-8B-4bit";
  mlx.file_bytes = 4'600'000'000;
  model.builds.push_back(mlx);
  CHECK(commands(model, mac(36, 27)).mlx == "mlx_lm.server --model mlx-community/Dense-8B-4bit");
  CHECK(commands(model, pc(32, card(24))).mlx.empty());
}

TEST_CASE("vLLM's parsers go by the start of a model's id", "[fit]") {
  Model model;
  const auto names = [&](const char* id) {
    model.id = id;
    return parsers_of(model);
  };
  CHECK(names("qwen3.6-27b").tools == "qwen3_coder");
  CHECK(names("qwen3.6-27b").reasoning == "qwen3");
  CHECK(names("qwen3-coder-30b-a3b").tools == "qwen3_xml");
  CHECK(names("gpt-oss-20b").tools == "openai");
  CHECK(names("gpt-oss-20b").reasoning.empty());
  CHECK(names("glm-4.7-flash").tools == "glm47");
  CHECK(names("glm-4.7-flash").reasoning == "glm45");
  CHECK(names("nemotron-3-super-120b-a12b").reasoning == "nemotron_v3");
  CHECK(names("nemotron-3-nano-30b-a3b").reasoning.empty());  // it takes a plugin's file
  CHECK(names("gemma-4-12b").tools.empty());                  // it takes a template's file
  CHECK(names("unheard-of").tools.empty());
}

TEST_CASE("what thinks has its thoughts told apart, unless thinking is off", "[fit]") {
  auto model = published(dense("qwen3-8b"));
  const auto machine = pc(32, card(24));
  CHECK(contains(commands(model, machine).vllm, " --reasoning-parser qwen3"));
  CHECK_FALSE(contains(commands(model, machine, false, true).vllm, "--reasoning-parser"));
  model.thinking = Thinking::none;
  CHECK_FALSE(contains(commands(model, machine).vllm, "--reasoning-parser"));
  model.thinking = Thinking::always;
  CHECK(contains(commands(model, machine, false, true).vllm, " --reasoning-parser qwen3"));
  model.id = "mistral-small-4-119b";  // no switch is known
  model.thinking = Thinking::optional;
  CHECK_FALSE(contains(commands(model, machine, false, true).vllm, "enable_thinking"));
}

TEST_CASE("tensor parallelism takes only numbers of cards that share out the heads", "[fit]") {
  auto model = published(dense());
  model.shape.values[5] = {"attention.head_count", n(28)};
  model.shape.values[6] = {"attention.head_count_kv", n(4)};
  auto machine = pc(128);
  for (int i = 0; i < 8; ++i) machine.gpus.push_back(card(3));
  CHECK(commands(model, machine).vllm.empty());  // 16 GB in eight parts, but 28 heads
  machine.gpus.clear();
  for (int i = 0; i < 4; ++i) machine.gpus.push_back(card(6));
  CHECK(contains(commands(model, machine).vllm, " --tensor-parallel-size 4"));
}

TEST_CASE("vLLM is held to the part of a card that it takes by itself", "[fit]") {
  Build eight;
  eight.format = "safetensors";
  eight.quantization = "FP8";
  eight.repository = "maker/Dense-8B-FP8";
  auto model = published(dense());
  model.builds.push_back(eight);
  auto gpu = card(11.2);  // 8.0 GB of weights and a cache: 0.9 of it is too little for the context below
  auto asked = needs(16384);
  const auto line = [&] {
    return run_commands(model, chosen(model, pc(32, gpu), asked), pc(32, gpu), false, false).vllm;
  };
  CHECK(line().empty());
  gpu = card(12.5);
  CHECK(contains(line(), "maker/Dense-8B-FP8"));
}

TEST_CASE("Ollama runs on Intel's cards too, through Vulkan", "[fit]") {
  auto gpu = card(16, 560, "Intel Arc A770");
  gpu.vendor = "intel";
  gpu.backend = "vulkan";
  CHECK_FALSE(commands(published(dense()), pc(32, gpu)).ollama.empty());
}
