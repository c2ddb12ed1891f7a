// Parts of the HTML record: the drawings, and the style that holds on paper and in the dark.
#pragma once

#include "report/funnel.hpp"
#include "report/record.hpp"

namespace jobfit::html {

/// Neutralised and escaped: safe as text and inside a quoted attribute.
std::string text(std::string_view value);
std::string style();
/// The funnel as SVG, with a title and a description for those who do not see it.
std::string funnel_drawing(const Funnel& funnel, const Words& words);
/// Score with its error bar, and memory, of each pick.
std::string comparison_drawing(const std::vector<RecordRow>& rows, const Words& words);

}  // namespace jobfit::html
