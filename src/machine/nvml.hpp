// NVIDIA's management library, loaded at run time.
#pragma once

#include <string>

namespace jobfit {

/// What NVML says of this machine, as JSON:
/// `{"driver_version", "devices": [{"name", "pci", "slot", "memory_bytes", "mig", "slices": [{"name",
/// "memory_bytes"}]}]}` or `{"error"}`. A device's memory is left out where the driver does not tell it.
/// Empty: there is no such library. Made to be called in a child process.
std::string ask_nvml();

}  // namespace jobfit
