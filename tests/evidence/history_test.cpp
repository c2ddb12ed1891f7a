#include "small_catalog.hpp"
#include "support/test.hpp"

using namespace jobfit;
using namespace jobfit::test;

TEST_CASE("the catalog of an earlier day knows neither later models nor later scores", "[evidence]") {
  Catalog catalog = small_catalog();
  catalog.as_of = {2026, 11, 1};
  catalog.models[index_of(catalog, "h")].released = {2026, 9, 1};
  catalog.models[index_of(catalog, "g")].superseded_by = "h";
  catalog.models[index_of(catalog, "f")].derived_from = "d";
  catalog.models[index_of(catalog, "e")].retired = {2026, 10, 1};
  add_table(catalog, "early", "coding", {{"a", 20, ""}, {"g", 60, ""}, {"h", 70, ""}},
            ReporterClass::third_party, "", {2026, 5, 1});
  add_table(catalog, "late", "coding", {{"a", 20, ""}, {"g", 60, ""}}, ReporterClass::third_party, "",
            {2026, 10, 1});

  const Catalog past = as_of(catalog, {2026, 6, 1});
  CHECK(past.models.size() == 7);
  CHECK(past.model("h") == nullptr);
  CHECK(past.model("g")->superseded_by.empty());
  CHECK(past.model("f")->derived_from == "d");
  CHECK_FALSE(past.model("e")->retired.known());
  REQUIRE(past.tables.size() == 1);
  REQUIRE(past.scores.size() == 2);
  CHECK(past.models[past.scores[1].model].id == "g");
  CHECK(past.as_of == Date{2026, 6, 1});
}

TEST_CASE("a date known to the month counts from its first day, an unknown one was always known",
          "[evidence]") {
  Catalog catalog = small_catalog();
  catalog.models[0].released = {2026, 6, 0};
  catalog.models[1].released = {};
  CHECK(as_of(catalog, {2026, 6, 1}).models.size() == 8);
  CHECK(as_of(catalog, {2026, 5, 31}).models.size() == 7);
}

TEST_CASE("without a date the catalog stays as it is", "[evidence]") {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "coding");
  CHECK(as_of(catalog, {}).scores.size() == catalog.scores.size());
}
