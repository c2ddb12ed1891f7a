// One build on one machine: every placement tried, the fastest kept, and why it may be taken with care.
#include "fit/try_build.hpp"

#include "fit/mtp.hpp"
#include "fit/squeeze.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace jobfit {
namespace {

/// Names of placements and caution keys live in data/words.
Sentence because_of(const Placed& placed, const Machine& machine, const BuildCandidate& candidate) {
  const auto& place = placed.placement;
  const auto gpu_name = [&] {
    std::string names;
    for (std::size_t i = 0; i < machine.gpus.size(); ++i) {
      const bool used = place.gpu_shares.empty() ? i == 0 : place.gpu_shares[i] > 0;
      if (used) names += (names.empty() ? "" : " + ") + machine.gpus[i].name;
    }
    return names;
  };
  const std::string size = format_bytes(placed.memory.total_bytes + placed.memory.overhead_bytes);
  const std::string has = format_bytes(placed.memory.available_bytes);
  const auto sentence = [&](const char* key) {
    return Sentence{key, {{"quantization", candidate.build.quantization}, {"size", size}, {"has", has}}};
  };
  switch (place.kind) {
    case Placement::Kind::gpu: {
      auto said = sentence(place.gpu_shares.empty() || placed.memory.per_gpu.size() < 2 ? "fit.because.gpu"
                                                                                        : "fit.because.gpus");
      said.holes.push_back({"gpu", gpu_name()});
      return said;
    }
    case Placement::Kind::unified:
      return sentence("fit.because.unified");
    case Placement::Kind::experts_in_ram: {
      auto said = sentence("fit.because.experts_in_ram");
      said.holes.push_back({"gpu", gpu_name()});
      said.holes.push_back({"on_gpu", format_bytes(placed.memory.gpu_bytes)});
      said.holes.push_back({"in_ram", format_bytes(placed.memory.ram_bytes)});
      return said;
    }
    case Placement::Kind::split: {
      auto said = sentence("fit.because.split");
      said.holes.push_back({"gpu", gpu_name()});
      said.holes.push_back({"layers", std::to_string(place.gpu_layers)});
      said.holes.push_back({"on_gpu", format_bytes(placed.memory.gpu_bytes)});
      said.holes.push_back({"in_ram", format_bytes(placed.memory.ram_bytes)});
      return said;
    }
    default:
      return sentence("fit.because.cpu");
  }
}

std::vector<Sentence> cautions_of(const Model& model, const Shape& shape, const BuildCandidate& candidate,
                                  const Placed& placed, const FitNeeds& needs) {
  std::vector<Sentence> cautions;
  if (candidate.makeable)
    cautions.push_back({"fit.caution.makeable",
                        {{"quantization", candidate.build.quantization}, {"repository", model.huggingface}}});
  if (candidate.computed_size) cautions.push_back({"fit.caution.computed_size", {}});
  const auto window = window_of(model, shape);
  if (window.native > 0 && needs.context > window.native)
    cautions.push_back({"fit.caution.extended_context",
                        {{"native", format_tokens(window.native)}, {"needs", format_tokens(needs.context)}}});
  if (placed.speed.decode.mid <= 0) cautions.push_back({"fit.caution.unknown_speed", {}});
  if (placed.placement.kv_cache != "f16")
    cautions.push_back({cache_tolerance(model) == CacheTolerance::measured ? "fit.caution.cache_tolerated"
                                                                           : "fit.caution.cache_untested",
                        {{"type", placed.placement.kv_cache}}});
  if (candidate.loss >= 3)
    cautions.push_back({"fit.caution.squeezed", {{"points", rounded(candidate.loss)}}});
  if ((needs.images || needs.audio) && model.projector_bytes <= 0)
    cautions.push_back({"fit.caution.unknown_projector", {}});
  if (needs.runtime == "vllm") cautions.push_back({"fit.caution.vllm_memory", {}});
  return cautions;
}

Fit make_fit(const Model& model, const Shape& shape, const BuildCandidate& candidate, const Machine& machine,
             const FitNeeds& needs, Placed placed, double loss) {
  Fit fit;
  fit.build = candidate.build;
  fit.computed_size = candidate.computed_size;
  fit.quality_loss = loss;
  placed.speed.mtp = mtp_advice(model, placed.placement);
  fit.because = because_of(placed, machine, candidate);
  fit.cautions = cautions_of(model, shape, candidate, placed, needs);
  fit.placement = std::move(placed.placement);
  fit.memory = std::move(placed.memory);
  fit.speed = std::move(placed.speed);
  return fit;
}

}  // namespace

bool only_whole(const FitNeeds& needs, const Build& build) {
  return needs.runtime == "vllm" || build.format == "safetensors" || build.format == "mlx";
}

bool too_slow(const Speed& speed, const FitNeeds& needs) {
  return needs.min_speed > 0 && speed.decode.mid > 0 && speed.decode.mid < needs.min_speed;
}

Pace bearable(const FitNeeds& needs) { return {needs.min_speed, needs.min_speed}; }

bool too_slow(const Speed& speed, Placement::Kind kind, const Pace& pace) {
  const bool whole = kind == Placement::Kind::gpu || kind == Placement::Kind::unified;
  const double least = whole ? pace.whole : pace.apart;
  return least > 0 && speed.decode.mid > 0 && speed.decode.mid < least;
}

std::string rounded(double value) {
  const double shown = std::round(value * 10) / 10;
  return shown == std::floor(shown) ? fmt::format("{:.0f}", shown) : fmt::format("{:.1f}", shown);
}

RunSettings settings_for(const Model& model, const FitNeeds& needs, const std::string& cache_type) {
  RunSettings settings;
  settings.context = needs.context;
  settings.cache_type = cache_type;
  settings.projector = (needs.images || needs.audio) && model.projector_bytes > 0;
  // A long document fills the window before the first word of the answer.
  if (needs.long_documents) settings.filled = needs.context;
  return settings;
}

Window window_of(const Model& model, const Shape& shape) {
  Window window{model.context.native, model.context.extended};
  if (window.native <= 0) window.native = shape.trained_context;
  window.extended = std::max(window.extended, window.native);
  return window;
}

Tried try_build(const Model& model, ModelMemory& memory, const BuildCandidate& candidate,
                const Hardware& hardware, const FitNeeds& needs, const std::string& cache_type,
                const Pace& pace, double worth) {
  Tried tried;
  const Machine& machine = hardware.machine;
  tried.least_bytes = candidate.build.file_bytes;
  if (usable_ram(machine) > 0 &&
      double(candidate.build.file_bytes) * kLeastLoaded > double(usable_total(machine)))
    return tried;  // most of a catalog ends here
  const auto settings = settings_for(model, needs, cache_type);
  BuildMemory build(memory, memory.weights(candidate.build), settings,
                    {settings.projector ? model.projector_bytes : 0});
  PlacementSearch search(build, hardware, only_whole(needs, candidate.build));
  if (worth > 0 && search.fastest_at_most() < worth) {
    tried.skipped = true;
    return tried;
  }
  auto all = search.all();
  if (all.empty()) tried.least_bytes = build.use({}).total_bytes;
  for (const auto& placed : all)
    if (&placed == &all.front() || placed.memory.total_bytes < tried.least_bytes)
      tried.least_bytes = placed.memory.total_bytes;
  tried.fits_memory = !all.empty();
  Placed* best = nullptr;
  for (auto& placed : all) {
    tried.fastest = std::max(tried.fastest, placed.speed.decode.mid);
    if (too_slow(placed.speed, placed.placement.kind, pace)) continue;
    // First come, whole on a GPU, wins a tie and stands where no speed is known.
    if (!best || placed.speed.decode.mid > best->speed.decode.mid) best = &placed;
  }
  if (!best) return tried;
  const double loss = candidate.loss + (cache_type == "f16" ? 0 : cache_loss(model, needs));
  tried.fit = make_fit(model, memory.shape(), candidate, machine, needs, std::move(*best), loss);
  return tried;
}

void fill_longest_context(const Model& model, ModelMemory& memory, const BuildCandidate& candidate,
                          const Hardware& hardware, const FitNeeds& needs, Fit& fit) {
  const auto settings = settings_for(model, needs, fit.placement.kv_cache);
  BuildMemory build(memory, memory.weights(candidate.build), settings,
                    {settings.projector ? model.projector_bytes : 0});
  const auto window = window_of(model, memory.shape());
  const auto cap = needs.context > window.native ? window.extended : window.native;
  fit.placement.longest_context = PlacementSearch(build, hardware, only_whole(needs, candidate.build))
                                      .longest_context(fit.placement, cap);
}

}  // namespace jobfit
