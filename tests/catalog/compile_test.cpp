#include "jobfit/catalog.hpp"

#include "small_data.hpp"
#include "support/test.hpp"

using namespace jobfit;

TEST_CASE("a compiled catalog is the same catalog", "[catalog]") {
  const Catalog catalog = small_catalog();
  const std::string blob = compile(catalog);
  const auto again = decompile(blob);
  REQUIRE(again);
  CHECK(compile(*again) == blob);
  CHECK(again->version == catalog.version);
  CHECK(again->as_of == catalog.as_of);
  CHECK(again->scores.size() == catalog.scores.size());
  const Model& before = *catalog.model("alpha-8b");
  const Model& after = *again->model("alpha-8b");
  CHECK(after.builds.at(0).file == before.builds.at(0).file);
  CHECK(after.shape.values == before.shape.values);
  CHECK(after.place == before.place);
  CHECK(after.parameters == before.parameters);
  CHECK(again->words.at(1).templates == catalog.words.at(1).templates);
  CHECK(again->questions.option(Gate::job, "chat")->requires_.at(0).because.key == "not a talker");
  CHECK(again->devices.at(0).bandwidth == catalog.devices.at(0).bandwidth);
}

TEST_CASE("extremes survive compiling", "[catalog]") {
  Catalog catalog;
  catalog.models.emplace_back();
  Model& model = catalog.models.back();
  model.context.native = std::numeric_limits<std::int64_t>::max();
  model.projector_bytes = std::numeric_limits<std::int64_t>::min();
  model.parameters = 1e300;
  model.shape.values = {{"a", -1.5},
                        {"b", true},
                        {"c", std::string("ไทย")},
                        {"d", std::vector<std::int64_t>{-1, 0, 1}},
                        {"e", std::int64_t{-7}}};
  model.released = {2026, 0, 0};
  const auto again = decompile(compile(catalog));
  REQUIRE(again);
  CHECK(again->models.at(0).context.native == model.context.native);
  CHECK(again->models.at(0).projector_bytes == model.projector_bytes);
  CHECK(again->models.at(0).parameters == 1e300);
  CHECK(again->models.at(0).shape.values == model.shape.values);
}

TEST_CASE("a blob cut short, changed or foreign is refused", "[catalog]") {
  const std::string blob = compile(small_catalog());
  CHECK_FALSE(decompile(""));
  CHECK_FALSE(decompile("not a catalog at all, but long enough to hold a header of that size"));
  for (std::size_t length = 0; length < blob.size(); length += 97)
    CHECK_FALSE(decompile(std::string_view(blob).substr(0, length)));
  CHECK_FALSE(decompile(blob + "x"));
  for (std::size_t at = 0; at < blob.size(); at += 31) {
    std::string changed = blob;
    changed[at] = static_cast<char>(changed[at] ^ 0x20);
    CHECK_FALSE(decompile(changed));
  }
}
