// Graphics of ARM boards and of Apple machines under Linux: not on PCI, sharing the RAM.
#pragma once

#include "machine/adapters.hpp"
#include "machine/findings.hpp"

#include <vector>

namespace jobfit {

/// Adds Apple's GPU (driver "asahi"); notes the others.
void probe_soc_graphics(const Findings& findings, const std::vector<Adapter>& adapters);

}  // namespace jobfit
