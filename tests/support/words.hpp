// The words as shipped, for tests of what a person reads.
#pragma once

#include "jobfit/catalog.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace jobfit::test {

/// Every words file of data/words, one language each; English first.
inline std::vector<Words> shipped_words() {
  namespace fs = std::filesystem;
  std::vector<SourceFile> files;
  const fs::path folder = fs::path(JOBFIT_DATA_DIR) / "words";
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path());
    std::ostringstream text;
    text << in.rdbuf();
    files.push_back({"data/" + fs::relative(entry.path(), JOBFIT_DATA_DIR).generic_string(), text.str()});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return read_catalog(files).catalog.words;
}

inline const Words& words_in(const std::string& language) {
  static const std::vector<Words> all = shipped_words();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Words& one) { return one.language == language; });
  static const Words none;
  return found == all.end() ? none : *found;
}

inline const Words& english() { return words_in("en"); }

}  // namespace jobfit::test
