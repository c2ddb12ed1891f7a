// The machine's question: which build of the model that was chosen. Quality first, the least squeezed that
// fits with the context and the speed asked for, where more than four bits must also answer at ease; among
// the placements of one build the fastest.
#include "fit/choose.hpp"

#include "fit/squeeze.hpp"

#include <algorithm>
#include <cmath>

namespace jobfit {
namespace {

/// Bits per weight of the usual squeeze. Whoever runs a model every day takes this before a slow one, and
/// more bits only where they still answer at ease.
constexpr double kUsualBits = 5.1;

}  // namespace

bool above_floor(const BuildCandidate& candidate) { return candidate.loss <= kQualityFloor; }

const std::vector<BuildCandidate>& Candidates::makeable() const {
  if (!made_) made_ = make_();
  return *made_;
}

std::vector<const BuildCandidate*> Candidates::all() const {
  std::vector<const BuildCandidate*> list;
  for (const auto& candidate : published) list.push_back(&candidate);
  for (const auto& candidate : makeable()) list.push_back(&candidate);
  return list;
}

double usual_bits_of(const std::vector<BuildCandidate>& builds) {
  double fewest = 0;
  for (const auto& build : builds)
    if (above_floor(build) && (fewest == 0 || build.bits < fewest)) fewest = build.bits;
  return std::max(kUsualBits, fewest);
}

const BuildCandidate* smallest_good(const Candidates& candidates) {
  const BuildCandidate* best = nullptr;
  for (const auto* candidate : candidates.all())
    if (above_floor(*candidate) && (!best || candidate->build.file_bytes < best->build.file_bytes))
      best = candidate;
  return best;
}

Candidates candidates_of(const Model& model, ModelMemory& memory, const Catalog& catalog,
                         const FitNeeds& needs, const std::vector<BuildCandidate>& published) {
  Build six;
  six.quantization = "Q6_K";
  return {published, quality_loss(model, six, catalog, needs),
          [&] { return makeable_builds(model, memory, catalog, needs, published); }};
}

namespace {

/// A part in RAM slows the reading of the prompt too, which the decode speed does not show.
constexpr double kApart = 2;

struct Option {
  double rank;
  const BuildCandidate* candidate;
  const char* cache;
  Pace pace;
};

/// Rating points that the usual squeeze costs a model of some size. A small one loses more by it, and as much
/// less ease is enough for it to be spared.
constexpr double kUsualLoss = 1.5;

/// What each build must reach does not depend on the machine, so a better machine only ever adds to what may
/// be taken.
Pace pace_of(const BuildCandidate& candidate, double usual_bits, double usual_loss, const FitNeeds& needs) {
  if (candidate.bits <= usual_bits) return bearable(needs);
  const double comfort = needs.comfort * std::min(1.0, kUsualLoss / std::max(usual_loss, kUsualLoss));
  return {std::max(needs.min_speed, comfort), std::max(needs.min_speed, kApart * comfort)};
}

/// The least that builds of no more than the usual bits lose.
double usual_loss_of(const std::vector<BuildCandidate>& builds, double usual_bits) {
  double least = kQualityFloor;
  for (const auto& build : builds)
    if (build.bits <= usual_bits) least = std::min(least, build.loss);
  return least;
}

/// What may be tried, least squeezed first. A build with a squeezed cache ranks by the sum of both losses.
std::vector<Option> options_of(const Model& model, const std::vector<BuildCandidate>& builds,
                               const FitNeeds& needs) {
  std::vector<Option> options;
  const double loss = cache_loss(model, needs);
  const bool may_squeeze_cache = cache_tolerance(model) == CacheTolerance::measured;
  const double usual_bits = usual_bits_of(builds), usual_loss = usual_loss_of(builds, usual_bits);
  for (const auto& build : builds) {
    if (!above_floor(build)) continue;
    const auto pace = pace_of(build, usual_bits, usual_loss, needs);
    options.push_back({build.rank, &build, "f16", pace});
    if (may_squeeze_cache && build.build.format == "gguf" && build.loss + loss <= kQualityFloor)
      options.push_back({build.rank + loss, &build, "q8_0", pace});
  }
  std::stable_sort(options.begin(), options.end(),
                   [](const Option& a, const Option& b) { return a.rank < b.rank; });
  return options;
}

bool whole(const Fit& fit) {
  return fit.placement.kind == Placement::Kind::gpu || fit.placement.kind == Placement::Kind::unified;
}

/// Six bits and up are free: of those that lie whole on a GPU the least squeezed, and where none does, the
/// fastest, which keeps the largest part there. More memory can then only make the build better.
bool better_when_free(const Fit& fit, double rank, const Fit& best, double best_rank) {
  if (whole(fit) != whole(best)) return whole(fit);
  if (whole(fit) && rank != best_rank) return rank < best_rank;
  return fit.speed.decode.mid > best.speed.decode.mid;
}

/// What was passed over for its pace: said, for those who would rather wait.
class PassedOver {
 public:
  void note(const Option& option, const Tried& tried, const FitNeeds& needs) {
    if (found_ || tried.fit) return;
    if (tried.skipped) return skipped_.push_back(option);
    if (tried.fastest <= 0 || tried.fastest < needs.min_speed) return;
    found_ = {option, tried.fastest};
  }

  /// `again` tries a build whose speed nobody needed to know until now.
  template <typename Again>
  std::optional<Sentence> caution(const FitNeeds& needs, Again again) const {
    for (const Option& option : skipped_) {
      const Tried tried = again(option);
      if (tried.fastest > 0 && tried.fastest >= needs.min_speed) return said(option, tried.fastest);
    }
    return found_ ? std::optional(said(found_->option, found_->speed)) : std::nullopt;
  }

 private:
  struct Found {
    Option option;
    double speed;
  };
  static Sentence said(const Option& option, double speed) {
    return {"fit.caution.roomier",
            {{"quantization", option.candidate->build.quantization},
             {"speed", rounded(std::floor(speed * 10) / 10)}}};
  }
  std::vector<Option> skipped_;  // before what was found
  std::optional<Found> found_;
};

/// A speed that nobody knows is not known to be enough either. Such a build is taken only where none that is
/// known to be fast enough fits, and then one of the usual squeeze: more bits have to answer at ease.
class Unsure {
 public:
  /// Whether `fit` is kept here for now. `usual`: squeezed as usual, or harder.
  bool keep(const BuildCandidate& candidate, bool usual, Fit& fit, const FitNeeds& needs) {
    if (fit.speed.decode.mid > 0 || needs.min_speed <= 0) return false;
    if (!fit_ || (usual && !usual_)) {
      fit_ = std::move(fit);
      candidate_ = &candidate;
      usual_ = usual;
    }
    return true;
  }
  std::optional<Fit>& fit() { return fit_; }
  const BuildCandidate* candidate() const { return candidate_; }

 private:
  std::optional<Fit> fit_;
  const BuildCandidate* candidate_ = nullptr;
  bool usual_ = false;
};

std::optional<Fit> choose_from(const Model& model, ModelMemory& memory,
                               const std::vector<BuildCandidate>& builds, const Hardware& hardware,
                               const FitNeeds& needs, double free_loss, Unsure& unsure) {
  std::optional<Fit> best;
  const BuildCandidate* taken = nullptr;
  double best_rank = 0;
  PassedOver passed;
  const double usual_bits = usual_bits_of(builds);
  const auto try_option = [&](const Option& option, double worth) {
    return try_build(model, memory, *option.candidate, hardware, needs, option.cache, option.pace, worth);
  };
  for (const auto& option : options_of(model, builds, needs)) {
    const bool free = option.rank <= free_loss;
    if (best && !free && option.rank > best_rank) break;
    auto tried = try_option(option, option.pace.apart);
    passed.note(option, tried, needs);
    if (!tried.fit || unsure.keep(*option.candidate, option.candidate->bits <= usual_bits, *tried.fit, needs))
      continue;
    const bool better = !best || (free ? better_when_free(*tried.fit, option.rank, *best, best_rank)
                                       : tried.fit->speed.decode.mid > best->speed.decode.mid);
    if (!better) continue;
    best = std::move(tried.fit);
    best_rank = option.rank;
    taken = option.candidate;
  }
  if (!best || !needs.told) return best;
  if (best_rank > free_loss) {
    const auto caution = passed.caution(needs, [&](const Option& option) { return try_option(option, 0); });
    if (caution) best->cautions.push_back(*caution);
  }
  fill_longest_context(model, memory, *taken, hardware, needs, *best);
  return best;
}

}  // namespace

std::optional<Fit> choose_among(const Model& model, ModelMemory& memory, const Candidates& candidates,
                                const Hardware& hardware, const FitNeeds& needs) {
  Unsure unsure;
  const auto from = [&](const std::vector<BuildCandidate>& builds) {
    return choose_from(model, memory, builds, hardware, needs, candidates.free_loss, unsure);
  };
  if (auto fit = from(candidates.published)) return fit;
  if (auto fit = from(candidates.makeable())) return fit;
  std::optional<Fit>& fit = unsure.fit();
  if (fit && needs.told) fill_longest_context(model, memory, *unsure.candidate(), hardware, needs, *fit);
  return std::move(fit);
}

}  // namespace jobfit
