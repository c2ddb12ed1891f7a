// From a walk and the machines to picks: the shared part of advice and of what-ifs.
#pragma once

#include "jobfit/advice.hpp"

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <tuple>
#include <utility>
#include <variant>

namespace jobfit {

/// What a candidate came to at the machine: a build on one of the machines, a cloud road, or why not. There are
/// hundreds, and most are never told.
struct Landing {
  bool fits = false;
  std::unique_ptr<Fit> fit;            ///< none on a cloud road, nor where nobody asked for it
  std::uint32_t machine = 0;
  std::unique_ptr<Across> across;      ///< several servers together, where no single one holds it
  Misfit misfit;                       ///< when it does not fit
};

/// Remembers what was tried: what-ifs about the answers ask for the same builds again and again.
class Workbench {
 public:
  /// Holds on to `fitter`, `machines` and `walked`: what the walk of the answers as given left to those with
  /// others.
  Workbench(Fitter& fitter, const std::vector<Machine>& machines, std::string runtime,
            WalkMemo* walked = nullptr)
      : fitter_(fitter), machines_(machines), runtime_(std::move(runtime)), walked_(walked) {}
  /// How much is told: what would help where it does not fit; also, where it does, the build with all that is
  /// said of it.
  enum class Tell { misfit, all };
  const Landing& land(const Candidate& candidate, const JobNeeds& needs, Tell tell);
  /// Only whether it fits.
  bool fits(const Candidate& candidate, const JobNeeds& needs);
  WalkMemo* walked() const { return walked_; }

 private:
  /// Model, route and what was asked for.
  using Key = std::tuple<std::uint32_t, Route, std::size_t>;
  Key key(const Candidate& candidate, const JobNeeds& needs);
  Landing tried(const Candidate& candidate, const JobNeeds& needs, bool fixes, bool whole);
  /// Those that a route leads to.
  std::span<const Machine> machines_for(Route route) const;
  FitNeeds asked(const JobNeeds& needs, bool fixes, bool told) const;
  /// On several servers, where none of them holds it alone.
  std::optional<Across> together(const Candidate& candidate, const JobNeeds& needs) const;
  Fitter& fitter_;
  const std::vector<Machine>& machines_;
  std::string runtime_;
  WalkMemo* walked_;
  std::vector<JobNeeds> asked_;
  std::map<Key, Landing> landed_;
  std::map<Key, bool> fits_;      ///< of which nothing else was asked
  int searched_ = 0, fixed_ = 0;  ///< models that do not fit: for which a fix was sought, and found
};

/// The first model of the walk that lands; nullopt: none does.
std::optional<std::uint32_t> first_fitting(const Walk& walked, const JobNeeds& needs, Workbench& bench);
/// The same, of the walk with these answers.
std::optional<std::uint32_t> first_pick(const AdviceInput& input, const Answers& answers, Workbench& bench);

WalkInput walk_input(const AdviceInput& input, const Answers& answers, bool order_only = false);

}  // namespace jobfit
