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

}  // namespace

LanguageLookup::LanguageLookup(const Catalog& catalog, const Ratings& ratings, std::string_view tag)
    : catalog_(catalog), ratings_(ratings), tag_(tag), tags_(fallbacks(tag)) {
  const auto column_of = [&](std::string_view language) {
    return ratings.column("language:" + std::string(language));
  };
  for (const std::string& candidate : tags_) {
    if (!column_) column_ = column_of(candidate);
  }
  any_ = column_of("*");
  if (const Language* language = catalog.language(tag)) {
    for (const std::string& related : language->related) {
      if (const auto column = column_of(related)) related_.push_back({related, *column});
    }
  }
  if (!is_english()) return;
  scored_.assign(catalog.models.size(), 0);
  for (const Score& score : catalog.scores) scored_[score.model] = 1;
}

/// The related language in which this model was measured; nullptr where there is none.
const LanguageLookup::Related* LanguageLookup::related_measured(std::size_t model) const {
  for (const Related& related : related_) {
    if (ratings_.at(model, related.column).basis == Basis::measured) return &related;
  }
  return nullptr;
}

/// A rating for a language without a column: the model's languages at large, or a related
/// language's rating drawn halfway to them and with the wider bar of the two.
Rating LanguageLookup::borrowed(std::size_t model, const Related* related) const {
  Rating found = any_ ? ratings_.at(model, *any_) : Rating{};
  found.basis = Basis::predicted;
  found.scores.clear();
  if (related == nullptr) return found;
  const Rating& near = ratings_.at(model, related->column);
  const double below = std::max(found.value - found.low, near.value - near.low);
  const double above = std::max(found.high - found.value, near.high - near.value);
  found.value = (found.value + near.value) / 2;
  found.low = std::max(0.0, found.value - below);
  found.high = std::min(100.0, found.value + above);
  found.scores = near.scores;
  return found;
}

LanguageStanding LanguageLookup::of(std::size_t model) const {
  const LanguageClaims& claims = catalog_.models[model].languages;
  LanguageStanding standing;

  const Rating* rating = column_ && model < ratings_.models() ? &ratings_.at(model, *column_) : nullptr;
  const bool measured = rating != nullptr && rating->basis == Basis::measured;
  const Related* related = measured || model >= ratings_.models() ? nullptr : related_measured(model);
  if (related != nullptr) standing.related = related->tag;
  if (rating != nullptr) {
    standing.rating = *rating;
  } else if (model < ratings_.models()) {
    standing.rating = borrowed(model, related);
  } else {
    standing.rating.basis = Basis::predicted;
  }

  const auto named = [&](const std::vector<std::string>& list) {
    return std::any_of(tags_.begin(), tags_.end(), [&](const std::string& t) { return contains(list, t); });
  };
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
  if (is_english() && scored_[model]) {
    standing.status = LanguageStatus::measured;
    return standing;
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

LanguageStanding language_standing(const Catalog& catalog, const Ratings& ratings, std::size_t model,
                                   std::string_view tag) {
  return LanguageLookup(catalog, ratings, tag).of(model);
}

}  // namespace jobfit
