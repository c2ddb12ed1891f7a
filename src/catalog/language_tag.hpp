// BCP 47 tags (RFC 5646), as far as we need them: language, script, region, variants.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace jobfit {

struct LanguageTag {
  std::string language, script, region;  ///< "zh", "Hant", "TW", in their usual case
};

/// nullopt: not well-formed. Extended language subtags ("zh-yue") count as the language they extend to.
std::optional<LanguageTag> parse_tag(std::string_view text);
bool well_formed_tag(std::string_view text);

}  // namespace jobfit
