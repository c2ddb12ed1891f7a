// The data folder of this very tree.
#include "jobfit/catalog.hpp"

#include "support/test.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

using namespace jobfit;

namespace {

const CatalogRead& shipped_data() {
  static const CatalogRead read = [] {
    std::vector<SourceFile> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(JOBFIT_DATA_DIR)) {
      const auto relative = entry.path().lexically_relative(JOBFIT_DATA_DIR);
      const std::string folder = relative.begin()->string();
      if (entry.path().extension() != ".yaml" || folder == "schema" || folder == "man" ||
          folder == "completions")
        continue;
      std::ifstream in(entry.path(), std::ios::binary);
      files.push_back({"data/" + relative.generic_string(),
                       std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>())});
    }
    return read_catalog(files);
  }();
  return read;
}

}  // namespace

TEST_CASE("the shipped data reads without a problem", "[catalog]") {
  CHECK(format_diagnostics(shipped_data().problems) == "");
}

TEST_CASE("the shipped data has every part", "[catalog]") {
  const Catalog& catalog = shipped_data().catalog;
  CHECK(catalog.models.size() >= 85);
  CHECK(catalog.metrics.size() >= 40);
  CHECK(catalog.scores.size() >= 3000);
  CHECK(catalog.languages.size() >= 50);
  CHECK(catalog.quantizations.size() >= 20);
  CHECK(catalog.devices.size() >= 100);
  CHECK_FALSE(catalog.presets.empty());
  CHECK_FALSE(catalog.glossary.empty());
  REQUIRE(catalog.questions.list.size() == 4);
  CHECK(catalog.questions.ids(Gate::job).size() == 13);
  CHECK(catalog.questions.ids(Gate::egress).size() == 4);
  CHECK(catalog.questions.ids(Gate::failure).size() == 13);
  CHECK_FALSE(catalog.words.empty());
}

TEST_CASE("the shipped data is the same after compiling", "[catalog]") {
  const std::string blob = compile(shipped_data().catalog);
  const auto again = decompile(blob);
  REQUIRE(again);
  CHECK(compile(*again) == blob);
}
