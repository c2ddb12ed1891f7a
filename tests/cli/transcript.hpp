// Transcripts: what is typed and all that comes back, run in-process and compared line by line.
//
//   $ jobfit --job chat --language th --machine laptop-16g   a command; "\" at its end continues it
//   > 1                                                      typed at a terminal, line by line
//   Qwen3.6 27B ...                                          stdout and stderr, in the order they came
//   ...                                                      any number of lines (only in README.md)
//   ? 0                                                      the exit code
//
// A command may set variables (`LANG=th_TH.UTF-8 jobfit ...`), read standard input from a file (`< @golden/x`; without a
// folder it lies in tests/fixtures) and pipe its standard output on (`| jq ...`). @machines/NAME is a recording,
// @fixtures/ and @golden/ are folders of tests/, @tmp/ is an empty folder. The first run of a file is made twice and
// must give the same bytes.
#pragma once

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/shipped.hpp"
#include "jobfit/cli.hpp"

namespace jobfit::transcript {

struct Step {
  std::size_t line = 0;         ///< of the file, from 1
  std::string command;          ///< without "$ ", its lines joined
  std::string typed;            ///< at a terminal; with none standard input is no terminal
  std::vector<std::string> output;
  int code = 0;
  bool has_code = false;
  std::vector<std::string> head;  ///< the lines of the command as written
};

/// A stretch of a file: lines kept as they are, then perhaps a step.
struct Part {
  std::vector<std::string> before;
  bool has_step = false;
  Step step;
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

inline std::string read_whole(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// `fenced`: only blocks fenced by ```console hold steps (README.md); output then ends at the next "$ " or the fence.
inline std::vector<Part> parse(const std::vector<std::string>& lines, bool fenced) {
  std::vector<Part> parts(1);
  bool inside = !fenced, open = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (fenced && (line == "```console" || (inside && line == "```"))) {
      inside = line == "```console";
      open = false;
      if (parts.back().has_step) parts.emplace_back();
      parts.back().before.push_back(line);
    } else if (inside && line.starts_with("$ ")) {
      if (parts.back().has_step) parts.emplace_back();
      Step& step = parts.back().step;
      parts.back().has_step = open = true;
      step.line = i + 1;
      step.head.push_back(line);
      step.command = line.substr(2);
      while (step.command.ends_with("\\") && i + 1 < lines.size()) {
        step.command.pop_back();
        step.head.push_back(lines[++i]);
        step.command += lines[i];
      }
      while (i + 1 < lines.size() && lines[i + 1].starts_with("> ")) {
        step.head.push_back(lines[++i]);
        step.typed += lines[i].substr(2) + "\n";
      }
    } else if (open && line.starts_with("? ")) {
      parts.back().step.code = std::atoi(line.c_str() + 2);
      parts.back().step.has_code = true;
      open = false;
      parts.emplace_back();
    } else if (open) {
      parts.back().step.output.push_back(line);
    } else {
      if (parts.back().has_step) parts.emplace_back();
      parts.back().before.push_back(line);
    }
  }
  return parts;
}

inline std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// Folders that a transcript names shortly.
struct Places {
  std::vector<std::pair<std::string, std::string>> names;
  explicit Places(const std::filesystem::path& temporary) {
    const std::string tests = JOBFIT_TESTS_DIR;
    names = {{"@machines/", tests + "/fixtures/machines/"},
             {"@fixtures/", tests + "/fixtures/"},
             {"@golden/", tests + "/golden/"},
             {"@tmp/", temporary.string() + "/"}};
  }
  std::string expand(std::string text) const {
    for (const auto& [name, path] : names) text = replace_all(text, name, path);
    return text;
  }
  std::string shorten(std::string text) const {
    for (const auto& [name, path] : names) text = replace_all(text, path, name);
    return text;
  }
};

/// As a shell splits words: quotes and backslashes, nothing else.
inline std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  std::string word;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
      else word += c;
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == '\\' && i + 1 < text.size()) {
      word += text[++i];
      in_word = true;
    } else if (c == ' ') {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

struct Result {
  std::string output;
  int code = 0;
};

/// `text` through a shell's `filter`.
inline Result piped(const std::string& text, const std::string& filter, const std::filesystem::path& temporary) {
  const std::filesystem::path input = temporary / ".piped";
  std::ofstream(input, std::ios::binary) << text;
  Result result;
  FILE* pipe = popen((filter + " < " + input.string() + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    result.output.append(buffer.data(), n);
  }
  const int status = pclose(pipe);
  result.code = status < 0 ? status : status / 256;
  std::filesystem::remove(input);
  return result;
}

/// Runs `jobfit` of one step in this process.
inline Result perform(const Step& step, const Places& places, const std::filesystem::path& temporary) {
  std::string command = places.expand(step.command), filter, input;
  if (const auto at = command.find(" | "); at != std::string::npos) {
    filter = command.substr(at + 3);
    command.resize(at);
  }
  if (const auto at = command.find(" < "); at != std::string::npos) {
    std::string file = command.substr(at + 3);
    file.erase(file.find_last_not_of(' ') + 1);
    if (file.find('/') == std::string::npos) file = places.expand("@fixtures/") + file;
    input = read_whole(file);
    command.resize(at);
  }
  std::vector<std::string> words = words_of(command);
  std::vector<std::pair<std::string, std::string>> environment = {
      {"LANG", "en_US.UTF-8"}, {"TERM", "xterm"}, {"HOME", temporary.string()}};
  int width = 80;
  while (!words.empty() && words.front() != "jobfit") {
    const std::size_t equals = words.front().find('=');
    if (equals == std::string::npos) return {"a transcript's command is jobfit, not " + words.front() + "\n", -1};
    environment.insert(environment.begin(), {words.front().substr(0, equals), words.front().substr(equals + 1)});
    if (environment.front().first == "COLUMNS") width = std::atoi(environment.front().second.c_str());
    words.erase(words.begin());
  }
  if (words.empty()) return {"nothing to run\n", -1};
  words.erase(words.begin());
  const bool person = !step.typed.empty();
  std::istringstream in(person ? step.typed : input);
  std::ostringstream out, piped_out;
  Terminal terminal{in, filter.empty() ? out : piped_out, out, person, false, person, width, environment};
  Result result;
  result.code = run(words, terminal, shipped());
  if (!filter.empty()) {
    Result after = piped(piped_out.str(), filter, temporary);
    out << after.output;
    result.code = after.code;
  }
  result.output = places.shorten(out.str());
  return result;
}

/// Whether `actual` is `expected`, in which a line of "..." stands for any lines.
inline bool matches(const std::vector<std::string>& expected, const std::vector<std::string>& actual,
                    std::size_t e = 0, std::size_t a = 0) {
  for (; e < expected.size(); ++e, ++a) {
    if (expected[e] == "...") {
      for (std::size_t skip = a; skip <= actual.size(); ++skip) {
        if (matches(expected, actual, e + 1, skip)) return true;
      }
      return false;
    }
    if (a >= actual.size() || expected[e] != actual[a]) return false;
  }
  return a == actual.size();
}

}  // namespace jobfit::transcript
