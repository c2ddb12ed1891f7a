// The method, short enough to read aloud: four questions rank the models; the machine
// then says of each, in that order, which build of it runs here, and never reorders them.
#include "advise/conflict.hpp"
#include "advise/contrast.hpp"
#include "advise/flips.hpp"
#include "advise/pick.hpp"
#include "advise/reasons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

namespace jobfit {
namespace {

constexpr const char* kMisfitRules[] = {"machine.memory", "machine.speed", "machine.context", "machine.shape"};

/// Whether the pick that comes next is told in full, or only counted.
bool told_whole(const AdviceInput& input, const Advice& advice, std::uint32_t model) {
  return input.top == 0 || advice.picks.size() < input.top ||
         std::find(input.also.begin(), input.also.end(), model) != input.also.end();
}

Pick make_pick(const AdviceInput& input, const Advice& advice, const Standing& standing, const Landing& landing,
               bool whole) {
  Pick pick;
  pick.rank = static_cast<std::uint32_t>(advice.picks.size() + 1);
  pick.standing = standing;
  pick.standing.close_call = !advice.picks.empty() && within_noise(advice.picks.back().standing.score, standing.score);
  if (landing.fit) pick.fit = *landing.fit;
  pick.machine = landing.machine;
  if (!whole) return pick;
  pick.confidence = confidence_in(pick);
  const Model& model = input.catalog.models[standing.candidate.model];
  if (pick.fit) {
    const auto& jobs = input.answers.jobs;
    const bool tools = std::find(jobs.begin(), jobs.end(), "agent") != jobs.end();
    if (landing.across) {
      const std::span<const Machine> servers(advice.machines.data() + 1, advice.machines.size() - 1);
      pick.run = run_commands_across(model, *landing.across, servers, tools, advice.needs.thinking_off);
      for (const std::uint32_t server : landing.across->machines) pick.machines.push_back(server + 1);
    } else {
      pick.run = run_commands(model, *pick.fit, advice.machines[pick.machine], tools,
                              advice.needs.thinking_off, input.catalog.worked_out);
    }
  } else {
    const Hosting& hosting = model.hosting[standing.candidate.hosting];
    pick.run.api = fmt::format("{}: model {}", hosting.provider, hosting.api_id.empty() ? model.id : hosting.api_id);
  }
  explain_pick(input, pick);
  return pick;
}

/// The fifth gate: every candidate, in the order that the job gave.
void ask_the_machine(const AdviceInput& input, Workbench& bench, Advice& advice) {
  GateResult& gate = advice.machine_gate;
  gate.gate = Gate::machine;
  gate.entered = static_cast<std::uint32_t>(advice.walk.ranked.size());
  advice.picks.reserve(advice.walk.ranked.size());
  std::set<std::uint32_t> listed;
  std::vector<const Standing*> dropped;
  for (const Standing& standing : advice.walk.ranked) {
    const bool whole = told_whole(input, advice, standing.candidate.model);
    const Landing& landing =
        bench.land(standing.candidate, advice.needs, whole ? Workbench::Tell::all : Workbench::Tell::misfit);
    if (landing.fits) {
      ++gate.left;
      if (listed.insert(standing.candidate.model).second) {
        advice.picks.push_back(make_pick(input, advice, standing, landing, whole));
      }
      continue;
    }
    const char* rule = kMisfitRules[static_cast<int>(landing.misfit.because)];
    gate.dropped.push_back({standing.candidate, {{rule, landing.misfit.what, {}, {}}}});
    dropped.push_back(&standing);
  }
  for (const Standing* standing : dropped) {
    const Candidate& candidate = standing->candidate;
    if (!listed.insert(candidate.model).second) continue;  // fits elsewhere, or is listed already
    advice.too_big.push_back(
        {*standing, bench.land(candidate, advice.needs, Workbench::Tell::misfit).misfit});
  }
}

/// Open weights at least as good for the job as the pick, as far as the error bars can tell: their cloud road is
/// closed, and here they are too big.
void note_out_of_reach(const AdviceInput& input, Advice& advice) {
  constexpr int kNamed = 4;
  std::unordered_set<std::uint32_t> cloud_closed;
  for (const Drop& drop : advice.walk.gates[2].dropped)
    if (drop.candidate.route == Route::cloud) cloud_closed.insert(drop.candidate.model);
  int count = 0;
  std::string names;
  for (const TooBig& big : advice.too_big) {
    const std::uint32_t model = big.standing.candidate.model;
    const bool as_good = advice.picks.empty() || big.standing.rank < advice.picks.front().standing.rank ||
                         within_noise(big.standing.score, advice.picks.front().standing.score);
    if (!as_good || big.misfit.because != Misfit::Because::memory || !cloud_closed.contains(model)) continue;
    if (++count <= kNamed) names += (names.empty() ? "" : ", ") + input.catalog.models[model].name;
  }
  if (count > kNamed) {
    advice.notes.push_back({"advise.note.out_of_reach_more", {{"models", names}}});
  } else if (count > 0) {
    advice.notes.push_back({"advise.note.out_of_reach", {{"models", names}}});
  }
}

void note_servers(const AdviceInput& input, Advice& advice) {
  const bool allowed = input.answers.egress != "never";
  if (allowed && input.answers.egress == "own-servers" && input.machines.size() < 2) {
    advice.notes.push_back({"advise.note.no_servers", {}});
  }
  if (!allowed && input.machines.size() > 1) advice.notes.push_back({"advise.note.servers_closed", {}});
}

}  // namespace

Advice advise(const AdviceInput& input) {
  Advice advice;
  advice.answers = input.answers;
  advice.needs = job_needs(input.catalog, input.answers);
  advice.machines = input.machines;
  WalkMemo walked;
  if (input.shared != nullptr) {
    advice.walk = input.shared->walks.of(input, input.answers, false);
  } else {
    WalkInput asked = walk_input(input, input.answers);
    asked.memo = &walked;
    advice.walk = walk(asked);
  }

  std::optional<Fitter> own;
  Fitter& fitter = input.shared != nullptr ? input.shared->fitter : own.emplace(input.catalog);
  Workbench bench(fitter, input.machines, input.runtime, &walked);
  ask_the_machine(input, bench, advice);
  advice.contrast = contrast(input, advice, fitter);
  if (input.with_flips) {
    advice.flips = flips(input, advice, bench, fitter);
    advice.robustness = robustness(advice);
  }
  if (advice.picks.empty() && input.with_flips) advice.conflict = find_conflict(input, advice, fitter);
  if (!input.machines.empty()) {
    const auto& notes = input.machines.front().notes;
    advice.notes.insert(advice.notes.end(), notes.begin(), notes.end());
  }
  note_out_of_reach(input, advice);
  note_servers(input, advice);
  return advice;
}

}  // namespace jobfit
