// data/questions: what is asked, what may be answered, what each answer does.
#include "catalog/draft.hpp"
#include "catalog/read_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

constexpr std::string_view kQuestions[] = {"job", "language", "egress", "failure"};
constexpr std::string_view kRoutes[] = {"this-machine", "own-server", "contract", "cloud"};
constexpr std::string_view kInputs[] = {"text", "image", "audio", "video"};

std::vector<Weight> read_weights(const Catalog& catalog, const Value& at) {
  std::vector<Weight> weights;
  Map map(at, "weights");
  if (!map.readable()) return weights;
  const auto& children = at.tree().children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const Value key{at.document, at.problems, children[i], kNoNode};
    const Value value{at.document, at.problems, children[i + 1], children[i]};
    if (!key.is(YamlNode::Kind::scalar)) continue;
    const bool known = check_capability(catalog, key);
    const auto weight = read_number(value, 0, 100);
    if (known && weight) weights.push_back({key.tree().text, *weight});
  }
  return weights;
}

/// Failures are options of another file: noted, and checked when all is read.
void read_failures(Draft& draft, Map& map, std::string_view key, std::vector<std::string>& into) {
  map.texts(key, into);
  const auto at = map.find(key);
  if (!at || !at->is(YamlNode::Kind::list)) return;
  for (const Value& item : read_list(*at)) {
    if (item.is(YamlNode::Kind::scalar)) draft.failures.push_back(item);
  }
}

void read_routes(Map& map, std::vector<std::string>& into) {
  const auto at = map.find("routes");
  if (!at || !read_texts(*at)) return;
  for (const Value& item : read_list(*at)) {
    if (const auto index = read_choice(item, kRoutes)) into.emplace_back(kRoutes[*index]);
  }
}

void read_sentences(Map& map, std::string_view question, Option& option) {
  const auto read = [&](const char* key, Sentence& sentence) {
    sentence.key = fmt::format("{}.{}.{}", question, option.id, key);
    map.text(key, sentence.key);
  };
  read("name", option.name);
  read("what", option.what);
  read("example", option.example);
}

void read_option(Draft& draft, const Value& entry, Question& question) {
  Map map(entry, "an option");
  const auto id = map.need("id");
  if (!id || !read_text(*id)) return;
  Option option;
  option.id = id->tree().text;
  const std::string gate = kGateNames[static_cast<int>(question.gate)];
  const auto [first, inserted] = draft.seen.emplace("option " + gate + " " + option.id, id->place());
  if (!inserted) {
    id->complain(
        fmt::format("option '{}' is given twice: first at {}", option.id, written_at(first->second)));
  }
  if (const auto at = map.find("requires")) option.requires_ = read_rule_list(draft, *at, question.gate);
  if (const auto at = map.find("weighs")) option.weighs = read_weights(draft.catalog, *at);
  read_failures(draft, map, "minds", option.minds);
  read_failures(draft, map, "excuses", option.excuses);
  read_routes(map, option.routes);
  if (const auto at = map.find("capability"); at && read_text(*at) && check_capability(draft.catalog, *at)) {
    option.capability = at->tree().text;
  }
  map.number("weight", option.weight, 0, 100);
  if (const auto at = map.find("context")) option.context = read_tokens(*at).value_or(0);
  map.number("min_speed", option.min_speed, 0, 1e6);
  map.choice("input", option.input, kInputs);
  map.yes_no("long_documents", option.long_documents);
  read_sentences(map, gate, option);
  map.finish();
  question.options.push_back(std::move(option));
}

}  // namespace

void read_question(Draft& draft, const Value& root) {
  Map map(root, "a question");
  const auto which = map.need("question");
  if (!which) {
    map.find("rules"), map.find("options"), map.finish();
    return;
  }
  const auto gate = read_choice(*which, kQuestions);
  Question question;
  if (gate) {
    question.gate = static_cast<Gate>(*gate);
    const auto [first, inserted] = draft.seen.emplace("question " + which->tree().text, which->place());
    if (!inserted) {
      which->complain(fmt::format("question '{}' is given twice: first at {}", which->tree().text,
                                  written_at(first->second)));
    }
  }
  if (const auto rules = map.find("rules")) question.rules = read_rule_list(draft, *rules, question.gate);
  if (const auto options = map.find("options")) {
    for (const Value& entry : read_list(*options)) read_option(draft, entry, question);
  }
  map.finish();
  if (gate) draft.catalog.questions.list.push_back(std::move(question));
}

RulesRead read_rules(const SourceFile& file, const Catalog& catalog) {
  RulesRead read;
  Draft draft;
  draft.catalog = catalog;
  for (const Question& question : catalog.questions.list) {
    for (const Rule& rule : question.rules) draft.seen.emplace("rule " + rule.id, rule.place);
    for (const Option& option : question.options) {
      for (const Rule& rule : option.requires_) draft.seen.emplace("rule " + rule.id, rule.place);
    }
  }
  const YamlDocument document = parse_yaml(file, draft.problems);
  if (document.root != kNoNode) {
    Map map({&document, &draft.problems, document.root, kNoNode}, "a rules file");
    if (const auto rules = map.need("rules")) read.rules = read_rule_list(draft, *rules, std::nullopt);
    map.finish();
  }
  read.problems = std::move(draft.problems);
  return read;
}

}  // namespace jobfit
