// The four questions, what may be answered, what each answer does; and the answers.
// All of it is data (data/questions); this is its shape in memory.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jobfit/diagnostic.hpp"
#include "jobfit/text.hpp"

namespace jobfit {

enum class Gate { job, language, egress, failure, machine };
inline constexpr const char* kGateNames[] = {"job", "language", "egress", "failure", "machine"};

/// A typed statement over one fact of a candidate. Closed set: no expressions.
/// `fact` names one of the facts in src/rules/facts.cpp; which operators it
/// takes and which values they may have is checked when the file is read.
struct Predicate {
  enum class Op { is, is_not, any_of, none_of, includes, at_least, at_most, before, after };
  std::string fact;
  Op op = Op::is;
  std::vector<std::string> values;
  Place place;
};

/// Drop a candidate unless the predicates hold (all of `unless`), when it is on
/// one of `routes` (empty: any). `when` narrows which candidates it is for.
struct Rule {
  std::string id;                    ///< "job.see.input"
  Gate gate = Gate::job;
  std::vector<Predicate> when;       ///< applies only where all of these hold
  std::vector<Predicate> require;    ///< drops where one of these does not hold
  Sentence because;                  ///< why it drops; holes {model}, {value}, {wanted}
  std::string note;
  Place place;
};

struct Weight { std::string capability; double weight = 1; };

/// One option of a question: `chat`, `never`, `confabulation`.
struct Option {
  std::string id;
  std::vector<Rule> requires_;
  std::vector<Weight> weighs;
  std::vector<std::string> minds;    ///< job: failures that count by default
  std::vector<std::string> excuses;  ///< egress/job: failures that no longer count when chosen ("answer" supplies facts)
  std::vector<std::string> routes;   ///< egress: routes that stay open: this-machine, own-server, contract, cloud
  std::string capability;            ///< failure: the capability whose lack is this failure
  double weight = 0;                 ///< failure: how much it counts when minded
  std::int64_t context = 0;          ///< job: tokens it needs by default
  double min_speed = 0;              ///< job: tokens/s below which it is not usable; 0 a batch job
  std::string input;                 ///< job: modality it needs besides text
  bool long_documents = false;       ///< job: a squeeze costs more here
  Sentence name, what, example;      ///< keys into data/words: job.chat.name, job.chat.what, job.chat.example
};

struct Question {
  Gate gate = Gate::job;
  std::vector<Option> options;       ///< language has none: any BCP 47 tag
  std::vector<Rule> rules;           ///< apply whatever the answer
};

struct Questions {
  std::vector<Question> list;        ///< job, language, egress, failure: the order is the claim of the product
  const Option* option(Gate gate, std::string_view id) const;
  std::vector<std::string> ids(Gate gate) const;
};

/// Further needs, never asked unless they matter.
struct Needs {
  std::int64_t context = 0;          ///< tokens; 0: the job's own
  double min_speed = -1;             ///< tokens/s; negative: the job's own
  std::vector<std::string> inputs;   ///< text, image, audio
  std::string license;               ///< "commercial" or empty
  std::string territory;             ///< ISO 3166 or "EU"; empty anywhere
  std::string thinking = "any";      ///< on | off | any
  bool operator==(const Needs&) const = default;
};

struct Answers {
  std::vector<std::string> jobs;       ///< the first leads
  std::vector<std::string> languages;  ///< BCP 47
  std::string egress;                  ///< never | own-servers | under-contract | anywhere
  std::vector<std::string> tolerates;  ///< failure ids; empty with tolerates_given: none
  bool tolerates_given = false;
  Needs needs;
  bool operator==(const Answers&) const = default;
};

}  // namespace jobfit
