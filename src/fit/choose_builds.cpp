#include "fit/choose_builds.hpp"

#include "fit/squeeze.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace jobfit {
namespace {

bool nvidia_or_amd(const Machine& machine) {
  return std::any_of(machine.gpus.begin(), machine.gpus.end(), [](const Gpu& gpu) {
    return !gpu.integrated && (gpu.vendor == "nvidia" || (gpu.vendor == "amd" && !gpu.unified));
  });
}

/// Nobody measures a difference between Q8_0 and the original weights: they rank the same, so that the faster
/// one wins.
double best_rank(const QualityLoss& loss) {
  Build eight;
  eight.quantization = "Q8_0";
  return loss.of(eight).loss;
}

/// A build that has yet to show that it is worth a copy.
struct Considered {
  const Build* build;
  Bytes file_bytes;
  bool computed_size;
  double loss, rank, bits;  // as BuildCandidate's
};

std::optional<Considered> consider(ModelMemory& memory, const QualityLoss& loss, double best,
                                   const Build& build) {
  const bool computed = build.file_bytes <= 0;
  const Bytes bytes = computed ? memory.computed_bytes(build) : build.file_bytes;
  if (bytes <= 0) return std::nullopt;
  const auto squeezed = loss.of(build);
  return Considered{&build, bytes, computed, squeezed.loss, std::max(squeezed.loss, best), squeezed.bits};
}

void sort_by_squeeze(std::vector<Considered>& builds) {
  std::stable_sort(builds.begin(), builds.end(), [](const Considered& a, const Considered& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    if (a.file_bytes != b.file_bytes) return a.file_bytes > b.file_bytes;
    return a.build->quantization < b.build->quantization;
  });
}

/// Of builds that rank the same the smallest is the fastest and fits wherever another does. One that
/// llama.cpp can fetch comes before one that only Ollama has.
void drop_equals(std::vector<Considered>& builds) {
  const auto better = [](const Considered& a, const Considered& b) {
    const bool a_open = !a.build->repository.empty(), b_open = !b.build->repository.empty();
    const bool near =
        double(std::max(a.file_bytes, b.file_bytes)) < 1.1 * double(std::min(a.file_bytes, b.file_bytes));
    if (near && a_open != b_open) return a_open;
    return a.file_bytes < b.file_bytes;
  };
  std::vector<Considered> kept;
  for (const auto& build : builds) {
    if (!kept.empty() && kept.back().rank == build.rank && kept.back().build->qat == build.build->qat) {
      if (better(build, kept.back())) kept.back() = build;
    } else {
      kept.push_back(build);
    }
  }
  builds = std::move(kept);
}

std::vector<BuildCandidate> candidates(const std::vector<Considered>& builds, bool makeable) {
  std::vector<BuildCandidate> made;
  made.reserve(builds.size());
  for (const auto& build : builds) {
    made.push_back({*build.build, build.computed_size, makeable, build.loss, build.rank, build.bits});
    made.back().build.file_bytes = build.file_bytes;
  }
  return made;
}

}  // namespace

std::string ollama_tag(const Build& build) {
  // Hugging Face splits files beyond 50 GB, and Ollama does not pull split GGUF files from there.
  constexpr Bytes kUnsplit = Bytes{50} * 1000 * 1000 * 1000;
  if (!build.ollama.empty()) return build.ollama;
  const bool split = build.file.find("-of-") != std::string::npos || build.file_bytes > kUnsplit;
  if (build.format != "gguf" || build.repository.empty() || split) return {};
  return "hf.co/" + build.repository + ":" + build.quantization;
}

bool runs_here(const Build& build, const Machine& machine, std::string_view runtime) {
  if (build.format == "gguf") {
    if (runtime == "llama.cpp") return !build.repository.empty();
    if (runtime == "ollama") return !ollama_tag(build).empty();
    return runtime.empty();
  }
  if (build.format == "mlx") return runtime == "mlx" && machine.os == "macos";
  if (build.format == "safetensors") return runtime == "vllm" && nvidia_or_amd(machine);
  return false;
}

PublishedFor published_for(const Machine& machine, const FitNeeds& needs) {
  return {needs.runtime, machine.os == "macos", nvidia_or_amd(machine), needs.long_documents,
          needs.non_latin};
}

std::vector<BuildCandidate> published_builds(const Model& model, ModelMemory& memory, const Catalog& catalog,
                                             const Machine& machine, const FitNeeds& needs) {
  // Without a wish, GGUF; a model that nobody published as GGUF may still run natively on a Mac or under
  // vLLM.
  std::vector<std::string_view> runtimes = {needs.runtime};
  if (needs.runtime.empty()) runtimes = {"", "mlx", "vllm"};
  const QualityLoss loss(model, catalog, needs);
  const double best = best_rank(loss);
  std::vector<Considered> builds;
  builds.reserve(model.builds.size());
  for (const auto runtime : runtimes) {
    for (const auto& build : model.builds)
      if (runs_here(build, machine, runtime))
        if (const auto considered = consider(memory, loss, best, build)) builds.push_back(*considered);
    if (!builds.empty()) break;
  }
  sort_by_squeeze(builds);
  drop_equals(builds);
  return candidates(builds, false);
}

std::vector<BuildCandidate> makeable_builds(const Model& model, ModelMemory& memory, const Catalog& catalog,
                                            const FitNeeds& needs,
                                            const std::vector<BuildCandidate>& published) {
  const bool reads_gguf = needs.runtime.empty() || needs.runtime == "llama.cpp";
  if (!reads_gguf || model.huggingface.empty()) return {};
  Bytes below = 0;
  for (const auto& build : published)
    if (build.build.format == "gguf" && (below == 0 || build.build.file_bytes < below))
      below = build.build.file_bytes;
  const QualityLoss loss(model, catalog, needs);
  const double best = best_rank(loss);
  std::array<Build, std::size(kMakeable)> mixes;
  std::vector<Considered> builds;
  for (std::size_t i = 0; i < mixes.size(); ++i) {
    Build& build = mixes[i];
    build.format = "gguf";
    build.quantization = kMakeable[i];
    // Plainly larger than what is published: not worth the arithmetic.
    constexpr double kPlainly = 1.25;
    if (below > 0 && model.parameters * loss.of(build).bits / 8 > kPlainly * double(below)) continue;
    const auto considered = consider(memory, loss, best, build);
    if (considered && (below == 0 || considered->file_bytes < below)) builds.push_back(*considered);
  }
  sort_by_squeeze(builds);
  return candidates(builds, true);
}

}  // namespace jobfit
