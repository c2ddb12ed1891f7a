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
  const std::string blob = compile(ratings);
  const auto found = decompile_ratings(blob);
  REQUIRE(found);
  CHECK(compile(*found) == blob);
  REQUIRE(found->capabilities() == ratings.capabilities());
  REQUIRE(found->models() == ratings.models());
  for (std::size_t m = 0; m < ratings.models(); ++m) {
    for (std::size_t c = 0; c < ratings.capabilities().size(); ++c) {
      const Rating& a = ratings.at(m, c);
      const Rating& b = found->at(m, c);
      CHECK(a.value == b.value);
      CHECK(a.low == b.low);
      CHECK(a.high == b.high);
      CHECK(a.basis == b.basis);
      CHECK(a.scores == b.scores);
      CHECK(a.from_model == b.from_model);
      REQUIRE(b.low <= b.value);
      REQUIRE(b.value <= b.high);
      REQUIRE(b.from_model < found->models());
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

TEST_CASE("a blob with any one byte changed is refused", "[evidence]") {
  const std::string blob = compile(some_ratings());
  for (std::size_t at = 0; at < blob.size(); ++at) {
    std::string changed = blob;
    changed[at] = static_cast<char>(changed[at] ^ 0x80);
    REQUIRE_FALSE(decompile_ratings(changed));
  }
}

TEST_CASE("ratings of nothing compile too", "[evidence]") {
  const std::string blob = compile(Ratings{});
  const auto found = decompile_ratings(blob);
  REQUIRE(found);
  CHECK(found->models() == 0);
}
