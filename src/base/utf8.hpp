// UTF-8, one code point at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jobfit {

/// One code point of a text. Bytes that are no UTF-8 come one by one, as U+FFFD with `valid` false.
struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 1;
  bool valid = true;
};

/// The code point at `at`, which must lie inside `text`.
CodePoint code_point_at(std::string_view text, std::size_t at);
void append_utf8(std::string& text, char32_t value);

/// Columns that one code point takes: 0, 1 or 2.
int code_point_width(char32_t value);
/// Belongs to the code point before it: combining marks, joiners, variation selectors.
bool extends_cluster(char32_t value);
/// Of a script written without spaces between words.
bool spaceless_script(char32_t value);

/// The byte after the grapheme cluster that begins at `at`.
std::size_t cluster_end(std::string_view text, std::size_t at);

}  // namespace jobfit
