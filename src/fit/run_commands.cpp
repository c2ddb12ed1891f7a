// The lines that run a build, for each runtime that can: a line that would not start, or would start
// something else than what was reckoned, is left out.
#include "fit/architecture.hpp"
#include "fit/choose_builds.hpp"
#include "fit/run_commands_vllm.hpp"
#include "fit/speed.hpp"
#include "fit/squeeze.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

/// "All layers", whatever their number.
constexpr int kAllLayers = 99;

bool on_gpu(Placement::Kind kind) { return kind != Placement::Kind::cpu && kind != Placement::Kind::cloud; }

bool takes_media(const Model& model) {
  return std::any_of(model.inputs.begin(), model.inputs.end(), [](const std::string& input) {
    return input == "image" || input == "audio" || input == "video";
  });
}

/// GPUs that a build of llama.cpp for `like`'s backend sees, in its order.
std::vector<std::size_t> same_backend(const Machine& machine, std::size_t like) {
  std::vector<std::size_t> seen;
  for (std::size_t i = 0; i < machine.gpus.size(); ++i)
    if (!machine.gpus[i].integrated && machine.gpus[i].backend == machine.gpus[like].backend)
      seen.push_back(i);
  return seen;
}

/// Which of several cards, and how much on each. Nothing where there is one.
std::string card_flags(const Placement& placement, const Machine& machine) {
  const auto& shares = placement.gpu_shares;
  const auto used = std::find_if(shares.begin(), shares.end(), [](double share) { return share > 0; });
  if (used == shares.end()) return {};
  const auto seen = same_backend(machine, std::size_t(used - shares.begin()));
  if (seen.size() < 2) return {};
  const auto count = std::count_if(shares.begin(), shares.end(), [](double share) { return share > 0; });
  std::string split;
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (count == 1 && shares[seen[i]] > 0) return " --split-mode none --main-gpu " + std::to_string(i);
    split += (i > 0 ? "," : "") + fmt::format("{:g}", shares[seen[i]]);
  }
  return " --tensor-split " + split;
}

/// Left to itself llama.cpp turns flash attention off where attention would run on another device than its
/// cache lies on, which was seen at the edge of some splits of hybrids (LFM2, Nemotron-H).
bool loses_flash_attention(const Model& model, const Placement& placement) {
  const Architecture* architecture = find_architecture(architecture_of(model));
  return placement.kind == Placement::Kind::split && architecture != nullptr &&
         architecture->recurrence != Recurrence::none;
}

std::string file_of(const Model& model, const Build& build) {
  if (!build.file.empty()) return build.file;
  return model.id + "-" + build.quantization + ".gguf";
}

std::string llama_cpp_command(const Model& model, const Fit& fit, const Machine& machine, bool tools,
                              bool thinking_off) {
  if (fit.build.format != "gguf" || fit.placement.kind == Placement::Kind::cloud) return {};
  // Published for Ollama alone: there is no file that llama.cpp could fetch.
  if (fit.build.repository.empty() && !fit.build.ollama.empty()) return {};
  const auto& place = fit.placement;
  std::string line = "llama-server ";
  if (fit.build.repository.empty())
    line += "-m " + shell_quote(file_of(model, fit.build));
  else
    line += "-hf " + shell_quote(fit.build.repository + ":" + fit.build.quantization);
  line += fmt::format(" -c {} -np 1", place.context_tokens);
  switch (place.kind) {
    case Placement::Kind::gpu:
    case Placement::Kind::unified:
      line += fmt::format(" -ngl {}", std::max(kAllLayers, place.gpu_layers));
      break;
    case Placement::Kind::experts_in_ram:
      line += fmt::format(" -ngl {} --n-cpu-moe {}", std::max(kAllLayers, place.gpu_layers),
                          place.expert_layers_in_ram);
      break;
    case Placement::Kind::split:
      line += fmt::format(" -ngl {}", place.gpu_layers);
      break;
    default:
      // With no layers on it a GPU would still be sent the work of large batches, and take memory for it.
      if (!machine.gpus.empty()) line += " --device none";
      if (machine.cpu.cores > 0) line += fmt::format(" -t {}", useful_threads(machine.cpu));
  }
  if (on_gpu(place.kind)) line += card_flags(place, machine);
  if (place.kv_cache != "f16" || loses_flash_attention(model, place)) line += " -fa on";
  if (place.kv_cache != "f16") line += fmt::format(" --cache-type-k {0} --cache-type-v {0}", place.kv_cache);
  // A repository's projector is loaded by itself; where it was not reckoned with, it stays out.
  if (takes_media(model) && fit.memory.projector_bytes == 0 && !fit.build.repository.empty())
    line += " --no-mmproj";
  if (tools) line += " --jinja";
  if (thinking_off && model.thinking == Thinking::optional) line += " --reasoning-budget 0";
  return line;
}

/// Ollama decides itself how many layers go to the GPU; it has no switch for experts alone.
bool ollama_runs(const Fit& fit) {
  const auto kind = fit.placement.kind;
  return fit.build.format == "gguf" && kind != Placement::Kind::experts_in_ram &&
         kind != Placement::Kind::cloud;
}

std::string ollama_command(const Model& model, const Fit& fit, bool thinking_off) {
  if (!ollama_runs(fit)) return {};
  const auto tag = ollama_tag(fit.build);
  if (tag.empty()) return {};
  std::string lines;
  // The cache type is the server's; the context can be set once the model runs.
  if (fit.placement.kv_cache != "f16")
    lines = fmt::format("OLLAMA_FLASH_ATTENTION=1 OLLAMA_KV_CACHE_TYPE={} ollama serve\n",
                        fit.placement.kv_cache);
  lines += "ollama run " + shell_quote(tag);
  if (thinking_off && model.thinking == Thinking::optional) lines += " --think=false";
  lines += fmt::format("\n/set parameter num_ctx {}", fit.placement.context_tokens);
  return lines;
}

std::string mlx_command(const Model& model, const Fit& fit, const Machine& machine, bool thinking_off) {
  // Text only: a projector needs another package than mlx-lm.
  if (machine.os != "macos" || fit.memory.projector_bytes > 0) return {};
  if (fit.placement.kind != Placement::Kind::unified) return {};
  const Build* chosen = fit.build.format == "mlx" ? &fit.build : nullptr;
  // Otherwise the published MLX build nearest below what fits: no larger than the one that was reckoned.
  for (const auto& build : model.builds) {
    if (fit.build.format == "mlx" || build.format != "mlx" || build.repository.empty()) continue;
    if (build.file_bytes <= 0 || build.file_bytes > fit.build.file_bytes) continue;
    if (!chosen || build.file_bytes > chosen->file_bytes) chosen = &build;
  }
  if (!chosen || chosen->repository.empty()) return {};
  std::string line = "mlx_lm.server --model " + shell_quote(chosen->repository);
  if (thinking_off && model.thinking == Thinking::optional)
    line += " --chat-template-args " + shell_quote(R"({"enable_thinking": false})");
  return line;
}

}  // namespace

RunCommands run_commands(const Model& model, const Fit& fit, const Machine& machine, bool tools,
                         bool thinking_off, std::string_view worked_out) {
  RunCommands commands;
  commands.llama_cpp = llama_cpp_command(model, fit, machine, tools, thinking_off);
  commands.ollama = ollama_command(model, fit, thinking_off);
  commands.vllm = vllm_command(model, fit, machine, tools, thinking_off, worked_out);
  commands.mlx = mlx_command(model, fit, machine, thinking_off);
  return commands;
}

}  // namespace jobfit
