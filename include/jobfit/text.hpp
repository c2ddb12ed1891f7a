// Text as it stands on a terminal, in a shell and on a page, and the sentences
// we say, as data until the last moment.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace jobfit {

/// Columns that `text` (UTF-8) takes on a terminal: combining marks (Thai vowel
/// signs and tone marks too) none, East Asian wide two. Locale-free.
int display_width(std::string_view text);
/// `text` followed by spaces up to `width` columns.
std::string pad_right(std::string_view text, int width);
std::string pad_left(std::string_view text, int width);
/// Cut to at most `width` columns, with an ellipsis where something was cut.
std::string shorten(std::string_view text, int width);
/// Lines of at most `width` columns. Breaks at spaces; a script written without
/// them (Thai, Chinese, Japanese) breaks between grapheme clusters.
std::vector<std::string> wrap(std::string_view text, int width);

/// Control characters (C0, DEL, C1, bidi overrides) and invalid UTF-8 replaced,
/// so that text from a file cannot steer a terminal. Newlines go too.
std::string neutralise(std::string_view text);
/// `text` as one word of a POSIX shell.
std::string shell_quote(std::string_view text);
std::string html_escape(std::string_view text);
std::string lower(std::string_view text);

/// A sentence for a person, not yet in any language: the key of its template in
/// data/words, and what goes into the template's `{name}` holes. A key that no
/// words file knows is itself the text (a team's own rule says `because: "..."`).
struct Sentence {
  std::string key;
  std::vector<std::pair<std::string, std::string>> holes;
  bool empty() const { return key.empty(); }
  bool operator==(const Sentence&) const = default;
};

/// The templates of one language; `fallback` (English) serves what is missing.
struct Words {
  std::string language = "en";
  std::map<std::string, std::string, std::less<>> templates;
  const Words* fallback = nullptr;
};

/// The sentence in the language of `words`. A hole whose value begins with '@'
/// names another template ("@job.chat.name") and is looked up too. A hole that
/// the template names and the sentence lacks stays visible as `{name}`.
std::string say(const Words& words, const Sentence& sentence);
std::string say(const Words& words, std::string_view key);

}  // namespace jobfit
