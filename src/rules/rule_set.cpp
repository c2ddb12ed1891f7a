#include "rules/rule_set.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace jobfit {
namespace {

using Op = Predicate::Op;

/// The option of `gate` called `id`; answers are checked before they come here.
const Option* option_of(const WalkInput& input, Gate gate, std::string_view id) {
  return input.catalog.questions.option(gate, id);
}

Predicate predicate(std::string fact, Op op, std::vector<std::string> values) {
  return {std::move(fact), op, std::move(values), {}};
}

Rule made(std::string id, Gate gate, Predicate require, std::string because) {
  Rule rule;
  rule.id = std::move(id);
  rule.gate = gate;
  rule.require = {std::move(require)};
  rule.because = {std::move(because), {}};
  return rule;
}

/// Closed roads. A provider bound by contract is a road of its own, narrower than the open cloud.
void add_egress_rules(const WalkInput& input, std::vector<Rule>& rules) {
  const Option* level = option_of(input, Gate::egress, input.answers.egress);
  if (level == nullptr) return;
  const auto open = [&](std::string_view route) {
    return std::find(level->routes.begin(), level->routes.end(), route) != level->routes.end();
  };
  const auto id = [&](std::string_view what) { return fmt::format("egress.{}.{}", level->id, what); };
  const Predicate on_cloud = predicate("route", Op::is, {"cloud"});
  if (!open("own-server")) {
    rules.push_back(made(id("server"), Gate::egress, predicate("route", Op::is_not, {"own-server"}),
                         "rules.egress_server"));
  }
  if (open("contract") && !open("cloud")) {
    Rule rule = made(id("contract"), Gate::egress, predicate("hosting.under_contract", Op::is, {"yes"}),
                     "rules.egress_contract");
    rule.when = {on_cloud};
    rules.push_back(std::move(rule));
  } else if (!open("cloud")) {
    rules.push_back(made(id("cloud"), Gate::egress, predicate("route", Op::is_not, {"cloud"}), "rules.egress_cloud"));
  }
}

/// The further needs, as rules of the first gate: they say what the job is.
void add_need_rules(const WalkInput& input, std::vector<Rule>& rules) {
  const Needs& needs = input.answers.needs;
  if (needs.context > 0) {
    rules.push_back(made("need.context", Gate::job,
                         predicate("context.extended", Op::at_least, {fmt::format("{}", needs.context)}),
                         "rules.need_context"));
  }
  for (const std::string& modality : needs.inputs) {
    if (modality == "text") continue;
    rules.push_back(made("need.input." + modality, Gate::job, predicate("inputs", Op::includes, {modality}),
                         "rules.need_input"));
  }
  if (needs.license == "commercial") {
    rules.push_back(made("need.license", Gate::job,
                         predicate("license.commercial", Op::any_of, {"yes", "conditional"}), "rules.need_license"));
  }
  if (!needs.territory.empty()) {
    // A territory is excluded by its own code or, for a member state, by the Union's.
    static const std::set<std::string_view> kUnion = {"AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI",
                                                      "FR", "DE", "GR", "HU", "IE", "IT", "LV", "LT", "LU",
                                                      "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE"};
    std::vector<std::string> excluded{needs.territory};
    if (kUnion.count(needs.territory) > 0) excluded.emplace_back("EU");
    rules.push_back(made("need.territory", Gate::job,
                         predicate("license.excluded_territories", Op::none_of, excluded), "rules.need_territory"));
  }
  if (needs.thinking == "on") {
    rules.push_back(made("need.thinking", Gate::job, predicate("thinking", Op::any_of, {"optional", "always"}),
                         "rules.need_thinking_on"));
  } else if (needs.thinking == "off") {
    rules.push_back(made("need.thinking", Gate::job, predicate("thinking", Op::is_not, {"always"}),
                         "rules.need_thinking_off"));
  }
}

void append(std::vector<Rule>& rules, const std::vector<Rule>& more) {
  rules.insert(rules.end(), more.begin(), more.end());
}

}  // namespace

std::vector<std::string> minded_failures(const WalkInput& input) {
  std::set<std::string> minded, excused;
  for (const std::string& id : input.answers.jobs) {
    const Option* job = option_of(input, Gate::job, id);
    if (job == nullptr) continue;
    minded.insert(job->minds.begin(), job->minds.end());
    excused.insert(job->excuses.begin(), job->excuses.end());
  }
  for (const std::string& id : input.answers.tolerates) excused.insert(id);
  std::vector<std::string> left;
  for (const std::string& id : minded) {
    if (excused.count(id) == 0) left.push_back(id);
  }
  return left;
}

std::vector<Rule> rule_set(const WalkInput& input) {
  std::vector<Rule> rules;
  const std::vector<std::string> minded = minded_failures(input);
  for (const Question& question : input.catalog.questions.list) {
    append(rules, question.rules);
    for (const Option& option : question.options) {
      const auto chosen = [&](const std::vector<std::string>& ids) {
        return std::find(ids.begin(), ids.end(), option.id) != ids.end();
      };
      const bool in_force = question.gate == Gate::job      ? chosen(input.answers.jobs)
                            : question.gate == Gate::egress ? option.id == input.answers.egress
                                                            : chosen(minded);
      if (in_force) append(rules, option.requires_);
    }
  }
  add_need_rules(input, rules);
  add_egress_rules(input, rules);
  append(rules, input.extra_rules);
  return rules;
}

std::vector<WeightSource> weigh(const WalkInput& input, const std::vector<std::string>& minded) {
  std::vector<WeightSource> weights;
  const auto add = [&](const std::string& capability, double weight, const Sentence& because) {
    if (weight <= 0) return;
    const auto same = [&](const WeightSource& source) { return source.weight.capability == capability; };
    const auto found = std::find_if(weights.begin(), weights.end(), same);
    if (found == weights.end()) {
      weights.push_back({{capability, weight}, because});
    } else {
      found->weight.weight += weight;
    }
  };
  const std::vector<std::string> english{"en"};
  const std::vector<std::string>& tags = input.answers.languages.empty() ? english : input.answers.languages;
  for (std::size_t j = 0; j < input.answers.jobs.size(); ++j) {
    const Option* job = option_of(input, Gate::job, input.answers.jobs[j]);
    if (job == nullptr) continue;
    const double share = j == 0 ? 1 : 0.5;
    const Sentence because{"rules.part.job", {{"job", "@job." + job->id + ".name"}}};
    for (const Weight& weight : job->weighs) {
      if (weight.capability != "language") {
        add(weight.capability, share * weight.weight, because);
        continue;
      }
      for (const std::string& tag : tags) {
        add("language:" + tag, share * weight.weight / static_cast<double>(tags.size()),
            {"rules.part.language", {{"language", tag}}});
      }
    }
  }
  const bool other_language = std::any_of(tags.begin(), tags.end(), [](const auto& tag) { return tag != "en"; });
  for (const std::string& id : minded) {
    const Option* failure = option_of(input, Gate::failure, id);
    if (failure == nullptr || failure->capability.empty()) continue;
    if (failure->capability == "language-purity" && !other_language) continue;  // English slips into others
    add(failure->capability, failure->weight, {"rules.part.failure", {{"failure", "@failure." + id + ".name"}}});
  }
  std::sort(weights.begin(), weights.end(), [](const WeightSource& a, const WeightSource& b) {
    if (a.weight.weight != b.weight.weight) return a.weight.weight > b.weight.weight;
    return a.weight.capability < b.weight.capability;
  });
  return weights;
}

}  // namespace jobfit
