// Intel: Arc and data-centre cards (i915, xe), and graphics inside a processor.
#pragma once

#include "machine/adapters.hpp"
#include "machine/findings.hpp"

#include <string_view>
#include <vector>

namespace jobfit {

/// Whether this Intel device id is a card of its own (DG1, Arc, Flex, Ponte Vecchio, Battlemage).
bool is_intel_card(std::string_view device_id);

/// Adds cards whose memory is known from sysfs or the device table; the indexes of adapters that only Vulkan
/// could tell the memory of come back.
std::vector<std::size_t> probe_intel(const Findings& findings, const std::vector<Adapter>& adapters);

}  // namespace jobfit
