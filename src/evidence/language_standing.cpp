#include "jobfit/evidence.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// A measured language whose whole bar lies below this is measured bad: two in three of
/// the catalog's open models read and write it better, and none of the doubt reaches the middle.
constexpr double kUsable = 45;
/// ... or whose value alone lies this low, however wide the bar.
constexpr double kUnusable = 32;

bool contains(const std::vector<std::string>& tags, std::string_view tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

/// The tags under which a record or a claim of `tag` may stand, nearest first. A region
/// falls back to its language ("pt-BR" to "pt"), a script does not: zh-Hant is not zh.
std::vector<std::string> fallbacks(std::string_view tag) {
  std::vector<std::string> found{std::string(tag)};
  const std::size_t dash = tag.rfind('-');
  if (dash != std::string_view::npos && tag.size() - dash - 1 == 2) found.emplace_back(tag.substr(0, dash));
  if (tag == "zh") found.emplace_back("zh-Hans");
  if (tag == "zh-Hans") found.emplace_back("zh");
  if (tag == "nb") found.emplace_back("no");
  if (tag == "no") found.emplace_back("nb");
  if (tag == "fil") found.emplace_back("tl");
  if (tag == "tl") found.emplace_back("fil");
  return found;
}

const Rating* rating_of(const Ratings& ratings, std::size_t model, std::string_view tag) {
  return ratings.find(model, "language:" + std::string(tag));
}

/// The related language in which this model was measured; empty where there is none.
std::string related_measured(const Catalog& catalog, const Ratings& ratings, std::size_t model,
                             std::string_view tag) {
  const Language* language = catalog.language(tag);
  if (language == nullptr) return {};
  for (const std::string& related : language->related) {
    const Rating* rating = rating_of(ratings, model, related);
    if (rating != nullptr && rating->basis == Basis::measured) return related;
  }
  return {};
}

/// A rating for a language without a column: the model's languages at large, or a related
/// language's rating drawn halfway to them and with the wider bar of the two.
Rating borrowed_rating(const Ratings& ratings, std::size_t model, const std::string& related) {
  const Rating* any = rating_of(ratings, model, "*");
  Rating found = any != nullptr ? *any : Rating{};
  found.basis = Basis::predicted;
  found.scores.clear();
  const Rating* near = related.empty() ? nullptr : rating_of(ratings, model, related);
  if (near == nullptr) return found;
  const double below = std::max(found.value - found.low, near->value - near->low);
  const double above = std::max(found.high - found.value, near->high - near->value);
  found.value = (found.value + near->value) / 2;
  found.low = std::max(0.0, found.value - below);
  found.high = std::min(100.0, found.value + above);
  found.scores = near->scores;
  return found;
}

}  // namespace

LanguageStanding language_standing(const Catalog& catalog, const Ratings& ratings, std::size_t model,
                                   std::string_view tag) {
  const Model& subject = catalog.models[model];
  const LanguageClaims& claims = subject.languages;
  const std::vector<std::string> tags = fallbacks(tag);
  LanguageStanding standing;

  const Rating* rating = nullptr;
  for (const std::string& candidate : tags) {
    if (rating == nullptr) rating = rating_of(ratings, model, candidate);
  }
  if (rating == nullptr || rating->basis != Basis::measured) {
    standing.related = related_measured(catalog, ratings, model, tag);
  }
  standing.rating = rating != nullptr ? *rating : borrowed_rating(ratings, model, standing.related);

  const auto named = [&](const std::vector<std::string>& list) {
    return std::any_of(tags.begin(), tags.end(), [&](const std::string& t) { return contains(list, t); });
  };
  const bool measured = rating != nullptr && rating->basis == Basis::measured;
  if (measured) {
    const bool bad = rating->high < kUsable || rating->value < kUnusable;
    standing.status = bad ? LanguageStatus::measured_bad : LanguageStatus::measured;
    return standing;
  }
  if (named(claims.counted_out) || (claims.only && !claims.listed.empty() && !named(claims.listed))) {
    standing.status = LanguageStatus::excluded;
    standing.source = claims.source;
    return standing;
  }
  // English is what nearly every benchmark is written in: any score at all measures it.
  if (tag == "en" || tag.substr(0, 3) == "en-") {
    const bool scored = std::any_of(catalog.scores.begin(), catalog.scores.end(),
                                    [&](const Score& score) { return score.model == model; });
    if (scored) {
      standing.status = LanguageStatus::measured;
      return standing;
    }
  }
  if (rating != nullptr && rating->basis == Basis::sibling) {
    standing.status = LanguageStatus::sibling;
    return standing;
  }
  if (named(claims.listed)) {
    standing.status = LanguageStatus::listed;
    standing.source = claims.source;
  } else if (claims.counted > 0) {
    standing.status = LanguageStatus::counted;
    standing.source = claims.source;
  }
  return standing;
}

}  // namespace jobfit
