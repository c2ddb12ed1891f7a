// tests/golden/*.txt and the console blocks of README.md, run as they are written.
// JOBFIT_UPDATE_GOLDEN=1 in the environment writes anew what differs; read the difference before you keep it.
#include <unistd.h>

#include <algorithm>

#include "cli/transcript.hpp"
#include "jobfit/report.hpp"
#include "support/test.hpp"

namespace {

namespace fs = std::filesystem;
using namespace jobfit::transcript;

fs::path fresh_folder(const std::string& name) {
  const fs::path folder = fs::temp_directory_path() / ("jobfit-golden-" + std::to_string(getpid()) + "-" + name);
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

/// A line of the README without its figures and bars, which move whenever something new is measured.
std::string without_figures(const std::string& line) {
  std::string plain;
  for (const char c : line) {
    const bool figure = (c >= '0' && c <= '9') || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    if (!figure) {
      if (c != ' ' || !plain.ends_with(' ')) plain += c;
    } else if (!plain.ends_with('0')) {
      plain += '0';
    }
  }
  return plain;
}

std::vector<std::string> without_figures(std::vector<std::string> lines) {
  for (std::string& line : lines) {
    if (line != "...") line = without_figures(line);
  }
  return lines;
}

/// Runs every step of `file`; with JOBFIT_UPDATE_GOLDEN writes it anew where a step without "..." differs.
int check_transcripts(const fs::path& file, bool fenced) {
  const bool update = std::getenv("JOBFIT_UPDATE_GOLDEN") != nullptr;
  const fs::path temporary = fresh_folder(file.stem().string());
  const Places places(temporary);
  std::vector<std::string> written;
  int steps = 0;
  bool changed = false;
  for (const Part& part : parse(lines_of(read_whole(file)), fenced)) {
    written.insert(written.end(), part.before.begin(), part.before.end());
    if (!part.has_step) continue;
    const Step& step = part.step;
    ++steps;
    const Result result = perform(step, places, temporary);
    const std::vector<std::string> actual = lines_of(result.output);
    const bool same = result.code == step.code &&
                      (fenced ? matches(without_figures(step.output), without_figures(actual)) : step.output == actual);
    const bool elided = fenced && std::count(step.output.begin(), step.output.end(), "...") > 0;
    INFO(file.filename().string() << ":" << step.line << ": $ " << step.command);
    if (steps == 1 && !fenced) CHECK(perform(step, places, temporary).output == result.output);
    if (!fenced && !update) CHECK(step.has_code);
    if (!same && (!update || elided)) {
      CHECK(joined(actual) == joined(step.output));
      CHECK(result.code == step.code);
    }
    changed = changed || !same || (!fenced && !step.has_code);
    written.insert(written.end(), step.head.begin(), step.head.end());
    const std::vector<std::string>& output = same || elided ? step.output : actual;
    written.insert(written.end(), output.begin(), output.end());
    if (!fenced || step.has_code || result.code != 0) written.push_back("? " + std::to_string(result.code));
  }
  if (update && changed) std::ofstream(file, std::ios::binary) << joined(written);
  fs::remove_all(temporary);
  return steps;
}

}  // namespace

TEST_CASE("every golden transcript says what jobfit says", "[cli]") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(JOBFIT_TESTS_DIR) / "golden")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE_FALSE(files.empty());
  for (const fs::path& file : files) {
    DYNAMIC_SECTION(file.stem().string()) { CHECK(check_transcripts(file, false) > 0); }
  }
}

TEST_CASE("every console block of the README says what jobfit says", "[cli]") {
  CHECK(check_transcripts(fs::path(JOBFIT_TESTS_DIR).parent_path() / "README.md", true) > 0);
}

TEST_CASE("a transcript is read as it is written", "[cli]") {
  const auto parts = parse({"first a comment", "$ LANG=C jobfit \\", "  --json", "> 1", "> th", "said", "? 2", "after"}, false);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].before == std::vector<std::string>{"first a comment"});
  CHECK(parts[0].step.command == "LANG=C jobfit   --json");
  CHECK(parts[0].step.typed == "1\nth\n");
  CHECK(parts[0].step.output == std::vector<std::string>{"said"});
  CHECK(parts[0].step.code == 2);
  CHECK(parts[1].before == std::vector<std::string>{"after"});
  CHECK(words_of("jobfit --gpu \"RTX 4090\" '' a\\ b") == std::vector<std::string>{"jobfit", "--gpu", "RTX 4090", "", "a b"});
  CHECK(matches({"a", "...", "d"}, {"a", "b", "c", "d"}));
  CHECK_FALSE(matches({"a", "...", "d"}, {"a", "b", "c"}));
}

TEST_CASE("the version that jobfit tells is the version that is built", "[cli]") {
  CHECK(std::string(jobfit::kVersion) == JOBFIT_VERSION);
}
