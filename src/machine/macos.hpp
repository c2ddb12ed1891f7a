// macOS, from sysctl and system_profiler.
#pragma once

#include "machine/findings.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// "hw.memsize: 17179869184" lines.
std::map<std::string, std::string> parse_sysctl(std::string_view text);

struct MacGpu {
  std::string name, vendor;  ///< "Apple M4 Max", "apple"
  int cores = 0;
  Bytes memory = 0;       ///< of a discrete one
  bool built_in = false;  ///< shares the RAM
};
struct MacProfile {
  std::string chip, model;  ///< "Apple M4 Max", "MacBook Pro (Mac16,5)"
  Bytes memory = 0;
  std::vector<MacGpu> gpus;
};
/// `system_profiler -json SPHardwareDataType SPDisplaysDataType`; nullopt: not that.
std::optional<MacProfile> parse_system_profiler(std::string_view json);

void probe_macos(const Findings& findings, bool want_gpus);

}  // namespace jobfit
