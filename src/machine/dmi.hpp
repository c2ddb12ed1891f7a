// The firmware's description of the memory modules (SMBIOS type 17): raw, or as udev tells it to everybody.
#pragma once

#include "machine/findings.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// One module, or one soldered package.
struct MemoryModule {
  int data_bits = 0;
  int megatransfers = 0;      ///< per second, as configured where that is told
  std::string locator, bank;  ///< "ChannelA-DIMM0", "P0 CHANNEL A"
};

/// Modules that are in place, from a raw SMBIOS table.
std::vector<MemoryModule> parse_dmi(std::string_view table);
/// The same from udev's database entry of /sys/class/dmi/id ("E:MEMORY_DEVICE_0_DATA_WIDTH=64").
std::vector<MemoryModule> parse_udev_memory(std::string_view text);

/// The channel that a module sits in, as its locators name it; empty: they do not.
std::string memory_channel(const MemoryModule& module);
/// Bytes per second of all channels together; 0: it cannot be told which modules share one.
double memory_bandwidth(std::span<const MemoryModule> modules);

/// From udev's database, or from the table itself, which most systems let only root read.
struct ModulesBandwidth {
  double bytes_per_second = 0;
  std::string from;
};
ModulesBandwidth dmi_memory_bandwidth(const Findings& findings);

}  // namespace jobfit
