// One model's walk, and several side by side.
#include "report/standings.hpp"
#include "report/text_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace jobfit {
namespace {

void reasons(Page& page, const Drop& drop, const Catalog& catalog, const Words& words) {
  for (const Reason& reason : drop.reasons) {
    page.item(as_sentence(say(words, reason.because)) + " [" + reason.rule + "]", 4);
    for (const std::uint32_t score : reason.evidence) {
      if (score < catalog.scores.size()) page.text(evidence_phrase(score, catalog, words), 6, 2, Ink::dim);
    }
    for (const std::string& source : reason.sources) page.text(source, 6, 2, Ink::dim);
  }
}

/// "passed", "left here", or that an earlier gate had ended the walk.
void gates(Page& page, const Road& road, const WhyReport& report, const Catalog& catalog,
           const Words& words) {
  for (int i = 0; i < 5; ++i) {
    const Gate gate = static_cast<Gate>(i);
    const bool left_here = road.drop != nullptr && road.dropped_at == gate;
    std::size_t held = 0;
    std::vector<std::string> names;
    for (const RuleTouch& touch : report.rules) {
      if (touch.gate != gate || touch.route != road.candidate.route || !touch.held) continue;
      ++held;
      names.push_back(touch.rule);
    }
    std::string text = fmt::format("{} {}: ", i + 1, gate_name(words, gate));
    text += say(words, left_here ? "report.why.left" : "report.why.passed");
    if (!names.empty())
      text += " " + say(words, {"report.why.rules", {{"rules", fmt::format("{}", fmt::join(names, ", "))}}});
    page.text(text, 2, 2, left_here ? Ink::bad : Ink::plain);
    if (left_here) {
      // At the machine the misfit says it with its way out.
      if (road.too_big == nullptr) reasons(page, *road.drop, catalog, words);
      return;
    }
  }
}

void evidence_of(Page& page, const JobScore& score, const Catalog& catalog, const Words& words) {
  std::vector<std::uint32_t> seen;
  for (const ScorePart& part : score.parts) {
    for (const std::uint32_t one : part.evidence) {
      if (one < catalog.scores.size() && std::find(seen.begin(), seen.end(), one) == seen.end())
        seen.push_back(one);
    }
  }
  if (seen.empty()) return;
  page.heading(say(words, "report.model.evidence"));
  for (const std::uint32_t one : seen) {
    page.item(evidence_phrase(one, catalog, words));
    page.text(catalog.tables[catalog.scores[one].table].source, 4, 2, Ink::dim);
  }
}

std::string why_verdict(const WhyReport& report, const std::vector<Road>& roads, const Catalog& catalog,
                        const Words& words) {
  const std::string& name = catalog.models[report.model].name;
  const Pick* first = first_pick(report.advice);
  const std::string pick = first == nullptr ? "" : catalog.models[first->standing.candidate.model].name;
  if (roads.empty()) return say(words, {"report.why.no_road", {{"model", name}}});
  const Road& road = roads.front();
  if (road.pick != nullptr && road.pick->rank == 1)
    return say(words, {"report.why.is_pick", {{"model", name}}});
  if (road.pick != nullptr) {
    const double gap = first->standing.score.total - road.pick->standing.score.total;
    return say(words, {gap < 0 ? "report.why.less_sure" : "report.why.runs_behind",
                       {{"model", name},
                        {"rank", std::to_string(road.pick->rank)},
                        {"pick", pick},
                        {"gap", fmt::format("{:.1f}", std::abs(gap))}}});
  }
  if (road.too_big != nullptr) {
    return say(words, {"report.why.too_big",
                       {{"model", name}, {"rank", std::to_string(road.too_big->standing.rank)}}});
  }
  if (road.drop == nullptr) return say(words, {"report.why.ranked", {{"model", name}}});
  return say(words, {"report.why.dropped",
                     {{"model", name},
                      {"number", std::to_string(static_cast<int>(road.dropped_at) + 1)},
                      {"gate", gate_name(words, road.dropped_at)}}});
}

void what_would_change(Page& page, const WhyReport& report, const std::vector<Road>& roads,
                       const Catalog& catalog, const Words& words) {
  std::vector<std::string> lines;
  for (const Flip& flip : report.changes) lines.push_back(change_phrase(flip, catalog, words));
  for (const Flip& flip : report.advice.flips) {
    if (flip.model == report.model) lines.push_back(change_phrase(flip, catalog, words));
  }
  for (const Road& road : roads) {
    if (road.too_big == nullptr) continue;
    for (const Fix& fix : road.too_big->misfit.smallest_fixes) {
      lines.push_back(say(words, {"report.why.to_fit", {{"fix", say(words, fix.what)}}}));
    }
  }
  const Pick* first = first_pick(report.advice);
  if (first != nullptr && first->standing.candidate.model == report.model) return;
  page.heading(say(words, "report.why.change"));
  if (lines.empty()) page.item(say(words, "report.why.nothing"));
  std::vector<std::string> said;
  for (const std::string& line : lines) {
    if (std::find(said.begin(), said.end(), line) != said.end()) continue;
    said.push_back(line);
    page.item(as_sentence(line));
  }
}

std::string outcome(const Road* road, const Words& words) {
  if (road == nullptr) return say(words, "report.compare.no_road");
  if (road->pick != nullptr)
    return say(words, {"report.compare.pick", {{"rank", std::to_string(road->pick->rank)}}});
  if (road->drop != nullptr)
    return say(words, {"report.compare.left",
                       {{"number", std::to_string(static_cast<int>(road->dropped_at) + 1)},
                        {"gate", gate_name(words, road->dropped_at)}}});
  return say(words, "report.compare.ranked");
}

std::string rating_cell(double value, double low, double high) {
  return fmt::format("{:.0f} ±{:.0f}", value, std::max(0.0, (high - low) / 2));
}

}  // namespace

std::string why_text(const WhyReport& report, const Catalog& catalog, const Words& words,
                     const Style& style) {
  Page page(style);
  const std::vector<Road> roads = roads_of(report.advice, report.model);
  page.text(why_verdict(report, roads, catalog, words), 0, 0, Ink::bold);
  page.text(say(words, {"report.for", {{"answers", answers_phrase(report.advice.answers, catalog, words)}}}));
  if (!report.advice.machines.empty()) {
    page.text(
        say(words, {"report.on", {{"machine", machine_phrase(report.advice.machines.front(), words)}}}));
  }
  for (const Road& road : roads) {
    page.heading(say(words, {"report.why.road", {{"route", route_name(words, road.candidate.route)}}}));
    gates(page, road, report, catalog, words);
    if (road.too_big != nullptr) page.item(too_big_phrase(*road.too_big, catalog, words), 4, Ink::warn);
    if (road.pick == nullptr) continue;
    for (const Sentence& sentence : road.pick->because) page.item(as_sentence(say(words, sentence)), 4);
    for (const Sentence& sentence : road.pick->cautions)
      page.item(as_sentence(say(words, sentence)), 4, Ink::warn);
  }
  const auto ranked =
      std::find_if(roads.begin(), roads.end(), [](const Road& road) { return road.standing != nullptr; });
  if (ranked != roads.end()) {
    page.heading(say(words, {"report.why.score", {{"rank", std::to_string(ranked->standing->rank)}}}));
    score_part(page, ranked->standing->score, catalog, words);
    evidence_of(page, ranked->standing->score, catalog, words);
  }
  what_would_change(page, report, roads, catalog, words);
  return page.take();
}

std::string compare_text(const CompareReport& report, const Catalog& catalog, const Words& words,
                         const Style& style) {
  Page page(style);
  std::vector<std::vector<Road>> all;
  std::vector<const Road*> roads;
  for (const std::uint32_t model : report.models) all.push_back(roads_of(report.advice, model));
  for (const auto& one : all) roads.push_back(one.empty() ? nullptr : &one.front());

  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < roads.size(); ++i) {
    if (roads[i] != nullptr && roads[i]->standing != nullptr) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return roads[a]->standing->rank < roads[b]->standing->rank;
  });
  const auto name_at = [&](std::size_t i) { return catalog.models[report.models[i]].name; };
  if (order.empty()) {
    page.text(say(words, "report.compare.none"), 0, 0, Ink::warn);
  } else if (order.size() == 1) {
    page.text(say(words, {"report.compare.only", {{"model", name_at(order[0])}}}), 0, 0, Ink::bold);
  } else {
    const JobScore& best = roads[order[0]]->standing->score;
    const JobScore& next = roads[order[1]]->standing->score;
    const double gap = best.total - next.total;
    const char* key = gap < 0                    ? "report.compare.surer"
                      : within_noise(best, next) ? "report.compare.close"
                                                 : "report.compare.winner";
    page.text(say(words, {key,
                          {{"model", name_at(order[0])},
                           {"other", name_at(order[1])},
                           {"gap", fmt::format("{:.1f}", std::abs(gap))}}}),
              0, 0, Ink::bold);
  }
  page.text(say(words, {"report.for", {{"answers", answers_phrase(report.advice.answers, catalog, words)}}}));
  if (!report.advice.machines.empty()) {
    page.text(
        say(words, {"report.on", {{"machine", machine_phrase(report.advice.machines.front(), words)}}}));
  }
  page.blank();

  Table table;
  table.columns.push_back({"", false, true});
  for (const std::uint32_t model : report.models)
    table.columns.push_back({catalog.models[model].name, false, true});
  const auto row = [&](const std::string& title, auto cell) {
    std::vector<std::string> cells = {title};
    bool any = false;
    for (std::size_t i = 0; i < report.models.size(); ++i) {
      cells.push_back(cell(roads[i], catalog.models[report.models[i]]));
      any = any || !cells.back().empty();
    }
    if (any) table.rows.push_back(std::move(cells));
  };
  const auto title = [&](const char* key) { return say(words, std::string("report.compare.row_") + key); };
  row(title("outcome"), [&](const Road* road, const Model&) { return outcome(road, words); });
  row(title("score"), [&](const Road* road, const Model&) -> std::string {
    if (road == nullptr || road->standing == nullptr) return "-";
    const JobScore& score = road->standing->score;
    return rating_cell(score.total, score.low, score.high);
  });
  for (const Weight& weight : report.advice.walk.weights) {
    row(capability_name(catalog, words, weight.capability) + fmt::format(" (×{:g})", weight.weight),
        [&](const Road* road, const Model&) -> std::string {
          if (road == nullptr || road->standing == nullptr) return "-";
          for (const ScorePart& part : road->standing->score.parts) {
            if (part.capability == weight.capability) return rating_cell(part.value, part.low, part.high);
          }
          return "-";
        });
  }
  const auto fit_row = [&](const char* key, auto cell) {
    row(title(key), [&](const Road* road, const Model&) -> std::string {
      return road != nullptr && road->pick != nullptr && road->pick->fit ? cell(*road->pick->fit) : "-";
    });
  };
  fit_row("build", [](const Fit& fit) { return build_name(fit.build); });
  fit_row("placement", [&](const Fit& fit) { return placement_phrase(fit.placement, words); });
  fit_row("memory",
          [](const Fit& fit) { return format_bytes(fit.memory.total_bytes + fit.memory.overhead_bytes); });
  fit_row("speed", [&](const Fit& fit) { return speed_phrase(fit.speed.decode, words); });
  row(title("parameters"), [&](const Road*, const Model& model) {
    return model.parameters > 0 ? format_parameters(model.parameters) : say(words, "report.unknown");
  });
  row(title("context"), [&](const Road*, const Model& model) {
    return model.context.native > 0 ? format_tokens(model.context.native) : say(words, "report.unknown");
  });
  row(title("license"), [](const Road*, const Model& model) { return model.license.id; });
  row(title("released"), [](const Road*, const Model& model) { return format_date(model.released); });
  page.table(table, 0);
  return page.take();
}

}  // namespace jobfit
