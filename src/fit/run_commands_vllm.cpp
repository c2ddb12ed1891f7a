#include "fit/run_commands_vllm.hpp"

#include "fit/choose_builds.hpp"
#include "fit/efficiency.hpp"
#include "fit/placement.hpp"
#include "fit/squeeze.hpp"

#include <algorithm>

namespace jobfit {
namespace {

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// vLLM needs compute capability 7.0 on NVIDIA and its own list on AMD, and reads each number format only
/// where the card has it.
bool card_reads(const Gpu& gpu, std::string_view quantization) {
  const auto id = gpu_efficiency(gpu).id;
  if (id == "nvidia pascal" || id == "amd gcn" || id == "amd rdna2") return false;
  if (quantization == "NVFP4")
    return id == "nvidia blackwell" ||
           (id == "nvidia soc" && lower(gpu.generation).find("blackwell") != std::string::npos) ||
           (id == "nvidia hbm" && gpu.bandwidth_bytes_per_second > 5e12);
  const bool old = id == "nvidia turing" || id == "nvidia volta";
  return !(old && (quantization == "FP8" || starts_with(quantization, "MXFP4")));
}

constexpr double kBf16Bytes = 2;  // of one weight

/// What vLLM takes of a card unless told otherwise.
constexpr double kUtilization = 0.9;

/// Attention heads are shared out evenly, or not at all.
bool divides(std::size_t cards, const Shape& shape) {
  return std::all_of(shape.layers.begin(), shape.layers.end(), [&](const Layer& layer) {
    return layer.heads <= 0 || std::size_t(layer.heads) % cards == 0;
  });
}

std::vector<Build> safetensors_of(const Model& model) {
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
  return builds;
}

}  // namespace

std::vector<std::size_t> equal_cards(const Machine& machine) {
  std::vector<std::size_t> cards;
  for (std::size_t i = 0; i < machine.gpus.size(); ++i) {
    const auto& gpu = machine.gpus[i];
    if (gpu.integrated || gpu.usable_bytes <= 0 || (gpu.vendor != "nvidia" && gpu.vendor != "amd")) continue;
    if (cards.empty() || machine.gpus[cards.front()].name == gpu.name) cards.push_back(i);
  }
  return cards;
}

std::optional<Served> served_by(const Model& model, const Gpu& card, std::size_t most_cards,
                                std::size_t machines, std::int64_t context, std::string_view worked_out) {
  const Bytes room =
      std::min(card.usable_bytes, Bytes(double(card.memory_bytes) * kUtilization)) - driver_overhead(card);
  const auto plainly_too_big = [&](const Build& build) {
    double bytes = double(build.file_bytes);
    if (bytes <= 0 && build.quantization == "BF16") bytes = model.parameters * kBf16Bytes;
    return bytes * 0.9 > double(room) * double(most_cards * machines);
  };
  auto builds = safetensors_of(model);
  std::erase_if(builds, [&](const Build& build) {
    return !card_reads(card, build.quantization) || plainly_too_big(build);
  });
  if (builds.empty()) return std::nullopt;
  const auto made = make_shape(model.shape);
  const auto* shape = std::get_if<Shape>(&made);
  if (!shape) return std::nullopt;
  ModelMemory model_memory(*shape, figures_of(worked_out, model.shape));
  std::optional<Served> best;
  Bytes best_bytes = 0;
  for (const auto& build : builds) {
    const auto weights = weights_of(model_memory.hparams(), model_memory.tensors(), build);
    if (!weights) continue;
    RunSettings settings;
    settings.context = context;
    const auto memory = memory_use(model_memory, sums_of(model_memory.tensors(), *weights), settings,
                                   {static_cast<int>(shape->layers.size()) + 1});
    const Bytes all = memory.total_bytes + model.projector_bytes;
    for (std::size_t cards = machines > 1 ? most_cards : 1; cards <= most_cards; cards *= 2) {
      if (!divides(cards, *shape)) break;
      // Each card holds its part and a compute buffer of its own.
      const Bytes each = (all - memory.compute_bytes) / Bytes(cards * machines) + memory.compute_bytes;
      if (each > room) continue;
      if (memory.weights_bytes > best_bytes) {
        best = Served{build, cards, machines};
        best_bytes = memory.weights_bytes;
      }
      break;
    }
  }
  return best;
}

std::string vllm_chat_flags(const Model& model, bool tools, bool thinking_off) {
  const auto names = parsers_of(model);
  std::string flags;
  if (tools && !names.tools.empty())
    flags += " --enable-auto-tool-choice --tool-call-parser " + std::string(names.tools);
  const bool thinks = model.thinking == Thinking::optional || model.thinking == Thinking::always;
  const bool off = thinking_off && model.thinking == Thinking::optional;
  if (off) {
    if (!names.thinking_off.empty())
      flags += " --default-chat-template-kwargs " + shell_quote(std::string(names.thinking_off));
  } else if (thinks && !names.reasoning.empty()) {
    flags += " --reasoning-parser " + std::string(names.reasoning);
  }
  return flags;
}

std::string vllm_command(const Model& model, const Fit& fit, const Machine& machine, bool tools,
                         bool thinking_off, std::string_view worked_out) {
  if (machine.os != "linux") return {};
  const auto cards = equal_cards(machine);
  if (cards.empty()) return {};
  const auto served = served_by(model, machine.gpus[cards.front()], cards.size(), 1,
                                fit.placement.context_tokens, worked_out);
  if (!served) return {};
  std::string line = "vllm serve " + shell_quote(served->build.repository) + " --max-model-len " +
                     std::to_string(fit.placement.context_tokens);
  if (served->cards > 1) line += " --tensor-parallel-size " + std::to_string(served->cards);
  return line + vllm_chat_flags(model, tools, thinking_off);
}

}  // namespace jobfit
