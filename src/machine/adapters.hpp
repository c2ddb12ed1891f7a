// Every graphics adapter that the kernel knows, before anybody asks what it can do.
#pragma once

#include "machine/findings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// One adapter, from /sys/class/drm or /sys/bus/pci/devices.
struct Adapter {
  std::string folder;          ///< its device folder in sysfs
  std::string card;            ///< "card0"; empty: no driver made a DRM device of it
  std::string slot;            ///< "0000:01:00.0"; empty: not on PCI
  std::string vendor, device;  ///< four hexadecimal digits each; empty: not on PCI
  std::string subsystem;       ///< "1458:40bf" or empty
  std::string driver;          ///< "nvidia", "amdgpu", "i915", "xe", "virtio-pci", "panfrost", ...
  std::string compatible;      ///< device tree: "brcm,bcm2712-v3d"
  std::string pci() const { return vendor.empty() ? std::string() : vendor + ":" + device; }
};
std::vector<Adapter> list_adapters(const Findings& findings);

/// What an adapter that only shows pictures is called ("ASPEED"); empty: it may compute.
std::string display_only(const Adapter& adapter);

/// The device that the table has for this PCI id, subsystem first.
const Device* known_device(const Findings& findings, const Adapter& adapter);
/// The table's name, or "AMD GPU 1002:7590" where the table lacks it.
std::string adapter_name(const Findings& findings, const Adapter& adapter);

}  // namespace jobfit
