#include "small_catalog.hpp"
#include "support/test.hpp"

using namespace jobfit;
using namespace jobfit::test;

namespace {

Ratings some_ratings() {
  Catalog catalog = small_catalog();
  add_ladder(catalog, "board", "coding");
  add_ladder(catalog, "board", "thinking");
  catalog.models[0].inputs = {"text"};
  return rate(catalog);
}

}  // namespace

TEST_CASE("compiled ratings come back to the last bit", "[evidence]") {
  const Ratings ratings = some_ratings();
  const auto found = decompile_ratings(compile(ratings));
  REQUIRE(found);
  REQUIRE(found->capabilities == ratings.capabilities);
  REQUIRE(found->rows.size() == ratings.rows.size());
  for (std::size_t m = 0; m < ratings.rows.size(); ++m) {
    for (std::size_t c = 0; c < ratings.capabilities.size(); ++c) {
      const Rating& a = ratings.rows[m][c];
      const Rating& b = found->rows[m][c];
      CHECK(a.value == b.value);
      CHECK(a.low == b.low);
      CHECK(a.high == b.high);
      CHECK(a.basis == b.basis);
      CHECK(a.scores == b.scores);
      CHECK(a.from_model == b.from_model);
    }
  }
}

TEST_CASE("a blob cut short anywhere is refused", "[evidence]") {
  const std::string blob = compile(some_ratings());
  for (std::size_t length = 0; length < blob.size(); ++length) {
    REQUIRE_FALSE(decompile_ratings(std::string_view(blob).substr(0, length)));
  }
  REQUIRE_FALSE(decompile_ratings(blob + "x"));
}

TEST_CASE("a blob with any one byte changed is refused or read without harm", "[evidence]") {
  const std::string blob = compile(some_ratings());
  for (std::size_t at = 0; at < blob.size(); ++at) {
    std::string changed = blob;
    changed[at] = static_cast<char>(changed[at] ^ 0x80);
    const auto found = decompile_ratings(changed);
    if (!found) continue;
    for (const auto& row : found->rows) {
      for (const Rating& rating : row) {
        REQUIRE(rating.low <= rating.value);
        REQUIRE(rating.value <= rating.high);
        REQUIRE(rating.from_model < found->rows.size());
      }
    }
  }
}

TEST_CASE("ratings of nothing compile too", "[evidence]") {
  const auto found = decompile_ratings(compile(Ratings{}));
  REQUIRE(found);
  CHECK(found->rows.empty());
}
