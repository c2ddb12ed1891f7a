// Advice to strings. Nothing here prints.
#pragma once

#include <string>

#include "jobfit/advice.hpp"

namespace jobfit {

struct Style {
  int width = 80;                      ///< columns
  bool color = false;
  bool unicode = true;                 ///< box drawing and bars; false: ASCII
  int top = 3;                         ///< picks shown at length
};

std::string text_report(const Advice& advice, const Catalog& catalog, const Words& words, const Style& style);
std::string json_report(const Advice& advice, const Catalog& catalog, const Words& words, int top);
std::string markdown_report(const Advice& advice, const Catalog& catalog, const Words& words, int top);
std::string html_report(const Advice& advice, const Catalog& catalog, const Words& words, int top);

/// The flags that ask the same again: "jobfit --job chat --language th --egress never --tolerate none".
std::string one_shot_command(const Answers& answers);

}  // namespace jobfit
