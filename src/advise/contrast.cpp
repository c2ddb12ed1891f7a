#include "advise/contrast.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// A table too short to be the one people open.
constexpr std::size_t kLeastRows = 12;

/// The table that people open first: the third-party one for code that ranks the most models, the newest of equals.
const EvidenceTable* headline(const Catalog& catalog) {
  std::vector<std::size_t> rows(catalog.tables.size(), 0);
  for (const Score& score : catalog.scores) ++rows[score.table];
  const auto measures_code = [](const Measure& measure) { return measure.capability == "code" && measure.weight >= 0.8; };
  const EvidenceTable* best = nullptr;
  auto best_key = std::make_tuple(std::size_t{0}, Date{}, std::string_view{});
  for (std::size_t index = 0; index < rows.size(); ++index) {
    const EvidenceTable& table = catalog.tables[index];
    const std::size_t count = rows[index];
    if (count < kLeastRows || table.reported_by != ReporterClass::third_party) continue;
    const Metric* metric = catalog.metric(table.metric);
    if (metric == nullptr) continue;
    if (!table.language.empty() && table.language != "en") continue;
    if (std::none_of(metric->measures.begin(), metric->measures.end(), measures_code)) continue;
    const auto key = std::make_tuple(count, table.date, std::string_view(table.id));
    if (best == nullptr || key > best_key) best = &table, best_key = key;
  }
  return best;
}

/// Where the last of a model's candidates went; empty: it is among the picks.
struct Fate { std::string gate; Sentence because; };
Fate fate_of(const Advice& advice, std::uint32_t model) {
  for (const Pick& pick : advice.picks) {
    if (pick.standing.candidate.model == model) {
      return {"", {pick.rank == 1 ? "advise.contrast.is_pick" : "advise.contrast.ranks_lower", {}}};
    }
  }
  Fate fate;
  const auto look = [&](const GateResult& gate) {
    for (const Drop& drop : gate.dropped) {
      if (drop.candidate.model != model || drop.reasons.empty()) continue;
      fate = {kGateNames[static_cast<int>(gate.gate)], drop.reasons.front().because};
    }
  };
  for (const GateResult& gate : advice.walk.gates) look(gate);
  look(advice.machine_gate);
  return fate;
}

std::optional<Contrast::BenchmarkLeader> benchmark_leader(const AdviceInput& input, const Advice& advice) {
  const EvidenceTable* table = headline(input.catalog);
  if (table == nullptr) return std::nullopt;
  const Metric& metric = *input.catalog.metric(table->metric);
  const Score* top = nullptr;
  for (const Score& score : input.catalog.scores) {
    if (&input.catalog.tables[score.table] != table) continue;
    const bool better = top == nullptr || (metric.higher_is_better ? score.value > top->value : score.value < top->value);
    if (better) top = &score;
  }
  Fate fate = fate_of(advice, top->model);
  return Contrast::BenchmarkLeader{top->model, metric.name, fate.gate, fate.because};
}

/// Tools that start from the machine take size for quality: the biggest model of which some build runs here.
std::optional<Contrast::MachineFirst> machine_first(const AdviceInput& input, const Advice& advice, Fitter& fitter) {
  const auto& models = input.catalog.models;
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < models.size(); ++i) {
    if (models[i].open_weights && !models[i].shape.empty() && models[i].parameters > 0) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::make_tuple(-models[a].parameters, -days_since_epoch(models[a].released), std::string_view(models[a].id)) <
           std::make_tuple(-models[b].parameters, -days_since_epoch(models[b].released), std::string_view(models[b].id));
  });
  FitNeeds needs;  // what such tools assume: a short context, and any speed
  needs.context = 4096;
  needs.fixes = needs.told = false;
  needs.runtime = input.runtime;
  for (const std::uint32_t index : order) {
    if (!fitter.fits(index, advice.machines.front(), needs)) continue;
    const Fate fate = fate_of(advice, index);
    return Contrast::MachineFirst{index, fate.because};
  }
  return std::nullopt;
}

}  // namespace

Contrast contrast(const AdviceInput& input, const Advice& advice, Fitter& fitter) {
  Contrast contrast;
  contrast.benchmark_leader = benchmark_leader(input, advice);
  if (!advice.machines.empty()) contrast.machine_first = machine_first(input, advice, fitter);
  return contrast;
}

}  // namespace jobfit
