// The firmware's description of the memory modules (SMBIOS type 17).
#pragma once

#include <string_view>

#include "machine/findings.hpp"

namespace jobfit {

/// Bytes per second of all channels that hold a module, from a raw SMBIOS table; 0: it does not say.
double parse_dmi_bandwidth(std::string_view table);

/// The same of /sys/firmware/dmi/tables/DMI, which most systems let only root read; 0 unknown.
double dmi_memory_bandwidth(const Findings& findings);

}  // namespace jobfit
