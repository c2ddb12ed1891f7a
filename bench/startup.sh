#!/bin/sh
# What a run costs: whole processes, side by side in one run, taking turns so that a busy moment hits all alike.
# Usage: bench/startup.sh JOBFIT [FILE.gguf] [ROUNDS]
set -eu
jobfit=$(readlink -f -- "${1:?usage: bench/startup.sh JOBFIT [FILE.gguf] [ROUNDS]}")
gguf=${2:-}
rounds=${3:-41}
root=$(cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# An empty C++ program is the floor; the clock is in the parent, between fork and wait.
cat >"$work/empty.cpp" <<'CPP'
int main() {}
CPP
cat >"$work/clock.cpp" <<'CPP'
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct Row { std::string name; std::vector<std::string> words; std::vector<double> ms; long kib = 0; int code = 0; };

// Each line of the file: a name, a tab, and words separated by tabs.
int main(int, char** argv) {
  std::vector<Row> rows;
  std::ifstream in(argv[1]);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    Row row;
    std::getline(words, row.name, '\t');
    for (std::string word; std::getline(words, word, '\t');) row.words.push_back(word);
    rows.push_back(row);
  }
  const int rounds = std::atoi(argv[2]);
  for (int round = 0; round < rounds; ++round) {
    for (Row& row : rows) {
      std::vector<char*> arguments;
      for (std::string& word : row.words) arguments.push_back(word.data());
      arguments.push_back(nullptr);
      const auto start = std::chrono::steady_clock::now();
      const pid_t child = fork();
      if (child == 0) {
        const int null = open("/dev/null", O_RDWR);
        for (int stream : {0, 1, 2}) dup2(null, stream);
        execv(arguments[0], arguments.data());
        _exit(127);
      }
      int status = 0;
      rusage use{};
      wait4(child, &status, 0, &use);
      const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
      row.ms.push_back(took.count());
      row.kib = std::max(row.kib, use.ru_maxrss);
      row.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
  }
  double version = 0;
  std::printf("%-24s %8s %8s %8s %10s %9s %5s\n", "", "min ms", "median", "max", "/ version", "peak MiB", "exit");
  for (Row& row : rows) {
    std::sort(row.ms.begin(), row.ms.end());
    const double median = row.ms[row.ms.size() / 2];
    if (row.name == "--version") version = median;
    std::printf("%-24s %8.2f %8.2f %8.2f ", row.name.c_str(), row.ms.front(), median, row.ms.back());
    if (version > 0) std::printf("%10.2f", median / version);
    else std::printf("%10s", "");
    std::printf(" %9.1f %5d\n", static_cast<double>(row.kib) / 1024.0, row.code);
  }
}
CPP
"${CXX:-c++}" -O2 -o "$work/empty" "$work/empty.cpp"
"${CXX:-c++}" -O2 -std=c++17 -o "$work/clock" "$work/clock.cpp"

row() { printf '%s' "$1"; shift; printf '\t%s' "$@"; printf '\n'; }
ask() { name=$1; shift; row "$name" "$jobfit" --job chat --language th --egress never --tolerate confabulation "$@"; }
{
  row 'an empty C++ program' "$work/empty"
  row '--version' "$jobfit" --version
  ask 'one-shot JSON' --machine laptop-16g --json
  ask 'one-shot text' --machine laptop-16g
  row 'estimate, by name' "$jobfit" estimate qwen3.6-27b --machine laptop-16g --json
  if [ -n "$gguf" ]; then row 'estimate, GGUF file' "$jobfit" estimate "$gguf" --machine laptop-16g --json; fi
  row 'a full probe' "$jobfit" machine --json
  row 'a recorded probe' "$jobfit" machine --json --root "$root/tests/fixtures/machines/gpu-24g"
} >"$work/rows"
"$work/clock" "$work/rows" "$rounds"
size=$(wc -c <"$jobfit")
if command -v strip >/dev/null 2>&1 && strip -o "$work/stripped" "$jobfit" 2>/dev/null; then size=$(wc -c <"$work/stripped"); fi
echo "executable, stripped: $size bytes"
