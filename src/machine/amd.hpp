// AMD through sysfs: discrete cards, APUs with a carve-out and GTT, Strix Halo.
#pragma once

#include "machine/adapters.hpp"
#include "machine/findings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// One GPU node of /sys/class/kfd/kfd/topology/nodes/N/properties.
struct KfdNode {
  std::string pci;  ///< "1002:1586"
  long cpu_cores = 0, simds = 0;
  long target = 0;  ///< gfx_target_version: 110501 is gfx1151
};
KfdNode parse_kfd_node(std::string_view properties);
/// Whether graphics of this target version exist only inside a processor.
bool is_apu_target(long gfx_target_version);
/// Whether this AMD device id is graphics inside a processor.
bool is_apu_id(std::string_view device_id);

/// The names a chip of this device id and revision (-1: not known) is sold under.
std::vector<std::string> amd_products(std::string_view device_id, int revision);

void probe_amd(const Findings& findings, const std::vector<Adapter>& adapters);

}  // namespace jobfit
