#include "advise/reasons.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace jobfit {
namespace {

/// Above the catalog's middle by this much is worth naming as a strength.
constexpr double kStrength = 5;
/// Shares of the weight that rest on measurements of this very model.
constexpr double kMostMeasured = 0.6, kSomeMeasured = 0.25;

double measured_share(const JobScore& score) {
  double measured = 0, total = 0;
  for (const ScorePart& part : score.parts) {
    total += part.weight;
    if (part.basis == Basis::measured) measured += part.weight;
  }
  return total > 0 ? measured / total : 0;
}

std::string tag_name(const Catalog& catalog, const std::string& tag) {
  const Language* language = catalog.language(tag);
  return language != nullptr ? language->english : tag;
}

void explain_language(const AdviceInput& input, Pick& pick) {
  for (const std::string& tag : input.answers.languages) {
    if (tag == "en") continue;
    const std::size_t index = pick.standing.candidate.model;
    const LanguageStanding standing = language_standing(input.catalog, input.ratings, index, tag);
    Sentence sentence{"advise.language.", {{"language", tag_name(input.catalog, tag)}}};
    switch (standing.status) {
      case LanguageStatus::measured:
      case LanguageStatus::measured_bad: sentence.key += "measured"; break;
      case LanguageStatus::sibling: {
        sentence.key += "sibling";
        sentence.holes.emplace_back("sibling", input.catalog.models[standing.rating.from_model].name);
        break;
      }
      case LanguageStatus::listed: sentence.key += "listed"; break;
      case LanguageStatus::counted:
        sentence.key += "counted";
        sentence.holes.emplace_back("count", fmt::format("{}", input.catalog.models[index].languages.counted));
        break;
      case LanguageStatus::unknown:
      case LanguageStatus::excluded: sentence.key += "unknown"; break;
    }
    const bool sure = standing.status == LanguageStatus::measured;
    (sure ? pick.because : pick.cautions).push_back(std::move(sentence));
  }
}

void explain_strengths(Pick& pick) {
  int named = 0;
  for (const ScorePart& part : pick.standing.score.parts) {  // heaviest first
    if (named == 2) break;
    if (part.capability.starts_with("language:") || part.value < 50 + kStrength) continue;
    const char* key = part.basis == Basis::measured ? "advise.strength.measured" : "advise.strength.expected";
    pick.because.push_back({key, {{"capability", "@capability." + part.capability},
                                  {"value", fmt::format("{:.0f}", part.value)}}});
    ++named;
  }
}

}  // namespace

Confidence confidence_in(const Pick& pick) {
  const double share = measured_share(pick.standing.score);
  const double width = pick.standing.score.high - pick.standing.score.low;
  if (share >= kMostMeasured && width < 20) return Confidence::high;
  if (share >= kSomeMeasured && width < 30) return Confidence::medium;
  return Confidence::low;
}

void explain_pick(const AdviceInput& input, Pick& pick) {
  const Model& model = input.catalog.models[pick.standing.candidate.model];
  explain_strengths(pick);
  explain_language(input, pick);
  if (pick.fit) {
    pick.because.push_back(pick.fit->because);
    pick.cautions.insert(pick.cautions.end(), pick.fit->cautions.begin(), pick.fit->cautions.end());
  } else {
    const Hosting& hosting = model.hosting[pick.standing.candidate.hosting];
    pick.cautions.push_back({"advise.caution.cloud", {{"provider", hosting.provider}}});
  }
  if (model.license.commercial == License::Commercial::conditional && !model.license.condition.empty()) {
    pick.cautions.push_back({"advise.caution.license", {{"license", model.license.id},
                                                        {"condition", model.license.condition}}});
  } else if (model.license.commercial == License::Commercial::no) {
    pick.cautions.push_back({"advise.caution.license_no", {{"license", model.license.id}}});
  }
  if (const Model* successor = input.catalog.model(model.superseded_by)) {
    pick.cautions.push_back({"advise.caution.superseded", {{"successor", successor->name}}});
  }
  if (pick.confidence == Confidence::low) pick.cautions.push_back({"advise.caution.unmeasured", {}});
}

}  // namespace jobfit
