#include "interview/ask.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// Far beyond any answer: the rest of such a line is dropped.
constexpr std::size_t kLongestLine = 4096;

}  // namespace

void write_lines(const Booth& booth, std::string_view text, int indent, int hang) {
  const int room = std::max(booth.width - indent - hang, 12);
  bool first = true;
  for (const std::string& line : wrap(neutralise(text), room)) {
    booth.out << std::string(static_cast<std::size_t>(indent + (first ? 0 : hang)), ' ') << line << '\n';
    first = false;
  }
}

void write_choices(const Booth& booth, const std::vector<Choice>& choices) {
  int id_width = 0;
  for (const Choice& choice : choices) id_width = std::max(id_width, display_width(choice.id));
  const int label = 6 + id_width;  // "  1  chat  "
  const bool beside = booth.width - label >= 28;
  int number = 0;
  for (const Choice& choice : choices) {
    const std::string head = pad_left(std::to_string(++number), 4) + "  ";
    if (!beside) {
      write_lines(booth, head + choice.id + ": " + choice.what, 0, 6);
      for (const std::string& detail : choice.details) write_lines(booth, detail, 6);
      continue;
    }
    const int room = booth.width - label - 2;
    std::string left = head + pad_right(choice.id, id_width) + "  ";
    std::vector<std::string> lines = wrap(neutralise(choice.what), room);
    for (const std::string& detail : choice.details) {
      for (std::string& line : wrap(neutralise(detail), room)) lines.push_back(std::move(line));
    }
    for (const std::string& line : lines) {
      booth.out << left << line << '\n';
      left.assign(static_cast<std::size_t>(label + 2), ' ');
    }
  }
}

void write_prompt(const Booth& booth, std::string_view prompt) {
  constexpr int kRoomToType = 12;
  if (display_width(prompt) + kRoomToType <= booth.width) {
    booth.out << prompt << ' ' << std::flush;
    return;
  }
  write_lines(booth, prompt, 0);
  booth.out << "> " << std::flush;
}

bool read_answer(const Booth& booth, std::string& line) {
  line.clear();
  char c = 0;
  bool any = false;
  while (booth.in.get(c)) {
    any = true;
    if (c == '\n') break;
    if (line.size() < kLongestLine) line.push_back(c);
  }
  return any;
}

}  // namespace jobfit
