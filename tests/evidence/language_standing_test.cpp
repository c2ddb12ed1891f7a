#include "small_catalog.hpp"
#include "support/test.hpp"

using namespace jobfit;
using namespace jobfit::test;

namespace {

LanguageStanding standing(const Catalog& catalog, const char* model, const char* tag) {
  return language_standing(catalog, rate(catalog), index_of(catalog, model), tag);
}

/// Six models measured in Thai; "a" hardly knows it.
Catalog thai_catalog() {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "coding");
  add_table(catalog, "school", "exam",
            {{"a", 5, ""}, {"c", 45, ""}, {"d", 55, ""}, {"e", 50, ""}, {"f", 60, ""}, {"g", 70, ""}},
            ReporterClass::third_party, "th");
  return catalog;
}

}  // namespace

TEST_CASE("a measured language is measured, and clearly bad is said", "[evidence]") {
  const Catalog catalog = thai_catalog();
  CHECK(standing(catalog, "g", "th").status == LanguageStatus::measured);
  CHECK(standing(catalog, "a", "th").status == LanguageStatus::measured_bad);
  CHECK(standing(catalog, "g", "th").rating.value > standing(catalog, "a", "th").rating.value);
}

TEST_CASE("without a measurement the words go from sibling to listed, counted and unknown", "[evidence]") {
  Catalog catalog = thai_catalog();
  Model& h = catalog.models[index_of(catalog, "h")];
  CHECK(standing(catalog, "h", "th").status == LanguageStatus::unknown);
  h.languages.counted = 140;
  CHECK(standing(catalog, "h", "th").status == LanguageStatus::counted);
  h.languages.listed = {"th"};
  CHECK(standing(catalog, "h", "th").status == LanguageStatus::listed);
  CHECK(standing(catalog, "h", "th").source == "card");
  h.family = "g";
  h.maker = "g";
  CHECK(standing(catalog, "h", "th").status == LanguageStatus::sibling);
}

TEST_CASE("a claim lifts the gate and leaves the rating alone", "[evidence]") {
  Catalog catalog = thai_catalog();
  const double before = standing(catalog, "h", "th").rating.value;
  catalog.models[index_of(catalog, "h")].languages.listed = {"th"};
  CHECK(standing(catalog, "h", "th").rating.value == before);
}

TEST_CASE("an exhaustive list excludes what is not on it, unless it was measured", "[evidence]") {
  Catalog catalog = thai_catalog();
  for (const char* id : {"g", "h"}) {
    catalog.models[index_of(catalog, id)].languages.listed = {"en", "de"};
    catalog.models[index_of(catalog, id)].languages.only = true;
  }
  CHECK(standing(catalog, "h", "th").status == LanguageStatus::excluded);
  CHECK(standing(catalog, "h", "de").status == LanguageStatus::listed);
  CHECK(standing(catalog, "g", "th").status == LanguageStatus::measured);
}

TEST_CASE("a language counted out by the maker is excluded", "[evidence]") {
  Catalog catalog = thai_catalog();
  catalog.models[index_of(catalog, "h")].languages.counted = 140;
  catalog.models[index_of(catalog, "h")].languages.counted_out = {"th"};
  CHECK(standing(catalog, "h", "th").status == LanguageStatus::excluded);
}

TEST_CASE("English counts as measured once anything was", "[evidence]") {
  const Catalog catalog = thai_catalog();
  CHECK(standing(catalog, "g", "en").status == LanguageStatus::measured);
  CHECK(standing(catalog, "h", "en").status == LanguageStatus::unknown);
}

TEST_CASE("a region falls back to its language, a script does not", "[evidence]") {
  Catalog catalog = small_catalog();
  add_table(catalog, "school", "exam", {{"c", 45, ""}, {"d", 55, ""}, {"f", 60, ""}},
            ReporterClass::third_party, "pt");
  add_table(catalog, "school", "exam", {{"c", 45, ""}, {"d", 55, ""}, {"f", 60, ""}},
            ReporterClass::third_party, "zh");
  CHECK(standing(catalog, "d", "pt-BR").status == LanguageStatus::measured);
  CHECK(standing(catalog, "d", "zh").status == LanguageStatus::measured);
  CHECK(standing(catalog, "d", "zh-Hant").status == LanguageStatus::unknown);
  CHECK(standing(catalog, "d", "zh-Hant").related == "zh");
}

TEST_CASE("a language nobody measured gets an honest wide bar, and a measured relative is named",
          "[evidence]") {
  const Catalog catalog = thai_catalog();
  const LanguageStanding lao = standing(catalog, "g", "lo");
  CHECK(lao.status == LanguageStatus::unknown);
  CHECK(lao.related == "th");
  CHECK(lao.rating.basis == Basis::predicted);
  CHECK(width(lao.rating) > width(standing(catalog, "g", "th").rating));
  const LanguageStanding portuguese = standing(catalog, "g", "pt");
  CHECK(portuguese.related.empty());
  CHECK(portuguese.rating.high - portuguese.rating.low > 20);
}
