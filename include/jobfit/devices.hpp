// Devices and whole machines by name: data/machines. Matched by exact normalised
// name, never by substring: an "A1000" is not an "A100".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobfit/units.hpp"

namespace jobfit {

/// A GPU, SoC or CPU model as its maker sells it. Zero means not known.
struct Device {
  std::string name;                 ///< "NVIDIA GeForce RTX 4090"
  std::vector<std::string> also;    ///< other exact names drivers and people use
  std::string vendor;               ///< nvidia | amd | intel | apple | qualcomm | ...
  std::string kind = "gpu";         ///< gpu (discrete) | unified (SoC, APU) | cpu
  std::string generation;           ///< "Ada Lovelace", "RDNA 3", "M4": speed efficiency class
  std::vector<std::string> pci;     ///< "10de:2684", with "/subsystem" or "/revision" where needed
  bool laptop = false;
  std::vector<Bytes> memory;        ///< capacities it is sold with, in bytes
  double bandwidth = 0;             ///< bytes per second, decimal
  double tflops_fp16 = 0;           ///< dense matrix throughput, 10^12/s
  double tops_int8 = 0;             ///< dense, 10^12/s
  int year = 0;
  std::string source;
};

/// A whole machine to ask "what if" about.
struct Preset {
  std::string id;                   ///< "laptop-16g"
  std::string what;                 ///< one line
  std::string os = "linux";         ///< linux | macos | windows
  std::string architecture = "x86_64";
  std::string cpu;                  ///< name
  int cores = 0;
  Bytes memory = 0;
  double memory_bandwidth = 0;      ///< bytes per second
  std::vector<std::string> gpus;    ///< device names, repeated for several
  std::vector<Bytes> gpu_memory;    ///< per GPU; empty: the device's own single size
  std::string source;
};

/// "NVIDIA GeForce RTX 4090" and "rtx 4090" → "rtx4090": lower case, vendor and
/// marketing words ("geforce", "radeon", "graphics", "(tm)") dropped, spaces and dashes out.
/// What tells devices apart stays ("ti", "super", "laptop", "mobile", "max-q", "d", "pro").
std::string normalise_device_name(std::string_view name);

/// The device with exactly this normalised name, or this PCI id; nullptr: unknown.
const Device* find_device(std::span<const Device> devices, std::string_view name);
const Device* find_device_by_pci(std::span<const Device> devices, std::string_view pci);

}  // namespace jobfit
