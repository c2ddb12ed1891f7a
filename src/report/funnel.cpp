#include "report/funnel.hpp"

#include <algorithm>
#include <set>

namespace jobfit {
namespace {

using Models = std::set<std::uint32_t>;

std::vector<DropGroup> group(const GateResult& gate, const Models& left, const Catalog& catalog) {
  std::vector<DropGroup> groups;
  for (const Drop& drop : gate.dropped) {
    if (drop.reasons.empty()) continue;
    const Reason& reason = drop.reasons.front();
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const DropGroup& one) { return one.key == reason.because.key; });
    if (found == groups.end()) found = groups.insert(found, {reason.because.key, reason, {}, 0});
    auto& models = found->models;
    if (std::find(models.begin(), models.end(), drop.candidate.model) != models.end()) continue;
    models.push_back(drop.candidate.model);
    if (left.contains(drop.candidate.model)) ++found->kept;
  }
  for (DropGroup& one : groups) {
    std::stable_sort(one.models.begin(), one.models.end(), [&](std::uint32_t a, std::uint32_t b) {
      return catalog.models[b].released < catalog.models[a].released;
    });
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const DropGroup& a, const DropGroup& b) { return a.models.size() > b.models.size(); });
  return groups;
}

}  // namespace

Funnel funnel(const Advice& advice, const Catalog& catalog) {
  std::vector<const GateResult*> gates;
  for (const GateResult& gate : advice.walk.gates) gates.push_back(&gate);
  gates.push_back(&advice.machine_gate);

  // Backwards: what left the last gate is what it did not drop of the ranked.
  Models alive;
  const auto& out = advice.machine_gate.dropped;
  for (const Standing& standing : advice.walk.ranked) {
    const bool dropped = std::any_of(out.begin(), out.end(),
                                     [&](const Drop& drop) { return drop.candidate == standing.candidate; });
    if (!dropped) alive.insert(standing.candidate.model);
  }
  Funnel result;
  for (std::size_t i = gates.size(); i-- > 0;) {
    FunnelStep step;
    step.gate = gates[i]->gate;
    step.left = static_cast<std::uint32_t>(alive.size());
    step.groups = group(*gates[i], alive, catalog);
    for (const Drop& drop : gates[i]->dropped) alive.insert(drop.candidate.model);
    step.entered = static_cast<std::uint32_t>(alive.size());
    result.steps.insert(result.steps.begin(), std::move(step));
  }
  result.models = static_cast<std::uint32_t>(alive.size());
  return result;
}

}  // namespace jobfit
