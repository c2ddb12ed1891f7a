#include "advise/flips.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace jobfit {
namespace {

struct Search {
  const AdviceInput& input;
  const Advice& advice;
  Workbench& bench;
  Fitter& fitter;
  std::optional<std::uint32_t> now;
  std::vector<Flip> found;

  /// Walks with other answers; notes the flip when another model comes first.
  void try_answers(const Answers& answers, Flip flip) {
    const auto pick = first_pick(input, answers, bench);
    if (!pick || pick == now) return;
    flip.model = *pick;
    found.push_back(std::move(flip));
  }
};

void try_failures(Search& search) {
  const Answers& answers = search.input.answers;
  const auto changed = [&](std::vector<std::string> tolerates) {
    std::sort(tolerates.begin(), tolerates.end());
    Answers other = answers;
    other.tolerates = tolerates;
    other.tolerates_given = true;
    search.try_answers(other, {Flip::Kind::tolerate, std::move(tolerates), 0, 0});
  };
  for (const std::string& failure : search.advice.walk.minded) {
    std::vector<std::string> more = answers.tolerates;
    more.push_back(failure);
    changed(std::move(more));
  }
  for (std::size_t i = 0; i < answers.tolerates.size(); ++i) {
    std::vector<std::string> fewer = answers.tolerates;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    changed(std::move(fewer));
  }
}

void try_egress(Search& search) {
  // Neighbouring levels first: the nearer change.
  const std::vector<std::string> levels = search.input.catalog.questions.ids(Gate::egress);
  const auto at = std::find(levels.begin(), levels.end(), search.input.answers.egress) - levels.begin();
  const auto count = static_cast<std::ptrdiff_t>(levels.size());
  for (std::ptrdiff_t step = 1; step < count; ++step) {
    for (const std::ptrdiff_t level : {at - step, at + step}) {
      if (level < 0 || level >= count) continue;
      Answers other = search.input.answers;
      other.egress = levels[static_cast<std::size_t>(level)];
      search.try_answers(other, {Flip::Kind::egress, {other.egress}, 0, 0});
    }
  }
}

void try_context(Search& search) {
  const std::int64_t now = search.advice.needs.context;
  for (const std::int64_t context : {now * 2, now / 2, now * 4, now / 4, now * 8}) {
    if (context < 2048 || context > 1'048'576) continue;
    Answers other = search.input.answers;
    other.needs.context = context;
    search.try_answers(other, {Flip::Kind::context, {}, context, 0});
  }
}

/// Tries the least memory at which a better-ranked model would fit: its own fix says how much.
void try_memory(Search& search, const std::string& kind) {
  Bytes least = 0;
  const std::uint32_t first = search.advice.picks.empty() ? UINT32_MAX : search.advice.picks.front().standing.rank;
  for (const TooBig& big : search.advice.too_big) {
    if (big.standing.rank > first || big.standing.candidate.route != Route::this_machine) continue;
    for (const Fix& fix : big.misfit.smallest_fixes) {
      if (fix.kind == kind && (least == 0 || fix.bytes < least)) least = fix.bytes;
    }
  }
  if (least == 0) return;
  AdviceInput other = search.input;
  Machine& machine = other.machines.front();
  machine = kind == "ram" ? with_ram(machine, least) : with_gpu(machine, least);
  Workbench bench(search.fitter, other.machines, other.runtime);
  const auto pick =
      first_fitting(search.advice.walk, search.advice.needs, bench);  // the machine changes no walk
  if (!pick || pick == search.now) return;
  search.found.push_back({kind == "ram" ? Flip::Kind::ram : Flip::Kind::gpu, {}, least, *pick});
}

/// Uniform in (0, 1), from a counter: the same draws on every machine and every day.
double uniform(std::uint64_t counter) {
  std::uint64_t z = (counter + 1) * 0x9E3779B97F4A7C15ULL;  // SplitMix64 (Steele, Lea, Flood 2014)
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  z ^= z >> 31;
  return (static_cast<double>(z >> 11) + 0.5) * 0x1.0p-53;
}

double normal(std::uint64_t counter) {
  return std::sqrt(-2 * std::log(uniform(2 * counter))) *
         std::cos(2 * std::numbers::pi * uniform(2 * counter + 1));
}

}  // namespace

std::vector<Flip> flips(const AdviceInput& input, const Advice& advice, Workbench& bench, Fitter& fitter) {
  Search search{input, advice, bench, fitter, std::nullopt, {}};
  if (!advice.picks.empty()) search.now = advice.picks.front().standing.candidate.model;
  try_failures(search);
  try_egress(search);
  try_context(search);
  try_memory(search, "gpu");
  try_memory(search, "ram");
  return search.found;
}

double robustness(const Advice& advice) {
  constexpr std::uint64_t kDraws = 500;
  // Models far behind never come first; twelve are enough to tell.
  const std::size_t rivals = std::min<std::size_t>(advice.picks.size(), 12);
  if (rivals == 0) return 0;
  std::uint64_t stays = 0;
  for (std::uint64_t draw = 0; draw < kDraws; ++draw) {
    std::size_t first = 0;
    double best = -1e9;
    for (std::size_t i = 0; i < rivals; ++i) {
      const JobScore& score = advice.picks[i].standing.score;
      const double z = normal(draw * rivals + i);
      const double value = score.total + z / 1.2816 * (z < 0 ? score.total - score.low : score.high - score.total);
      if (value > best) best = value, first = i;
    }
    if (first == 0) ++stays;
  }
  return static_cast<double>(stays) / static_cast<double>(kDraws);
}

}  // namespace jobfit
