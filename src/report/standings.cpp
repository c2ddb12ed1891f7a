#include "report/standings.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// Bigger is further: pick, too big, ranked, then the gate that dropped it.
int distance(const Road& road) {
  if (road.pick != nullptr) return 1000 - static_cast<int>(std::min<std::uint32_t>(road.pick->rank, 500));
  if (road.too_big != nullptr) return 400;
  if (road.drop != nullptr) return static_cast<int>(road.dropped_at);
  return 300;
}

Road& road_for(std::vector<Road>& roads, const Candidate& candidate) {
  for (Road& road : roads) {
    if (road.candidate == candidate) return road;
  }
  roads.emplace_back().candidate = candidate;
  return roads.back();
}

void note_drops(const GateResult& gate, std::uint32_t model, std::vector<Road>& roads) {
  for (const Drop& drop : gate.dropped) {
    if (drop.candidate.model != model) continue;
    Road& road = road_for(roads, drop.candidate);
    road.drop = &drop;
    road.dropped_at = gate.gate;
  }
}

}  // namespace

std::vector<Road> roads_of(const Advice& advice, std::uint32_t model) {
  std::vector<Road> roads;
  for (const GateResult& gate : advice.walk.gates) note_drops(gate, model, roads);
  for (const Standing& standing : advice.walk.ranked) {
    if (standing.candidate.model == model) road_for(roads, standing.candidate).standing = &standing;
  }
  note_drops(advice.machine_gate, model, roads);
  for (const Pick& pick : advice.picks) {
    if (pick.standing.candidate.model == model) road_for(roads, pick.standing.candidate).pick = &pick;
  }
  for (const TooBig& big : advice.too_big) {
    if (big.standing.candidate.model == model) road_for(roads, big.standing.candidate).too_big = &big;
  }
  std::stable_sort(roads.begin(), roads.end(),
                   [](const Road& a, const Road& b) { return distance(a) > distance(b); });
  return roads;
}

const Pick* first_pick(const Advice& advice) {
  return advice.picks.empty() ? nullptr : &advice.picks.front();
}

}  // namespace jobfit
