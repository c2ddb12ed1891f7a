#include "machine/soc.hpp"

#include "machine/board.hpp"

#include <algorithm>

namespace jobfit {

void probe_soc_graphics(const Findings& findings, const std::vector<Adapter>& adapters) {
  for (const Adapter& adapter : adapters) {
    if (!adapter.vendor.empty() || !display_only(adapter).empty()) continue;
    // The display controllers of these machines are DRM cards of their own.
    const std::string& driver = adapter.driver;
    if (driver == "asahi") {
      const std::string chip = apple_chip(device_tree_compatible(findings));
      Gpu gpu;
      gpu.name = chip.empty() ? "Apple GPU" : chip;
      gpu.vendor = "apple";
      gpu.backend = "vulkan";
      gpu.unified = true;
      gpu.memory_bytes = findings.machine.memory.total_bytes;
      const std::string at = "gpus[" + std::to_string(findings.machine.gpus.size()) + "]";
      if (const Device* device = chip_by_memory(findings.devices, chip, gpu.memory_bytes)) {
        gpu.generation = device->generation;
        gpu.bandwidth_bytes_per_second = device->bandwidth;
        gpu.tflops_fp16 = device->tflops_fp16;
        findings.source(at + ".bandwidth_bytes_per_second", "device table: " + device->name);
      } else {
        findings.note("machine.note.gpu-not-in-table", {{"gpu", gpu.name}});
      }
      findings.source(at + ".name", "/proc/device-tree/compatible");
      findings.source(at + ".memory_bytes", "shares the RAM");
      findings.machine.gpus.push_back(std::move(gpu));
    } else if (driver == "msm" || driver == "msm_dpu" || driver == "panfrost" || driver == "panthor" ||
               driver == "lima" || driver == "etnaviv" || driver == "powervr" ||
               driver.starts_with("adreno")) {
      const std::string name = adapter.compatible.empty() ? driver : adapter.compatible;
      findings.note("machine.note.integrated", {{"gpu", name}, {"own", format_bytes(0)}});
    }
  }
}

}  // namespace jobfit
