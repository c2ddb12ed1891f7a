#include "advise/pick.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// Fixes are searched for the best-ranked models that do not fit, until so many have one: nobody buys memory
/// for the fiftieth.
constexpr int kFixed = 8, kSearched = 32;

FitNeeds fit_needs(const JobNeeds& needs, const std::string& runtime) {
  FitNeeds fit;
  fit.context = needs.context;
  fit.min_speed = needs.min_speed;
  fit.comfort = needs.comfort;
  fit.images = needs.images;
  fit.audio = needs.audio;
  fit.long_documents = needs.long_documents;
  fit.non_latin = needs.non_latin;
  fit.runtime = runtime;
  return fit;
}

}  // namespace

Workbench::Key Workbench::key(const Candidate& candidate, const JobNeeds& needs) {
  const auto asked = std::find(asked_.begin(), asked_.end(), needs);
  const auto index = static_cast<std::size_t>(asked - asked_.begin());
  if (asked == asked_.end()) asked_.push_back(needs);
  return {candidate.model, candidate.route, index};
}

std::span<const Machine> Workbench::machines_for(Route route) const {
  const std::span<const Machine> all(machines_);
  const bool here = route == Route::this_machine;
  return here ? all.first(std::min<std::size_t>(1, all.size()))
              : all.subspan(std::min<std::size_t>(1, all.size()));
}

FitNeeds Workbench::asked(const JobNeeds& needs, bool fixes, bool told) const {
  FitNeeds asked = fit_needs(needs, runtime_);
  asked.fixes = fixes;
  asked.told = told;
  return asked;
}

std::optional<Across> Workbench::together(const Candidate& candidate, const JobNeeds& needs) const {
  if (candidate.route == Route::this_machine || machines_.size() < 3) return std::nullopt;
  auto across = choose_across(fitter_.catalog().models[candidate.model], fitter_.catalog(),
                              machines_for(candidate.route), fit_needs(needs, runtime_));
  if (Across* found = std::get_if<Across>(&across)) return std::move(*found);
  return std::nullopt;
}

Landing Workbench::tried(const Candidate& candidate, const JobNeeds& needs, bool fixes, bool whole) {
  Landing landing;
  if (candidate.route == Route::cloud) {
    landing.fits = true;
    return landing;
  }
  const FitNeeds asked = this->asked(needs, fixes, whole);
  const auto machines = machines_for(candidate.route);
  for (const Machine& machine : machines) {
    if (!whole && fitter_.surely_fits(candidate.model, machine, asked)) {
      landing.fits = true;
      return landing;
    }
    auto result = fitter_.choose(candidate.model, machine, asked);
    if (Fit* fit = std::get_if<Fit>(&result)) {
      landing.fits = true;
      landing.fit = std::make_unique<Fit>(std::move(*fit));
      landing.machine = static_cast<std::uint32_t>(&machine - machines_.data());
      return landing;
    }
    // Of several servers the roomiest says what is lacking.
    const Misfit& misfit = std::get<Misfit>(result);
    if (&machine == &machines.front() || misfit.has_bytes > landing.misfit.has_bytes) landing.misfit = misfit;
  }
  if (auto across = together(candidate, needs)) {
    landing.fits = true;
    landing.fit = std::make_unique<Fit>(across->fit);
    landing.machine = across->machines.front() + 1;
    landing.across = std::make_unique<Across>(std::move(*across));
  }
  return landing;
}

const Landing& Workbench::land(const Candidate& candidate, const JobNeeds& needs, Tell tell) {
  const bool whole = tell == Tell::all;
  const auto [found, fresh] = landed_.try_emplace(key(candidate, needs));
  Landing& landing = found->second;
  const bool told = !landing.fits || !whole || (landing.fit && landing.fit->placement.longest_context > 0);
  if (!fresh && told) return landing;
  landing = tried(candidate, needs, fixed_ < kFixed && searched_ < kSearched, whole);
  if (!landing.fits && landing.misfit.best_build) {
    ++searched_;
    if (!landing.misfit.smallest_fixes.empty()) ++fixed_;
  }
  return landing;
}

bool Workbench::fits(const Candidate& candidate, const JobNeeds& needs) {
  const Key key = this->key(candidate, needs);
  if (const auto landed = landed_.find(key); landed != landed_.end()) return landed->second.fits;
  const auto [found, fresh] = fits_.try_emplace(key);
  if (!fresh) return found->second;
  const FitNeeds asked = this->asked(needs, false, false);
  const auto machines = machines_for(candidate.route);
  const auto holds = [&](const Machine& machine) { return fitter_.fits(candidate.model, machine, asked); };
  found->second = candidate.route == Route::cloud || std::any_of(machines.begin(), machines.end(), holds) ||
                  together(candidate, needs).has_value();
  return found->second;
}

WalkInput walk_input(const AdviceInput& input, const Answers& answers, bool order_only) {
  return {input.catalog, input.ratings, answers, input.extra_rules, input.machines.size() > 1, order_only};
}

const Walk& Walks::of(const AdviceInput& input, const Answers& answers, bool order_only) {
  const bool servers = input.machines.size() > 1;
  const auto found = std::find_if(known_.begin(), known_.end(), [&](const Known& known) {
    return known.own_servers == servers && (order_only || !known.order_only) && known.answers == answers;
  });
  if (found != known_.end()) return *found->walk;
  known_.push_back(
      {answers, servers, order_only, std::make_unique<Walk>(walk(walk_input(input, answers, order_only)))});
  return *known_.back().walk;
}

std::optional<std::uint32_t> first_fitting(const Walk& walked, const JobNeeds& needs, Workbench& bench) {
  for (const Standing& standing : walked.ranked) {
    if (bench.fits(standing.candidate, needs)) return standing.candidate.model;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> first_pick(const AdviceInput& input, const Answers& answers, Workbench& bench) {
  const JobNeeds needs = job_needs(input.catalog, answers);
  if (input.shared != nullptr)
    return first_fitting(input.shared->walks.of(input, answers, true), needs, bench);
  WalkInput asked = walk_input(input, answers, true);
  asked.memo = bench.walked();
  return first_fitting(walk(asked), needs, bench);
}

}  // namespace jobfit
