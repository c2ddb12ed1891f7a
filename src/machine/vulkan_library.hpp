// Vulkan's loader, loaded at run time.
#pragma once

#include <string>

namespace jobfit {

/// The physical devices that Vulkan lists, as JSON: `{"devices": [{"name", "type", "pci", "heaps": [{"bytes",
/// "budget_bytes", "device_local"}]}]}`. `type` is integrated | discrete | virtual | cpu | other.
/// Empty: there is no loader, or it finds no driver. Made to be called in a child process.
std::string ask_vulkan();

}  // namespace jobfit
