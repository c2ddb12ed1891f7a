// The walk through the four gates. The first gate that drops a candidate ends its
// walk; there it hears every reason of that gate.
#include <algorithm>

#include <fmt/format.h>

#include "rules/facts.hpp"
#include "rules/rule_set.hpp"
#include "rules/score.hpp"

namespace jobfit {
namespace {

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, ", ")); }

/// The hosting to judge a cloud road by: one bound by contract if there is one.
std::uint32_t best_hosting(const Model& model) {
  for (std::uint32_t i = 0; i < model.hosting.size(); ++i) {
    if (model.hosting[i].under_contract == Known::yes) return i;
  }
  return 0;
}

std::vector<Candidate> all_candidates(const WalkInput& input) {
  std::vector<Candidate> candidates;
  for (std::uint32_t i = 0; i < input.catalog.models.size(); ++i) {
    const Model& model = input.catalog.models[i];
    if (model.open_weights) candidates.push_back({i, Route::this_machine, 0});
    if (model.open_weights && input.own_servers) candidates.push_back({i, Route::own_server, 0});
    if (!model.hosting.empty()) candidates.push_back({i, Route::cloud, best_hosting(model)});
  }
  return candidates;
}

/// "@language.th" where words know it, else the tag itself.
std::string language_word(Facts& facts, std::size_t model) {
  const std::string& tag = facts.worst_language(model).tag;
  const Language* language = facts.input().catalog.language(tag);
  return language != nullptr ? language->english : tag;
}

std::string value_word(const FactValue& value, std::string_view fact) {
  if (std::string said = value.said(); !said.empty()) return said;
  if (!value.known) return "unknown";
  if (fact.starts_with("context")) return format_tokens(static_cast<std::int64_t>(value.number));
  return fmt::format("{:.0f}", value.number);
}

std::string wanted_word(const Predicate& predicate) {
  if (predicate.fact.starts_with("context")) {
    if (const auto tokens = parse_tokens(predicate.values.front())) return format_tokens(*tokens);
  }
  return joined(predicate.values);
}

Sentence filled(Facts& facts, const Candidate& candidate, const Rule& rule, const Predicate& predicate,
                const FactValue& value) {
  const WalkInput& input = facts.input();
  const Model& model = input.catalog.models[candidate.model];
  Sentence sentence = rule.because;
  const auto fill = [&](const char* hole, std::string word) { sentence.holes.emplace_back(hole, std::move(word)); };
  fill("model", model.name);
  fill("value", value_word(value, predicate.fact));
  fill("wanted", wanted_word(predicate));
  fill("rule", rule.note.empty() ? rule.id : rule.note);
  if (rule.gate == Gate::job) {
    for (const std::string& job : input.answers.jobs) {
      if (rule.id.starts_with("job." + job + ".")) fill("job", "@job." + job + ".name");
    }
  }
  if (rule.gate == Gate::language) fill("language", language_word(facts, candidate.model));
  if (rule.gate == Gate::failure) fill("failure", "@" + rule.id + ".name");
  if (candidate.route == Route::cloud) fill("provider", model.hosting[candidate.hosting].provider);
  return sentence;
}

/// The check by which `rule` drops `candidate`; nullptr where it does not. `value`: what it was held against.
const Check* broken(Facts& facts, const Candidate& candidate, const CheckedRule& rule, FactValue& value) {
  for (const Check& condition : rule.when) {
    if (!facts.holds(candidate, condition)) return nullptr;
  }
  for (const Check& check : rule.require) {
    value = facts.value(candidate, check);
    if (!Facts::holds(value, check)) return &check;
  }
  return nullptr;
}

Reason reason_of(Facts& facts, const Candidate& candidate, const Rule& rule, const Check& check,
                 const FactValue& value) {
  Reason reason{rule.id, filled(facts, candidate, rule, *check.predicate, value), {}, {}};
  reason.evidence.assign(value.evidence.begin(), value.evidence.end());
  if (!value.source.empty()) reason.sources = {std::string(value.source)};
  return reason;
}

bool same(const std::vector<Predicate>& a, const std::vector<Predicate>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Predicate& one, const Predicate& other) {
    return one.fact == other.fact && one.op == other.op && one.values == other.values;
  });
}

/// One rule, and which candidates it is known to drop.
class Judge {
 public:
  Judge(Facts& facts, const Rule& rule, WalkMemo& memo)
      : facts_(facts), rule_(facts.check(rule)), drops_(known(rule, memo)) {}

  bool drops(const Candidate& candidate) {
    std::optional<bool>& verdict =
        drops_[kRoutes * candidate.model + static_cast<std::size_t>(candidate.route)];
    if (!verdict) {
      FactValue value;
      verdict = broken(facts_, candidate, rule_, value) != nullptr;
    }
    return *verdict;
  }
  Reason reason(const Candidate& candidate) {
    FactValue value;
    const Check* check = broken(facts_, candidate, rule_, value);
    return reason_of(facts_, candidate, *rule_.rule, *check, value);
  }

 private:
  static constexpr std::size_t kRoutes = std::size(kRouteNames);

  std::vector<std::optional<bool>>& known(const Rule& rule, WalkMemo& memo) {
    const WalkInput& input = facts_.input();
    for (WalkMemo::Verdicts& one : memo.verdicts) {
      if (same(one.rule.when, rule.when) && same(one.rule.require, rule.require) &&
          one.languages == input.answers.languages) {
        return one.drops;
      }
    }
    memo.verdicts.push_back({input.answers.languages, rule, {}});
    memo.verdicts.back().drops.resize(kRoutes * input.catalog.models.size());
    return memo.verdicts.back().drops;
  }

  Facts& facts_;
  CheckedRule rule_;
  std::vector<std::optional<bool>>& drops_;
};

GateResult pass_gate(Facts& facts, Gate gate, const std::vector<Rule>& rules, WalkMemo& memo,
                     std::vector<Candidate>& candidates) {
  GateResult result;
  result.gate = gate;
  result.entered = static_cast<std::uint32_t>(candidates.size());
  std::list<Judge> judges;
  for (const Rule& rule : rules)
    if (rule.gate == gate) judges.emplace_back(facts, rule, memo);
  std::erase_if(candidates, [&](const Candidate& candidate) {
    const auto drops = [&](Judge& judge) { return judge.drops(candidate); };
    const auto first = std::find_if(judges.begin(), judges.end(), drops);
    if (first == judges.end()) return false;
    if (facts.input().order_only) return true;
    Drop& drop = result.dropped.emplace_back(Drop{candidate, {}});
    for (auto judge = first; judge != judges.end(); ++judge)
      if (drops(*judge)) drop.reasons.push_back(judge->reason(candidate));
    return true;
  });
  result.left = static_cast<std::uint32_t>(candidates.size());
  return result;
}

/// The scores of earlier walks that weighed the same, by model.
std::vector<std::optional<JobScore>>& known_scores(const std::vector<Weight>& weights, std::size_t models,
                                                   WalkMemo& memo) {
  for (WalkMemo::Scores& known : memo.scores) {
    const bool same = std::equal(known.weights.begin(), known.weights.end(), weights.begin(), weights.end(),
                                 [](const Weight& a, const Weight& b) {
                                   return a.capability == b.capability && a.weight == b.weight;
                                 });
    if (same) return known.by_model;
  }
  memo.scores.push_back({weights, {}});
  memo.scores.back().by_model.resize(models);
  return memo.scores.back().by_model;
}

}  // namespace

Walk walk(const WalkInput& input) {
  Facts facts(input);
  WalkMemo own;
  WalkMemo& memo = input.memo != nullptr ? *input.memo : own;
  Walk walk;
  const std::vector<Rule> rules = rule_set(input);
  std::vector<Candidate> candidates = all_candidates(input);
  for (const Gate gate : {Gate::job, Gate::language, Gate::egress, Gate::failure}) {
    walk.gates.push_back(pass_gate(facts, gate, rules, memo, candidates));
  }
  walk.minded = minded_failures(input);
  const std::vector<WeightSource> weights = weigh(input, walk.minded);
  for (const WeightSource& source : weights) walk.weights.push_back(source.weight);
  const Scorer scorer(facts, weights);
  walk.ranked.reserve(candidates.size());
  if (input.order_only) {
    auto& known = known_scores(walk.weights, input.catalog.models.size(), memo);
    for (const Candidate& candidate : candidates) {
      auto& score = known[candidate.model];
      if (!score) score = scorer.score(candidate.model);
      walk.ranked.push_back({candidate, *score, 0, false});
    }
  } else {
    for (const Candidate& candidate : candidates)
      walk.ranked.push_back({candidate, scorer.score(candidate.model), 0, false});
  }
  rank(input, walk.ranked);
  return walk;
}

JobNeeds job_needs(const Catalog& catalog, const Answers& answers) {
  JobNeeds needs;
  needs.context = 0;
  const auto tolerated = [&](std::string_view failure) {
    return std::find(answers.tolerates.begin(), answers.tolerates.end(), failure) != answers.tolerates.end();
  };
  for (const std::string& id : answers.jobs) {
    const Option* job = catalog.questions.option(Gate::job, id);
    if (job == nullptr) continue;
    needs.context = std::max(needs.context, job->context);
    needs.min_speed = std::max(needs.min_speed, job->min_speed);
    needs.images |= job->input == "image";
    needs.audio |= job->input == "audio";
    needs.long_documents |= job->long_documents;
  }
  if (needs.context == 0) needs.context = JobNeeds{}.context;
  // Three times the floor is at ease, where the user did not say what is enough.
  const bool as_asked = tolerated("slowness") || answers.needs.min_speed >= 0;
  needs.comfort = as_asked ? 0 : 3 * needs.min_speed;
  // A third of the floor is still a trickle one can wait for; below a token a second nobody does.
  if (tolerated("slowness")) needs.min_speed = std::min(needs.min_speed, std::max(1.0, needs.min_speed / 3));
  if (answers.needs.context > 0) needs.context = answers.needs.context;
  if (answers.needs.min_speed >= 0) needs.min_speed = answers.needs.min_speed;
  for (const std::string& modality : answers.needs.inputs) {
    needs.images |= modality == "image";
    needs.audio |= modality == "audio";
  }
  for (const std::string& tag : answers.languages) {
    const Language* language = catalog.language(tag);
    needs.non_latin |= language != nullptr && !language->script.empty() && language->script != "Latn";
  }
  needs.thinking_off = answers.needs.thinking == "off";
  return needs;
}

std::vector<Rule> rules_in_force(const WalkInput& input) { return rule_set(input); }

JobScore score_for(const WalkInput& input, std::size_t model) {
  Facts facts(input);
  return Scorer(facts, weigh(input, minded_failures(input))).score(model);
}

}  // namespace jobfit
