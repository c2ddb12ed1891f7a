// choose_build and all_builds: what the other stages call.
#include "fit/certain.hpp"
#include "fit/choose.hpp"
#include "fit/squeeze.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// What a model of unknown shape needs at the very least: its smallest published file, or its parameters at the floor.
Bytes least_bytes(const Model& model) {
  Bytes least = 0;
  for (const auto& build : model.builds)
    if (build.file_bytes > 0 && (least == 0 || build.file_bytes < least)) least = build.file_bytes;
  return least > 0 ? least : static_cast<Bytes>(model.parameters * kLeastBitsPerWeight / 8);
}

/// RAM and graphics memory together; unified memory lies inside RAM.
Bytes most_bytes(const Machine& machine) {
  Bytes most = machine.memory.usable_bytes;
  for (const auto& gpu : machine.gpus)
    if (!gpu.unified && !gpu.integrated) most += gpu.usable_bytes;
  return most;
}

Misfit unknown_shape(const ShapeRefusal& refusal, const Model& model, const Machine& machine) {
  Misfit misfit;
  const Bytes least = least_bytes(model), most = most_bytes(machine);
  if (least > most) {
    misfit.because = Misfit::Because::memory;
    misfit.needs_bytes = least;
    misfit.has_bytes = most;
    misfit.what = {"fit.misfit.memory_at_least", {{"needs", format_bytes(least)}, {"has", format_bytes(most)}}};
    return misfit;
  }
  misfit.because = Misfit::Because::unknown_shape;
  std::string missing;
  for (const auto& key : refusal.missing) missing += (missing.empty() ? "" : ", ") + key;
  if (refusal.unknown_architecture && !refusal.architecture.empty())
    misfit.what = {"fit.misfit.unknown_architecture", {{"architecture", neutralise(refusal.architecture)}}};
  else if (!missing.empty())
    misfit.what = {"fit.misfit.unknown_shape_missing", {{"missing", neutralise(missing)}}};
  else
    misfit.what = {"fit.misfit.unknown_shape", {}};
  return misfit;
}

/// The context asked for is beyond what the model was made for: no build and no machine helps.
std::optional<Misfit> window_misfit(const Model& model, const Shape& shape, const FitNeeds& needs) {
  const auto window = window_of(model, shape);
  if (window.extended <= 0 || needs.context <= window.extended) return std::nullopt;
  Misfit misfit;
  misfit.because = Misfit::Because::context;
  misfit.what = {"fit.misfit.context",
                 {{"needs", format_tokens(needs.context)}, {"has", format_tokens(window.extended)}}};
  misfit.smallest_fixes.push_back({"context",
                                   std::to_string(window.extended),
                                   0,
                                   {"fit.fix.window", {{"context", format_tokens(window.extended)}}}});
  return misfit;
}

Misfit no_build(const Model& model, const FitNeeds& needs) {
  Misfit misfit;
  misfit.because = Misfit::Because::unknown_shape;
  misfit.what = {model.builds.empty() ? "fit.misfit.no_builds" : "fit.misfit.no_builds_for_runtime",
                 {{"runtime", needs.runtime.empty() ? "llama.cpp" : needs.runtime}}};
  return misfit;
}

/// Why `candidate` alone does not fit; `tried` says how it went.
Misfit misfit_of(const BuildCandidate& candidate, const Tried& tried, const Machine& machine,
                 const FitNeeds& needs) {
  Misfit misfit;
  misfit.best_build = candidate.build;
  misfit.needs_bytes = tried.least_bytes;
  misfit.has_bytes = usable_total(machine);
  if (tried.fits_memory) {
    misfit.because = Misfit::Because::speed;
    misfit.needs_speed = needs.min_speed;
    misfit.has_speed = tried.fastest;
    misfit.what = {"fit.misfit.speed",
                   {{"quantization", candidate.build.quantization},
                    {"needs", rounded(needs.min_speed)},
                    {"has", rounded(tried.fastest)}}};
  } else {
    misfit.because = Misfit::Because::memory;
    misfit.what = {"fit.misfit.memory",
                   {{"quantization", candidate.build.quantization},
                    {"needs", format_bytes(misfit.needs_bytes)},
                    {"has", format_bytes(misfit.has_bytes)}}};
  }
  return misfit;
}

/// Whether choose finds a Fit, without saying which or why not.
bool any_fits(const Model& model, ModelMemory& memory, const Catalog& catalog,
              const std::vector<BuildCandidate>& published, const Machine& machine, const FitNeeds& needs) {
  if (window_misfit(model, memory.shape(), needs)) return false;
  const auto candidates = candidates_of(model, memory, catalog, needs, published);
  return choose_among(model, memory, candidates, Hardware(machine), needs).has_value();
}

/// With a shape in hand.
std::variant<Fit, Misfit> choose(const Model& model, ModelMemory& memory, const Catalog& catalog,
                                 const std::vector<BuildCandidate>& published, const Machine& machine,
                                 const FitNeeds& needs) {
  if (auto misfit = window_misfit(model, memory.shape(), needs)) return std::move(*misfit);
  const auto candidates = candidates_of(model, memory, catalog, needs, published);
  const Hardware hardware(machine);
  if (auto fit = choose_among(model, memory, candidates, hardware, needs)) return std::move(*fit);
  const auto* smallest = smallest_good(candidates);
  // Where all are below the floor, the least squeezed of them.
  if (!smallest && !candidates.published.empty()) smallest = &candidates.published.front();
  if (!smallest) return no_build(model, needs);
  // Told for the smallest build that is still good: whatever larger one fits in memory, this one does too.
  // Its speed need not be the best, so the fastest of all that fit is what is said.
  auto tried = try_build(model, memory, *smallest, hardware, needs, "f16", bearable(needs));
  for (const auto* candidate : candidates.all()) {
    if (candidate == smallest || !above_floor(*candidate) || !tried.fits_memory) continue;
    const auto other =
        try_build(model, memory, *candidate, hardware, needs, "f16", bearable(needs), tried.fastest);
    tried.fastest = std::max(tried.fastest, other.fastest);
  }
  auto misfit = misfit_of(*smallest, tried, machine, needs);
  if (!above_floor(*smallest)) {
    misfit.what = {"fit.misfit.floor",
                   {{"quantization", smallest->build.quantization}, {"points", rounded(smallest->loss)}}};
  }
  if (needs.fixes)
    misfit.smallest_fixes =
        smallest_fixes(model, memory, candidates, catalog.devices, machine, needs, tried.fastest);
  return misfit;
}

}  // namespace

std::variant<Fit, Misfit> choose_build(const Model& model, const Catalog& catalog, const Machine& machine,
                                       const FitNeeds& needs) {
  const auto made = make_shape(model.shape);
  if (const auto* refusal = std::get_if<ShapeRefusal>(&made)) return unknown_shape(*refusal, model, machine);
  ModelMemory memory(std::get<Shape>(made));
  return choose(model, memory, catalog, published_builds(model, memory, catalog, machine, needs), machine,
                needs);
}

struct Fitter::Kept {
  std::variant<Shape, ShapeRefusal> made;
  std::optional<ModelMemory> memory;
};

/// A model's builds, and all that they depend on.
struct Fitter::Published {
  PublishedFor asked;
  std::vector<BuildCandidate> builds;
  bool looked = false;
  std::optional<Build> smallest;  ///< smallest_good, looked for when first asked for
};

Fitter::Fitter(const Catalog& catalog)
    : catalog_(catalog), kept_(catalog.models.size()), published_(catalog.models.size()) {}
Fitter::~Fitter() = default;

Fitter::Kept& Fitter::kept(std::uint32_t index) {
  auto& kept = kept_[index];
  if (kept) return *kept;
  const auto& figures = catalog_.models[index].shape;
  auto& known = shapes_[shape_number(figures)];
  if (!known) {
    known = std::make_shared<Kept>();
    known->made = make_shape(figures);
    if (const auto* shape = std::get_if<Shape>(&known->made))
      known->memory.emplace(*shape, figures_of(catalog_.worked_out, figures));
  }
  kept = known;
  return *kept;
}

Fitter::Published& Fitter::published(std::uint32_t index, ModelMemory& memory, const Machine& machine,
                                     const FitNeeds& needs) {
  const PublishedFor asked = published_for(machine, needs);
  auto& known = published_[index];
  for (const auto& one : known)
    if (one->asked == asked) return *one;
  known.push_back(std::make_shared<Published>(Published{
      asked, published_builds(catalog_.models[index], memory, catalog_, machine, needs), false, {}}));
  return *known.back();
}

std::variant<Fit, Misfit> Fitter::choose(std::uint32_t index, const Machine& machine, const FitNeeds& needs) {
  const Model& model = catalog_.models[index];
  Kept& known = kept(index);
  if (!known.memory) return unknown_shape(std::get<ShapeRefusal>(known.made), model, machine);
  auto chosen = jobfit::choose(model, *known.memory, catalog_,
                               published(index, *known.memory, machine, needs).builds, machine, needs);
  known.memory->slim();
  return chosen;
}

bool Fitter::surely_fits(std::uint32_t index, const Machine& machine, const FitNeeds& needs) {
  Kept& known = kept(index);
  if (!known.memory) return false;
  const auto& builds = published(index, *known.memory, machine, needs).builds;
  const bool fits = jobfit::surely_fits(catalog_.models[index], *known.memory, builds, machine, needs);
  if (fits) known.memory->slim();  // else choose goes on with it
  return fits;
}

bool Fitter::surely_too_big(std::uint32_t index, const Machine& machine, const FitNeeds& needs) {
  const Model& model = catalog_.models[index];
  if (jobfit::surely_too_big(model, machine)) return true;
  Kept& known = kept(index);
  if (!known.memory) return false;
  Published& there = published(index, *known.memory, machine, needs);
  if (!there.looked) {
    const auto candidates = candidates_of(model, *known.memory, catalog_, needs, there.builds);
    if (const auto* smallest = smallest_good(candidates)) there.smallest = smallest->build;
    there.looked = true;
  }
  return there.smallest && jobfit::surely_too_big(model, *known.memory, *there.smallest, machine, needs);
}

bool Fitter::fits(std::uint32_t index, const Machine& machine, const FitNeeds& needs) {
  if (surely_too_big(index, machine, needs)) return false;
  if (surely_fits(index, machine, needs)) return true;
  Kept& known = kept(index);
  if (!known.memory) return false;
  const auto& builds = published(index, *known.memory, machine, needs).builds;
  const bool fits = any_fits(catalog_.models[index], *known.memory, catalog_, builds, machine, needs);
  known.memory->slim();
  return fits;
}

std::vector<std::variant<Fit, Misfit>> all_builds(const Model& model, const Catalog& catalog,
                                                  const Machine& machine, const FitNeeds& needs) {
  const auto made = make_shape(model.shape);
  if (const auto* refusal = std::get_if<ShapeRefusal>(&made)) return {unknown_shape(*refusal, model, machine)};
  const auto& shape = std::get<Shape>(made);
  if (auto misfit = window_misfit(model, shape, needs)) return {std::move(*misfit)};
  ModelMemory memory(shape);
  const auto published = published_builds(model, memory, catalog, machine, needs);
  const auto candidates = candidates_of(model, memory, catalog, needs, published);
  const Hardware hardware(machine);
  std::vector<std::variant<Fit, Misfit>> rows;
  for (const auto* one : candidates.all()) {
    const auto& candidate = *one;
    auto tried = try_build(model, memory, candidate, hardware, needs, "f16", bearable(needs));
    if (tried.fit) {
      fill_longest_context(model, memory, candidate, hardware, needs, *tried.fit);
      rows.emplace_back(std::move(*tried.fit));
      continue;
    }
    rows.emplace_back(misfit_of(candidate, tried, machine, needs));
  }
  if (rows.empty()) rows.emplace_back(no_build(model, needs));
  return rows;
}

}  // namespace jobfit
