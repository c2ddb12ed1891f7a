#include "rules/score.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <unordered_map>

namespace jobfit {
namespace {

/// Errors of one model's ratings are half shared: they rest on the same guess of its general ability.
constexpr double kSharedError = 0.5;
/// Two totals count as a tie while the better one is not likelier than two to one to be truly better:
/// 0.44 standard errors of the difference. 80 % bars reach 1.28 standard errors.
constexpr double kTieErrors = 0.44 / 1.2816;
/// Cautious ends within this many points are equal, and the next thing that matters decides.
constexpr double kEqual = 1.0;

}  // namespace

Scorer::Scorer(Facts& facts, const std::vector<WeightSource>& weights) : facts_(facts) {
  constexpr std::string_view kLanguage = "language:";
  for (const WeightSource& source : weights) {
    const std::string_view capability = source.weight.capability;
    const std::string_view language =
        capability.starts_with(kLanguage) ? capability.substr(kLanguage.size()) : "";
    weighed_.push_back({&source, language, facts.input().ratings.column(capability)});
  }
}

const Rating& Scorer::rating(const Weighed& weighed, std::size_t model) const {
  static const Rating kNone;
  if (!weighed.language.empty()) return facts_.standing(weighed.language, model).rating;
  const Ratings& ratings = facts_.input().ratings;
  return weighed.column && model < ratings.models() ? ratings.at(model, *weighed.column) : kNone;
}

JobScore Scorer::score(std::size_t model) const {
  JobScore score;
  double sum = 0, below = 0, above = 0, below_squares = 0, above_squares = 0, total_weight = 0;
  if (!facts_.input().order_only) score.parts.reserve(weighed_.size());
  for (const Weighed& weighed : weighed_) {
    const WeightSource& source = *weighed.source;
    const Rating& rating = this->rating(weighed, model);
    const double weight = source.weight.weight;
    if (!facts_.input().order_only) {
      score.parts.push_back({source.weight.capability, weight, rating.value, rating.low, rating.high,
                             rating.basis, rating.scores, source.because});
    }
    total_weight += weight;
    if (rating.basis == Basis::measured) score.measured += weight;
    sum += weight * rating.value;
    const double down = weight * (rating.value - rating.low), up = weight * (rating.high - rating.value);
    below += down, above += up;
    below_squares += down * down, above_squares += up * up;
  }
  if (total_weight <= 0) return score;
  const auto combined = [&](double linear, double squares) {
    return std::sqrt(kSharedError * linear * linear + (1 - kSharedError) * squares) / total_weight;
  };
  score.total = sum / total_weight;
  score.low = score.total - combined(below, below_squares);
  score.high = score.total + combined(above, above_squares);
  score.measured /= total_weight;
  return score;
}

bool within_noise(const JobScore& a, const JobScore& b) {
  const double error = std::hypot(a.total - a.low, b.total - b.low);
  return std::abs(a.total - b.total) < kTieErrors * error;
}

void rank(const WalkInput& input, std::vector<Standing>& standings) {
  const auto& models = input.catalog.models;
  // By the cautious end, so that silence never wins; then: not superseded, the better measured, the better
  // likeliest value, the newer, the smaller, and at last the name.
  const auto key = [&](const Standing& standing) {
    const Model& model = models[standing.candidate.model];
    return std::make_tuple(-std::floor(standing.score.low / kEqual), !model.superseded_by.empty(),
                           -std::floor(4 * standing.score.measured), -standing.score.total,
                           -days_since_epoch(model.released), model.parameters, std::string_view(model.id),
                           standing.candidate.route, standing.candidate.hosting);
  };
  std::vector<std::pair<decltype(key(standings.front())), std::size_t>> order;
  order.reserve(standings.size());
  for (std::size_t i = 0; i < standings.size(); ++i) order.emplace_back(key(standings[i]), i);
  std::sort(order.begin(), order.end());
  std::vector<Standing> sorted;
  sorted.reserve(standings.size());
  for (const auto& [unused, at] : order) sorted.push_back(std::move(standings[at]));
  standings = std::move(sorted);
  // A superseded model stands below its successor unless it was shown to be better than it.
  constexpr auto kNowhere = static_cast<std::size_t>(-1);
  std::vector<std::size_t> last(models.size(), kNowhere);  // of a model's roads
  const auto last_of = [&](std::size_t at) -> std::size_t& { return last[standings[at].candidate.model]; };
  std::unordered_map<std::string_view, std::size_t> successors;  // that are told of; their models
  for (std::size_t i = 0; i < standings.size(); ++i) {
    last_of(i) = i;
    const std::string& by = models[standings[i].candidate.model].superseded_by;
    if (!by.empty()) successors.try_emplace(by, kNowhere);
  }
  if (!successors.empty()) {
    for (const Standing& standing : standings) {
      const auto told = successors.find(models[standing.candidate.model].id);
      if (told != successors.end()) told->second = standing.candidate.model;
    }
  }
  for (std::size_t i = 0; i < standings.size(); ++i) {
    const std::string& by = models[standings[i].candidate.model].superseded_by;
    if (by.empty()) continue;
    const std::size_t successor = successors.at(by);
    if (successor == kNowhere || last[successor] <= i) continue;
    const std::size_t j = last[successor];
    const JobScore &score = standings[i].score, &other = standings[j].score;
    if (score.low > other.total || !within_noise(score, other)) continue;
    const auto at = [&](std::size_t k) { return standings.begin() + static_cast<std::ptrdiff_t>(k); };
    std::rotate(at(i), at(i) + 1, at(j) + 1);
    for (std::size_t k = i; k <= j; ++k)
      if (last_of(k) <= j) last_of(k) = k;
    --i;
  }
  for (std::size_t i = 0; i < standings.size(); ++i) {
    standings[i].rank = static_cast<std::uint32_t>(i + 1);
    standings[i].close_call = i > 0 && within_noise(standings[i - 1].score, standings[i].score);
  }
}

}  // namespace jobfit
