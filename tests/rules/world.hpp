// A catalog small enough to read: what the tests of the rules walk over.
#pragma once

#include <string>
#include <vector>

#include "jobfit/rules.hpp"

namespace jobfit {

inline Model model(const std::string& id, const std::string& kind) {
  Model made;
  made.id = made.name = id;
  made.kind = kind;
  made.inputs = {"text"};
  made.parameters = made.active_parameters = 8e9;
  made.context.native = 32768;
  return made;
}

inline Rule rule(const std::string& id, Gate gate, Predicate require) {
  Rule made;
  made.id = id;
  made.gate = gate;
  made.require = {std::move(require)};
  made.because = {"rules.kind", {}};
  return made;
}

/// Two options of the first question, three levels of the third, one failure; a talker, a coder, a cloud-only model.
struct World {
  Catalog catalog;
  Ratings ratings;
  Answers answers;

  World() {
    Option chat, code, never, anywhere, contract, drift;
    chat.id = "chat";
    chat.weighs = {{"persona", 4}};
    chat.minds = {"persona-drift"};
    chat.requires_ = {rule("job.chat.kind", Gate::job, {"kind", Predicate::Op::is, {"general"}, {}})};
    code.id = "code";
    code.weighs = {{"code", 4}};
    never.id = "never";
    never.routes = {"this-machine"};
    contract.id = "under-contract";
    contract.routes = {"this-machine", "own-server", "contract"};
    anywhere.id = "anywhere";
    anywhere.routes = {"this-machine", "own-server", "contract", "cloud"};
    drift.id = "persona-drift";
    drift.capability = "persona";
    drift.weight = 2;
    drift.requires_ = {rule("failure.persona-drift", Gate::failure,
                            {"rating.persona", Predicate::Op::at_least, {"25"}, {}})};
    catalog.questions.list = {{Gate::job, {chat, code}, {}},
                              {Gate::language, {}, {}},
                              {Gate::egress, {never, contract, anywhere}, {}},
                              {Gate::failure, {drift}, {}}};
    Model cloud = model("cloud", "general");
    cloud.open_weights = false;
    cloud.hosting = {{"A Provider", "cloud-1", Known::no, "its terms"}};
    catalog.models = {cloud, model("coder", "coder"), model("talker", "general")};
    ratings = Ratings({"code", "persona"}, 3);
    for (std::size_t model = 0; model < 3; ++model) {
      for (std::size_t column = 0; column < 2; ++column) ratings.at(model, column) = {50, 40, 60, Basis::measured, {}, 0};
    }
    answers.jobs = {"chat"};
    answers.languages = {"en"};
    answers.egress = "never";
    answers.tolerates_given = true;
  }

  Walk walked() const { return walk({catalog, ratings, answers, {}, false}); }
};

inline std::vector<std::string> ranked(const World& world) {
  std::vector<std::string> ids;
  for (const Standing& standing : world.walked().ranked) ids.push_back(world.catalog.models[standing.candidate.model].id);
  return ids;
}

}  // namespace jobfit
