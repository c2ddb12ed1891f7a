// How the choice narrowed, counted in models: a model is still there while one of its roads is.
#pragma once

#include "jobfit/advice.hpp"

namespace jobfit {

/// The drops of one gate that have the same reason.
struct DropGroup {
  std::string key;  ///< of the reason's sentence, "rules.kind"
  Reason example;
  std::vector<std::uint32_t> models;  ///< newest first
  std::uint32_t kept = 0;             ///< of these, how many have another road left
};

struct FunnelStep {
  Gate gate = Gate::job;
  std::uint32_t entered = 0, left = 0;  ///< models
  std::vector<DropGroup> groups;        ///< the largest first
};

struct Funnel {
  std::uint32_t models = 0;       ///< that entered the first gate
  std::vector<FunnelStep> steps;  ///< job, language, egress, failure, machine
};

Funnel funnel(const Advice& advice, const Catalog& catalog);

}  // namespace jobfit
