// One question: what is shown, and what a line that was typed means.
#pragma once

#include "jobfit/interview.hpp"

#include <istream>
#include <ostream>

namespace jobfit {

/// What every question needs. `out` gets whole lines of at most `width` columns.
struct Booth {
  const Catalog& catalog;
  const Words& words;
  std::istream& in;
  std::ostream& out;
  int width = 80;
};

/// One answer as it is shown and as it may be typed.
struct Choice {
  std::string id, name, what;
  std::vector<std::string> details;  ///< shown below, indented
};

/// What a typed list means, or why it means nothing.
struct Understood {
  std::vector<std::string> ids;
  Sentence mistake;  ///< empty: understood
  std::string near;  ///< a near miss, to be offered
};

/// Numbers, ids, names or their unique beginnings, separated by commas. `also`: ids that are
/// not shown and may be typed in full. "none" is an answer of its own where `none` allows it.
Understood understand_choices(const std::vector<Choice>& shown, const std::vector<std::string>& also,
                              const std::string& line, bool several, bool none);
Understood understand_languages(const Catalog& catalog, const std::string& line);

void write_lines(const Booth& booth, std::string_view text, int indent, int hang = 0);
void write_choices(const Booth& booth, const std::vector<Choice>& choices);
/// The answer is typed behind it, or below it where the terminal is narrow.
void write_prompt(const Booth& booth, std::string_view prompt);
/// The next line without its end, or false at the end of input.
bool read_answer(const Booth& booth, std::string& line);

}  // namespace jobfit
