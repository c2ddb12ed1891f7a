// What a person wrote is wrong: every problem at once, compiler style.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// A place in a text, counted from 1; columns are bytes, as compilers count. line 0: the file as a whole.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;
  auto operator<=>(const Place&) const = default;
};

/// One problem. `source_line` and `width` (bytes) draw the caret; `hint` is a whole
/// sentence ("did you mean 'languages'?") or empty.
struct Diagnostic {
  Place place;
  std::string message;
  std::string hint;
  std::string source_line;
  int width = 1;
};

/// `file:line:column: error: message`, the line, the caret, the hint, one
/// problem after the other in order of place. Control characters of the source
/// are neutralised. No trailing summary.
std::string format_diagnostics(std::span<const Diagnostic> problems);

/// The candidate nearest to `word` by edit distance, if it is near enough to be
/// meant (a third of the length, at least 1); empty otherwise. Case is ignored.
std::string_view closest(std::string_view word, std::span<const std::string> candidates);

/// "did you mean 'x'?" or empty.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace jobfit
