#include "machine/intel.hpp"

#include "machine/scan.hpp"

#include <algorithm>
#include <array>

namespace jobfit {
namespace {

/// Local memory as i915 and xe have published it, per kernel.
struct LocalMemory {
  Bytes bytes = 0;
  std::string from;
};
LocalMemory local_memory(const Findings& findings, const Adapter& adapter) {
  for (const std::string& path : {adapter.folder + "/tile0/physical_vram_size_bytes",
                                  "/sys/class/drm/" + adapter.card + "/lmem_total_bytes"}) {
    if (adapter.card.empty()) break;
    const auto bytes = findings.number(path);
    if (bytes && *bytes > 0 && *bytes < (Bytes{1} << 50)) return {*bytes, path};
  }
  return {};
}

}  // namespace

bool is_intel_card(std::string_view text) {
  struct Span {
    std::int64_t first, last;
  };
  // include/drm/intel/pciids.h: DG1, DG2 (Arc A, Flex), Ponte Vecchio, Battlemage.
  constexpr std::array kSpans = {Span{0x4905, 0x4909}, Span{0x4f80, 0x4f88}, Span{0x5690, 0x56c2},
                                 Span{0x0bd0, 0x0be5}, Span{0xe202, 0xe223}};
  const auto id = to_hex(text);
  return id && std::any_of(kSpans.begin(), kSpans.end(),
                           [&](const Span& span) { return *id >= span.first && *id <= span.last; });
}

std::vector<std::size_t> probe_intel(const Findings& findings, const std::vector<Adapter>& adapters) {
  std::vector<std::size_t> unknown;
  for (std::size_t index = 0; index < adapters.size(); ++index) {
    const Adapter& adapter = adapters[index];
    if (adapter.vendor != "8086") continue;
    const Device* device = known_device(findings, adapter);
    Gpu gpu;
    gpu.vendor = "intel";
    gpu.backend = "vulkan";
    gpu.pci = adapter.pci();
    gpu.name = adapter_name(findings, adapter);
    const std::string at = "gpus[" + std::to_string(findings.machine.gpus.size()) + "]";
    const bool card = device != nullptr ? device->kind != "unified" : is_intel_card(adapter.device);
    if (!card) {
      gpu.name = device != nullptr ? device->name : "Intel integrated graphics " + adapter.pci();
      gpu.unified = gpu.integrated = true;
      findings.note("machine.note.integrated", {{"gpu", gpu.name}, {"own", format_bytes(0)}});
      findings.source(at + ".name", adapter.folder);
      findings.machine.gpus.push_back(std::move(gpu));
      continue;
    }
    if (adapter.driver != "i915" && adapter.driver != "xe" && !adapter.driver.empty()) {
      findings.note("machine.note.gpu-other-driver", {{"gpu", gpu.name}, {"driver", adapter.driver}});
      continue;
    }
    LocalMemory memory = local_memory(findings, adapter);
    if (device != nullptr) {
      gpu.generation = device->generation;
      gpu.bandwidth_bytes_per_second = device->bandwidth;
      gpu.tflops_fp16 = device->tflops_fp16;
      if (memory.bytes == 0 && device->memory.size() == 1) {
        memory = {device->memory.front(), "device table: " + device->name};
      }
    }
    if (memory.bytes == 0) {
      unknown.push_back(index);
      continue;
    }
    gpu.memory_bytes = memory.bytes;
    findings.source(at + ".name",
                    device != nullptr ? "device table, PCI id " + adapter.pci() : adapter.folder);
    findings.source(at + ".memory_bytes", memory.from);
    if (gpu.bandwidth_bytes_per_second > 0)
      findings.source(at + ".bandwidth_bytes_per_second", "device table: " + gpu.name);
    if (device == nullptr) findings.note("machine.note.gpu-not-in-table", {{"gpu", gpu.name}});
    findings.machine.gpus.push_back(std::move(gpu));
  }
  return unknown;
}

}  // namespace jobfit
