// From scores to ratings: how good each model is at each thing, and how sure that is.
#pragma once

#include "jobfit/catalog.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// On what a rating rests, best first.
enum class Basis { measured, sibling, family, predicted, none };

/// 0..100 on the capability's own scale, where 50 is the middle of the catalog's
/// models and 15 points one standard deviation; [low, high] holds about 80 %.
struct Rating {
  double value = 50, low = 0, high = 100;
  Basis basis = Basis::none;
  std::vector<std::uint32_t> scores;   ///< indexes into Catalog::scores that bear on it
  std::uint32_t from_model = 0;        ///< whose measurement, when sibling
};

/// Ratings of every model for every capability, and for every language in which
/// something was measured ("language:th"). Deterministic; independent of the order
/// of models, tables and files.
class Ratings {
 public:
  Ratings() = default;
  /// Of so many models, nothing known of any yet.
  Ratings(std::vector<std::string> capabilities, std::size_t models);

  /// The columns; languages as "language:TAG".
  const std::vector<std::string>& capabilities() const { return capabilities_; }
  /// As many as in the catalog, and in its order.
  std::size_t models() const { return models_; }
  /// nullopt: nothing was measured for it.
  std::optional<std::size_t> column(std::string_view capability) const;

  const Rating& at(std::size_t model, std::size_t column) const { return unpacked(column)[model]; }
  Rating& at(std::size_t model, std::size_t column) { return unpacked(column)[model]; }
  const Rating* find(std::size_t model, std::string_view capability) const;

 private:
  friend std::optional<Ratings> decompile_ratings(std::string_view blob);
  std::vector<Rating>& unpacked(std::size_t column) const;

  std::vector<std::string> capabilities_;
  std::size_t models_ = 0;
  /// Of compiled ratings a run asks for a few columns in a hundred: each is unpacked when it is first asked for.
  mutable std::vector<std::vector<Rating>> columns_;
  std::vector<std::string_view> packed_;
};

/// The method is explained in src/evidence/README.md.
Ratings rate(const Catalog& catalog);

/// Status of a model in a language, in words.
enum class LanguageStatus { measured, measured_bad, sibling, listed, counted, unknown, excluded };
struct LanguageStanding {
  LanguageStatus status = LanguageStatus::unknown;
  Rating rating;                       ///< of "language:TAG"; wide where nothing was measured
  std::string source;                  ///< of the claim, where it rests on one
  std::string related;                 ///< tag whose measurement lent weak evidence
};
LanguageStanding language_standing(const Catalog& catalog, const Ratings& ratings,
                                   std::size_t model, std::string_view tag);

/// One language asked of many models: what does not depend on the model is looked up once.
/// Holds on to the catalog and the ratings.
class LanguageLookup {
 public:
  LanguageLookup(const Catalog& catalog, const Ratings& ratings, std::string_view tag);
  /// As language_standing.
  LanguageStanding of(std::size_t model) const;

 private:
  struct Related {
    std::string tag;
    std::size_t column;
  };
  bool is_english() const { return tag_ == "en" || tag_.starts_with("en-"); }
  const Related* related_measured(std::size_t model) const;
  Rating borrowed(std::size_t model, const Related* related) const;

  const Catalog& catalog_;
  const Ratings& ratings_;
  std::string tag_;
  std::vector<std::string> tags_;            ///< under which a claim of it may stand, nearest first
  std::optional<std::size_t> column_, any_;  ///< its own ratings; those of a model's languages at large
  std::vector<Related> related_;             ///< that have ratings, nearest first
  std::vector<char> scored_;                 ///< by model, for English: whether any benchmark measured it
};

/// The part of `catalog` known on `date`: later models, tables and scores removed.
Catalog as_of(const Catalog& catalog, const Date& date);

std::string compile(const Ratings& ratings);
/// nullopt for what `compile` did not make. Holds on to `blob`.
std::optional<Ratings> decompile_ratings(std::string_view blob);

}  // namespace jobfit
