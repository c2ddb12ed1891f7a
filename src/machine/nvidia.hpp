// NVIDIA: what NVML or nvidia-smi says, made into GPUs.
#pragma once

#include "machine/adapters.hpp"
#include "machine/findings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

struct NvidiaSlice {
  std::string name;
  std::optional<Bytes> memory;
};

struct NvidiaGpu {
  std::string name, uuid, pci, slot;
  std::optional<Bytes> memory;  ///< none: the driver does not tell ("[N/A]"), as on parts that share the RAM
  bool refused = false;         ///< "[Insufficient Permissions]": as from inside a slice of a divided card
  bool mig = false;             ///< divided into slices
  std::vector<NvidiaSlice> slices;  ///< as far as they could be listed
  std::string error;                ///< "GPU is lost"
};

struct NvidiaAnswer {
  std::string driver;  ///< "550.54.15"
  std::vector<NvidiaGpu> gpus;
  std::string error;  ///< why nothing could be said
  int unread = 0;     ///< rows that could not be understood
};

/// `nvidia-smi --query-gpu=... --format=csv`, columns by name, or the message it gave instead.
NvidiaAnswer parse_nvidia_smi(std::string_view csv);
/// The JSON of ask_nvml.
NvidiaAnswer parse_nvml(std::string_view json);
/// The MIG lines of `nvidia-smi -L`, laid over `answer`, GPU by GPU.
void add_slices(NvidiaAnswer& answer, std::string_view list);
/// "NVIDIA A100-SXM4-40GB MIG 1g.5gb" → 5 GB, as the profile's name promises at least.
std::optional<Bytes> slice_bytes(std::string_view name);

/// Asks NVML, then nvidia-smi, if anything speaks for an NVIDIA GPU; adds what can compute.
void probe_nvidia(const Findings& findings, const std::vector<Adapter>& adapters);

}  // namespace jobfit
