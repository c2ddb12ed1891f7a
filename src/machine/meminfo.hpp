// /proc/meminfo.
#pragma once

#include "jobfit/units.hpp"

#include <optional>
#include <string_view>

namespace jobfit {

struct MemInfo {
  Bytes total = 0;
  Bytes available = 0;   ///< MemAvailable, or free + cached + buffers on a kernel before 3.14; 0 unknown
  Bytes huge_pages = 0;  ///< set aside for huge pages, of all sizes: nobody else can have it
};

/// nullopt: no usable MemTotal. Everything but the total is optional.
std::optional<MemInfo> parse_meminfo(std::string_view text);

}  // namespace jobfit
