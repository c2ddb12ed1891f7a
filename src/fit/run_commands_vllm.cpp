#include "fit/run_commands_vllm.hpp"

#include "fit/choose_builds.hpp"
#include "fit/efficiency.hpp"
#include "fit/placement.hpp"
#include "fit/squeeze.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// By the start of a model's id. From vLLM's tool calling page and the vllm-project/recipes of each model;
/// where the page asks for a chat template that does not come with the model, the row is left out.
struct Parser {
  std::string_view start, parser;
};
constexpr Parser kParsers[] = {
    {"qwen3-coder", "qwen3_xml"}, {"qwen3.5", "qwen3_coder"}, {"qwen3.6", "qwen3_coder"},
    {"qwen3.8", "qwen3_coder"},   {"qwen3-next", "hermes"},   {"qwen3-", "hermes"},
    {"qwen2.5", "hermes"},        {"qwq", "hermes"},          {"gpt-oss", "openai"},
    {"minimax-m2", "minimax_m2"}, {"glm-4.7", "glm47"},       {"glm-4.5", "glm45"},
    {"glm-4.6", "glm45"},         {"kimi-k2", "kimi_k2"},     {"olmo-3", "olmo3"},
    {"granite-4", "granite4"},    {"mistral", "mistral"},     {"ministral", "mistral"},
    {"magistral", "mistral"},     {"devstral", "mistral"},    {"hunyuan-a13b", "hunyuan_a13b"},
    {"longcat", "longcat"},
};

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// Equal cards of one vendor: tensor parallelism wants no others.
std::vector<std::size_t> equal_cards(const Machine& machine) {
  std::vector<std::size_t> cards;
  for (std::size_t i = 0; i < machine.gpus.size(); ++i) {
    const auto& gpu = machine.gpus[i];
    if (gpu.integrated || gpu.usable_bytes <= 0 || (gpu.vendor != "nvidia" && gpu.vendor != "amd")) continue;
    if (cards.empty() || machine.gpus[cards.front()].name == gpu.name) cards.push_back(i);
  }
  return cards;
}

/// vLLM needs compute capability 7.0 on NVIDIA and its own list on AMD, and reads each number format only
/// where the card has it.
bool card_reads(const Gpu& gpu, std::string_view quantization) {
  const auto id = gpu_efficiency(gpu).id;
  if (id == "nvidia pascal" || id == "amd gcn" || id == "amd rdna2") return false;
  if (quantization == "NVFP4")
    return id == "nvidia blackwell" || id == "nvidia soc" ||
           (id == "nvidia hbm" && gpu.bandwidth_bytes_per_second > 5e12);
  const bool old = id == "nvidia turing" || id == "nvidia volta";
  return !(old && (quantization == "FP8" || starts_with(quantization, "MXFP4")));
}

struct Served {
  Build build;
  std::size_t cards = 0;
};

std::optional<Served> largest_that_fits(const Model& model, const Fit& fit, const Machine& machine) {
  const auto cards = equal_cards(machine);
  if (cards.empty()) return std::nullopt;
  const auto made = make_shape(model.shape);
  const auto* shape = std::get_if<Shape>(&made);
  if (!shape) return std::nullopt;
  std::vector<Build> builds;
  for (const auto& build : model.builds)
    if (build.format == "safetensors" && !build.repository.empty()) builds.push_back(build);
  if (builds.empty() && !model.huggingface.empty()) {
    Build original;
    original.format = "safetensors";
    original.quantization = "BF16";
    original.repository = model.huggingface;
    builds.push_back(original);
  }
  const Bytes room = machine.gpus[cards.front()].usable_bytes - driver_overhead(machine.gpus[cards.front()]);
  std::optional<Served> best;
  Bytes best_bytes = 0;
  for (const auto& build : builds) {
    if (!card_reads(machine.gpus[cards.front()], build.quantization)) continue;
    const auto weights = weights_of(*shape, build);
    if (!weights) continue;
    RunSettings settings;
    settings.context = fit.placement.context_tokens;
    const auto memory = memory_use(*shape, *weights, settings, static_cast<int>(shape->layers.size()) + 1, 0);
    const Bytes all = memory.total_bytes + model.projector_bytes;
    for (std::size_t count = 1; count <= cards.size(); count *= 2) {
      // Each card holds its part and a compute buffer of its own.
      const Bytes each = (all - memory.compute_bytes) / Bytes(count) + memory.compute_bytes;
      if (each > room) continue;
      if (memory.weights_bytes > best_bytes) {
        best = Served{build, count};
        best_bytes = memory.weights_bytes;
      }
      break;
    }
  }
  return best;
}

}  // namespace

std::string_view tool_call_parser(const Model& model) {
  for (const auto& row : kParsers)
    if (starts_with(model.id, row.start)) return row.parser;
  return {};
}

std::string vllm_command(const Model& model, const Fit& fit, const Machine& machine, bool tools,
                         bool thinking_off) {
  if (machine.os != "linux") return {};
  const auto served = largest_that_fits(model, fit, machine);
  if (!served) return {};
  std::string line = "vllm serve " + shell_quote(served->build.repository) + " --max-model-len " +
                     std::to_string(fit.placement.context_tokens);
  if (served->cards > 1) line += " --tensor-parallel-size " + std::to_string(served->cards);
  if (tools)
    if (const auto parser = tool_call_parser(model); !parser.empty())
      line += " --enable-auto-tool-choice --tool-call-parser " + std::string(parser);
  if (thinking_off && model.thinking == Thinking::optional)
    line += " --default-chat-template-kwargs " + shell_quote(R"({"enable_thinking": false})");
  return line;
}

}  // namespace jobfit
