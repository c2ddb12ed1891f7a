#include "small_catalog.hpp"
#include "support/test.hpp"

#include <algorithm>
#include <random>

using namespace jobfit;
using namespace jobfit::test;

TEST_CASE("a better score gives a better rating", "[evidence]") {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "coding");
  const Ratings ratings = rate(catalog);
  CHECK(rating(catalog, ratings, "g", "code").value > rating(catalog, ratings, "d", "code").value);
  CHECK(rating(catalog, ratings, "d", "code").value > rating(catalog, ratings, "a", "code").value);
  CHECK(rating(catalog, ratings, "d", "code").basis == Basis::measured);
  CHECK(rating(catalog, ratings, "d", "code").scores == std::vector<std::uint32_t>{3});
}

TEST_CASE("a metric where lower is better is turned round", "[evidence]") {
  Catalog catalog = small_catalog();
  Metric errors = metric("errors", {{"faithfulness", 1}});
  errors.higher_is_better = false;
  catalog.metrics.push_back(errors);
  add_table(catalog, "board", "errors", {{"c", 5, ""}, {"d", 20, ""}, {"e", 10, ""}, {"f", 30, ""}});
  const Ratings ratings = rate(catalog);
  CHECK(rating(catalog, ratings, "c", "faithfulness").value >
        rating(catalog, ratings, "f", "faithfulness").value);
}

TEST_CASE("a model nobody measured gets a wide bar around what its size says", "[evidence]") {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "coding");
  add_ladder(catalog, "board", "thinking");
  const Ratings ratings = rate(catalog);
  const Rating unmeasured = rating(catalog, ratings, "h", "code");
  CHECK(unmeasured.basis == Basis::predicted);
  CHECK(unmeasured.scores.empty());
  CHECK(width(unmeasured) > width(rating(catalog, ratings, "g", "code")));
  CHECK(unmeasured.value > rating(catalog, ratings, "a", "code").value);
  CHECK(unmeasured.low < rating(catalog, ratings, "g", "code").low);
}

TEST_CASE("with no score at all every rating is a guess of the same width", "[evidence]") {
  const Catalog catalog = small_catalog();
  const Ratings ratings = rate(catalog);
  REQUIRE(ratings.models() == catalog.models.size());
  CHECK(rating(catalog, ratings, "d", "code").basis == Basis::predicted);
  CHECK(width(rating(catalog, ratings, "a", "code")) ==
        Approx(width(rating(catalog, ratings, "h", "code"))).margin(15));
  CHECK(width(rating(catalog, ratings, "d", "code")) > 20);
}

TEST_CASE("an empty catalog has no ratings and does no harm", "[evidence]") {
  const Catalog catalog;
  const Ratings ratings = rate(catalog);
  CHECK(ratings.models() == 0);
  CHECK(ratings.find(0, "code") == nullptr);
}

TEST_CASE("more scores narrow the bar", "[evidence]") {
  Catalog once = small_catalog();
  add_ladder(once, "board", "coding");
  Catalog twice = once;
  add_ladder(twice, "another", "coding");
  CHECK(width(rating(twice, rate(twice), "d", "code")) < width(rating(once, rate(once), "d", "code")));
}

TEST_CASE("a third party outweighs the maker", "[evidence]") {
  const auto with = [](ReporterClass low, ReporterClass high) {
    Catalog catalog = small_catalog();
    add_ladder(catalog, "board", "coding");
    add_table(catalog, "one", "coding", {{"c", 40, ""}, {"d", 50, ""}, {"f", 60, ""}});
    add_table(catalog, "one", "coding", {{"h", 45, ""}}, low);
    add_table(catalog, "two", "coding", {{"c", 40, ""}, {"d", 50, ""}, {"f", 60, ""}});
    add_table(catalog, "two", "coding", {{"h", 75, ""}}, high);
    return rating(catalog, rate(catalog), "h", "code").value;
  };
  // The same two scores: what the third party says counts for more.
  CHECK(with(ReporterClass::third_party, ReporterClass::maker) <
        with(ReporterClass::maker, ReporterClass::third_party));
  CHECK(with(ReporterClass::third_party, ReporterClass::aggregator) <
        with(ReporterClass::aggregator, ReporterClass::third_party));
}

TEST_CASE("a claim adds no score", "[evidence]") {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "coding");
  const Ratings before = rate(catalog);
  add_table(catalog, "claims", "coding", {{"h", 99, ""}, {"g", 98, ""}}, ReporterClass::claim);
  const Ratings after = rate(catalog);
  CHECK(rating(catalog, after, "h", "code").value == rating(catalog, before, "h", "code").value);
  CHECK(rating(catalog, after, "h", "code").basis == Basis::predicted);
}

TEST_CASE("a score without thinking says more of a model that can think", "[evidence]") {
  const auto with = [](Thinking thinking, const std::string& mode) {
    Catalog catalog = small_catalog();
    catalog.models[index_of(catalog, "d")].thinking = thinking;
    add_ladder(catalog, "board", "coding");
    add_table(catalog, "two", "thinking",
              {{"a", 20, ""}, {"b", 30, ""}, {"c", 40, ""}, {"d", 50, mode}, {"f", 60, ""}, {"g", 70, ""}});
    return rating(catalog, rate(catalog), "d", "reasoning").value;
  };
  CHECK(with(Thinking::optional, "no-thinking") > with(Thinking::optional, "thinking"));
  CHECK(with(Thinking::optional, "effort-minimal") > with(Thinking::optional, "effort-low"));
  CHECK(with(Thinking::optional, "effort-low") > with(Thinking::optional, "effort-high"));
  CHECK(with(Thinking::none, "no-thinking") == with(Thinking::none, ""));
}

TEST_CASE("a squeezed build's score is read with what the squeeze costs", "[evidence]") {
  const auto with = [](double loss) {
    Catalog catalog = small_catalog();
    Quantization quantization;
    quantization.name = "Q2_K";
    quantization.loss = loss;
    catalog.quantizations.push_back(quantization);
    add_ladder(catalog, "board", "coding");
    for (Score& score : catalog.scores) {
      if (score.model == index_of(catalog, "d")) score.setting = add_setting(catalog, {"", "Q2_K", ""});
    }
    return rating(catalog, rate(catalog), "d", "code").value;
  };
  CHECK(with(10) > with(0));
}

TEST_CASE("a sibling's measurement moves the guess, and its name is kept", "[evidence]") {
  Catalog catalog = small_catalog();
  for (const char* id : {"g", "h"}) {
    catalog.models[index_of(catalog, id)].family = "kin";
    catalog.models[index_of(catalog, id)].maker = "kin";
  }
  Catalog alone = small_catalog();
  for (Catalog* each : {&catalog, &alone}) {
    add_ladder(*each, "board", "thinking");
    add_table(*each, "stage", "roleplay",
              {{"b", 50, ""}, {"c", 52, ""}, {"d", 55, ""}, {"f", 57, ""}, {"g", 95, ""}});
  }
  const Rating kin = rating(catalog, rate(catalog), "h", "persona");
  const Rating stranger = rating(alone, rate(alone), "h", "persona");
  CHECK(kin.basis == Basis::sibling);
  CHECK(kin.from_model == index_of(catalog, "g"));
  CHECK(kin.scores.size() == 1);
  CHECK(kin.value > stranger.value);
  CHECK(width(kin) < width(stranger));
  CHECK(width(kin) > width(rating(catalog, rate(catalog), "g", "persona")));
}

TEST_CASE("a coder's general ability is no promise of a persona", "[evidence]") {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "thinking");
  add_table(catalog, "stage", "roleplay",
            {{"a", 30, ""}, {"b", 35, ""}, {"c", 40, ""}, {"d", 45, ""}, {"f", 50, ""}});
  const double general = rating(catalog, rate(catalog), "g", "persona").value;
  catalog.models[index_of(catalog, "g")].kind = "coder";
  const Ratings ratings = rate(catalog);
  CHECK(rating(catalog, ratings, "g", "persona").value < general - 10);
  CHECK(rating(catalog, ratings, "g", "persona").low < 30);
  CHECK(rating(catalog, ratings, "g", "code").value > rating(catalog, ratings, "g", "persona").value + 15);
}

TEST_CASE("an OCR model is good at reading pages and at nothing else", "[evidence]") {
  Catalog catalog = small_catalog();
  catalog.capabilities.push_back({"document-vision", ""});
  Model ocr = model("z-ocr", 1e9);
  ocr.kind = "ocr";
  catalog.models.push_back(ocr);
  catalog.metrics.push_back(metric("pages", {{"document-vision", 1}}));
  add_ladder(catalog, "board", "thinking");
  add_table(catalog, "scans", "pages", {{"c", 60, ""}, {"d", 65, ""}, {"f", 70, ""}, {"z-ocr", 92, ""}});
  const Ratings ratings = rate(catalog);
  CHECK(rating(catalog, ratings, "z-ocr", "document-vision").value > 70);
  CHECK(rating(catalog, ratings, "z-ocr", "reasoning").value < 40);
  CHECK(rating(catalog, ratings, "z-ocr", "persona").high < 50);
}

TEST_CASE("what a model cannot do at all is rated zero and says so", "[evidence]") {
  Catalog catalog = small_catalog();
  catalog.models[index_of(catalog, "d")].inputs = {"text"};
  catalog.models[index_of(catalog, "d")].fill_in_middle = Known::no;
  const Ratings ratings = rate(catalog);
  CHECK(rating(catalog, ratings, "d", "vision").basis == Basis::none);
  CHECK(rating(catalog, ratings, "d", "vision").high == 0);
  CHECK(rating(catalog, ratings, "d", "completion").basis == Basis::none);
  CHECK(rating(catalog, ratings, "e", "vision").basis == Basis::predicted);
}

TEST_CASE("a table of one model alone proves nothing", "[evidence]") {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "coding");
  const Ratings before = rate(catalog);
  catalog.metrics.push_back(metric("obscure", {{"code", 1}}));
  add_table(catalog, "lonely", "obscure", {{"h", 99, ""}});
  const Ratings after = rate(catalog);
  CHECK(rating(catalog, after, "h", "code").value ==
        Approx(rating(catalog, before, "h", "code").value).margin(1.5));
}

TEST_CASE("the middle of the catalog's open models is 50", "[evidence]") {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "coding");
  const Ratings ratings = rate(catalog);
  std::vector<double> values;
  for (const Model& m : catalog.models) values.push_back(rating(catalog, ratings, m.id, "code").value);
  std::sort(values.begin(), values.end());
  CHECK((values[3] + values[4]) / 2 == Approx(50).margin(0.02));
}

TEST_CASE("ratings do not depend on the order of models, metrics, tables or scores", "[evidence]") {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "coding");
  add_ladder(catalog, "other", "thinking");
  add_table(catalog, "stage", "roleplay", {{"b", 50, ""}, {"d", 55, ""}, {"h", 80, ""}, {"g", 75, ""}},
            ReporterClass::maker);
  add_table(catalog, "school", "exam", {{"c", 40, ""}, {"d", 44, ""}, {"f", 60, ""}, {"h", 71, ""}},
            ReporterClass::third_party, "th");
  catalog.models[6].family = catalog.models[7].family;
  const Ratings expected = rate(catalog);

  std::mt19937 random(7);
  for (int round = 0; round < 5; ++round) {
    Catalog shuffled = catalog;
    std::vector<std::uint32_t> model_at(catalog.models.size()), table_at(catalog.tables.size());
    for (std::size_t i = 0; i < model_at.size(); ++i) model_at[i] = static_cast<std::uint32_t>(i);
    for (std::size_t i = 0; i < table_at.size(); ++i) table_at[i] = static_cast<std::uint32_t>(i);
    std::shuffle(model_at.begin(), model_at.end(), random);
    std::shuffle(table_at.begin(), table_at.end(), random);
    for (std::size_t i = 0; i < model_at.size(); ++i) shuffled.models[model_at[i]] = catalog.models[i];
    for (std::size_t i = 0; i < table_at.size(); ++i) shuffled.tables[table_at[i]] = catalog.tables[i];
    for (Score& score : shuffled.scores) {
      score.model = model_at[score.model];
      score.table = table_at[score.table];
    }
    std::shuffle(shuffled.scores.begin(), shuffled.scores.end(), random);
    std::shuffle(shuffled.metrics.begin(), shuffled.metrics.end(), random);
    std::shuffle(shuffled.capabilities.begin(), shuffled.capabilities.end(), random);
    const Ratings found = rate(shuffled);
    REQUIRE(found.capabilities() == expected.capabilities());
    for (std::size_t m = 0; m < model_at.size(); ++m) {
      for (std::size_t c = 0; c < expected.capabilities().size(); ++c) {
        const Rating& a = expected.at(m, c);
        const Rating& b = found.at(model_at[m], c);
        REQUIRE(a.value == b.value);
        REQUIRE(a.low == b.low);
        REQUIRE(a.high == b.high);
        REQUIRE(a.basis == b.basis);
      }
    }
  }
}
