// jobfit-manual DATA_FOLDER: writes man/jobfit.1 and completions/. With --check it only says what differs.
#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "cli/manual/manual.hpp"
#include "cli/shipped.hpp"

namespace {

using namespace jobfit;

std::string read_whole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Values that are told but not taken, as messages.
int refused(const manual::Manual& manual) {
  int count = 0;
  for (const manual::Flag& flag : manual.flags) {
    for (const std::string& word : flag.values.words) {
      const Parsed parsed = parse_options({flag.names.back(), word});
      if (parsed.error.empty()) continue;
      fmt::print(stderr, "{} {}: {}", flag.names.back(), word, parsed.error);
      ++count;
    }
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool check = arguments.size() == 2 && arguments[0] == "--check";
  if (arguments.size() != (check ? 2 : 1)) {
    fmt::print(stderr, "usage: jobfit-manual [--check] DATA_FOLDER\n");
    return 2;
  }
  const auto catalog = decompile(shipped().catalog);
  if (!catalog || catalog->words.empty()) return 3;
  const manual::Manual manual = manual::gather(*catalog);
  const std::pair<const char*, std::string> files[] = {
      {"/man/jobfit.1", man_page(manual, *catalog, catalog->words.front())},
      {"/completions/jobfit.bash", bash_completion(manual)},
      {"/completions/_jobfit", zsh_completion(manual)},
      {"/completions/jobfit.fish", fish_completion(manual)},
  };
  int problems = refused(manual);
  for (const auto& [name, text] : files) {
    const std::string path = arguments.back() + name;
    if (read_whole(path) == text) continue;
    if (check) {
      fmt::print(stderr, "{} is not what the flags and questions say: run jobfit-manual data\n", path);
      ++problems;
    } else {
      std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    }
  }
  return problems == 0 ? 0 : 1;
}
