// The engine: candidates walk the four gates; the first drop wins; reasons are data.
// It cannot see the machine: nothing here may include it.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "jobfit/catalog.hpp"
#include "jobfit/evidence.hpp"

namespace jobfit {

/// Where a model would run. One candidate is a model on a route.
enum class Route { this_machine, own_server, cloud };
inline constexpr const char* kRouteNames[] = {"this-machine", "own-server", "cloud"};

struct Candidate {
  std::uint32_t model = 0;
  Route route = Route::this_machine;
  std::uint32_t hosting = 0;           ///< cloud: index into Model::hosting
  bool operator==(const Candidate&) const = default;
};

struct Reason {
  std::string rule;                    ///< id of a rule that exists
  Sentence because;
  std::vector<std::uint32_t> evidence; ///< indexes into Catalog::scores
  std::vector<std::string> sources;    ///< of facts that are not scores
};

struct Drop {
  Candidate candidate;
  std::vector<Reason> reasons;         ///< every rule of that gate that it fails
};

struct GateResult {
  Gate gate = Gate::job;
  std::uint32_t entered = 0, left = 0; ///< candidates
  std::vector<Drop> dropped;
};

/// One line of a model's score. The parts sum to the total: total = sum(weight*value)/sum(weight).
struct ScorePart {
  std::string capability;
  double weight = 0, value = 0, low = 0, high = 0;
  Basis basis = Basis::none;
  std::vector<std::uint32_t> evidence;
  Sentence because;                    ///< which answer weighs it
};

struct JobScore {
  double total = 0, low = 0, high = 0;
  double measured = 0;           ///< share of the weight that rests on the model's own measurements
  std::vector<ScorePart> parts;  ///< none where only the order was asked for
};

struct Standing {
  Candidate candidate;
  JobScore score;
  std::uint32_t rank = 0;              ///< from 1, for the job alone
  bool close_call = false;             ///< inside the noise of the one above it
};

/// What the four questions decided, before any machine was looked at.
struct Walk {
  std::vector<GateResult> gates;       ///< job, language, egress, failure
  std::vector<Standing> ranked;        ///< best first
  std::vector<Weight> weights;         ///< what this job weighs, after failures and excuses
  std::vector<std::string> minded;     ///< failures that count
};

/// What walks over one catalog, one set of ratings and the same further rules have in common: with one answer
/// changed most rules drop the same candidates, and most models keep their score.
struct WalkMemo {
  struct Verdicts {
    std::vector<std::string> languages;
    Rule rule;
    std::vector<std::optional<bool>> drops;  ///< by model and route
  };
  struct Scores {
    std::vector<Weight> weights;                    ///< they name the languages
    std::vector<std::optional<JobScore>> by_model;  ///< without parts
  };
  std::list<Verdicts> verdicts;
  std::list<Scores> scores;
};

struct WalkInput {
  const Catalog& catalog;
  const Ratings& ratings;
  const Answers& answers;
  std::vector<Rule> extra_rules;       ///< from --rules
  bool own_servers = false;            ///< the user has named servers with --server
  /// For whoever asks only who comes first: no drop, reason or part of a score is told.
  bool order_only = false;
  /// Verdicts and scores of earlier walks, read and added to; none: this walk stands alone.
  WalkMemo* memo = nullptr;
};

Walk walk(const WalkInput& input);

/// What the questions ask of a build: derived from the answers alone.
struct JobNeeds {
  std::int64_t context = 8192;         ///< tokens
  double min_speed = 0;                ///< tokens/s; 0 a batch job
  double comfort = 0;                  ///< tokens/s at which nobody waits; 0 where a floor was named or slowness is accepted
  bool images = false, audio = false;
  bool long_documents = false, non_latin = false;
  bool thinking_off = false;
  bool operator==(const JobNeeds&) const = default;
};
JobNeeds job_needs(const Catalog& catalog, const Answers& answers);

/// Every rule that these answers bring into force, those made from needs and egress included.
std::vector<Rule> rules_in_force(const WalkInput& input);

/// The score of one model for these answers, whatever gate it would leave at.
JobScore score_for(const WalkInput& input, std::size_t model);

/// Whether the error bars cannot tell two scores apart.
bool within_noise(const JobScore& a, const JobScore& b);

}  // namespace jobfit
