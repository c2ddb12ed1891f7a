// Which of Vulkan's devices are news, and worth counting.
#include "machine/make_gpu.hpp"
#include "machine/scan.hpp"
#include "machine/vulkan.hpp"

#include <algorithm>

namespace jobfit {
namespace {

using Type = VulkanDevice::Type;
bool is_known(const Machine& machine, const VulkanDevice& device) {
  const std::string name = normalise_device_name(device.name);
  return std::any_of(machine.gpus.begin(), machine.gpus.end(), [&](const Gpu& gpu) {
    return (!gpu.pci.empty() && gpu.pci == device.pci) ||
           (!name.empty() && normalise_device_name(gpu.name) == name);
  });
}

/// "AMD Radeon RX 580 Series (RADV POLARIS10)" → the part before Mesa's addition.
std::string_view plain_name(std::string_view name) { return trim(name.substr(0, name.find(" (RADV"))); }

std::string vendor_of(const VulkanDevice& device) {
  const std::string_view id = std::string_view(device.pci).substr(0, 4);
  if (id == "10de") return "nvidia";
  if (id == "1002") return "amd";
  if (id == "8086") return "intel";
  if (id == "106b") return "apple";
  if (id == "5143") return "qualcomm";
  if (id == "13b5") return "arm";
  return "other";
}

void add(const Findings& findings, const VulkanDevice& device, const std::string& from) {
  const Device* known = find_device_by_pci(findings.devices, device.pci);
  if (known == nullptr) known = find_device(findings.devices, plain_name(device.name));
  Gpu gpu;
  gpu.name = known != nullptr ? known->name : device.name;
  gpu.vendor = vendor_of(device);
  gpu.pci = device.pci;
  gpu.backend = "vulkan";
  if (known != nullptr) {
    gpu.generation = known->generation;
    gpu.bandwidth_bytes_per_second = known->bandwidth;
    gpu.tflops_fp16 = known->tflops_fp16;
  } else {
    findings.note("machine.note.gpu-not-in-table", {{"gpu", gpu.name}});
  }
  const bool inside = device.type == Type::integrated || (known != nullptr && known->kind == "unified");
  if (inside) {
    // Its heap is RAM that the driver may use, not memory that it has.
    gpu.unified = true;
    gpu.integrated = is_narrow(gpu.vendor, gpu.bandwidth_bytes_per_second);
    gpu.memory_bytes = gpu.integrated ? 0 : std::min(device.local_bytes, findings.machine.memory.total_bytes);
    if (gpu.integrated)
      findings.note("machine.note.integrated", {{"gpu", gpu.name}, {"own", format_bytes(0)}});
  } else {
    gpu.memory_bytes = device.local_bytes;
    if (gpu.memory_bytes == 0) {
      findings.note("machine.note.gpu-memory-unknown", {{"gpu", gpu.name}});
      return;
    }
  }
  const std::string at = "gpus[" + std::to_string(findings.machine.gpus.size()) + "]";
  findings.source(at + ".name", from);
  findings.source(at + ".memory_bytes", from);
  if (known != nullptr) findings.source(at + ".bandwidth_bytes_per_second", "device table: " + known->name);
  if (device.budget_bytes > 0 && device.budget_bytes < gpu.memory_bytes / 2) {
    findings.note("machine.note.busy-gpu", {{"gpu", gpu.name}, {"free", format_bytes(device.budget_bytes)}});
  }
  findings.machine.gpus.push_back(std::move(gpu));
}

}  // namespace

void probe_vulkan(const Findings& findings, const std::vector<Adapter>& adapters,
                  const std::vector<std::size_t>& missing) {
  const auto note_missing = [&] {
    for (const std::size_t index : missing) {
      const std::string name = adapter_name(findings, adapters[index]);
      const bool found =
          std::any_of(findings.machine.gpus.begin(), findings.machine.gpus.end(),
                      [&](const Gpu& gpu) { return !gpu.pci.empty() && gpu.pci == adapters[index].pci(); });
      if (!found) findings.note("machine.note.gpu-memory-unknown", {{"gpu", name}});
    }
  };
  std::string from = "Vulkan";
  CommandRun said = findings.host.library("vulkan");
  if (said.status == CommandRun::Status::absent && !findings.host.folder().empty()) {
    said = findings.host.ask("vulkaninfo");
    from = "vulkaninfo";
  }
  if (said.status == CommandRun::Status::timed_out) findings.note("machine.note.timed-out", {{"what", from}});
  if (said.status == CommandRun::Status::too_big)
    findings.note("machine.note.answer-too-big", {{"what", from}});
  if (said.status != CommandRun::Status::ok) {
    note_missing();
    return;
  }
  const auto devices = parse_vulkan(said.output);
  if (!devices) findings.note("machine.note.answer-garbage", {{"what", from}});
  for (const VulkanDevice& device : devices.value_or(std::vector<VulkanDevice>{})) {
    if (is_software_renderer(device)) {
      findings.note("machine.note.software-renderer", {{"gpu", device.name}});
    } else if (device.type == Type::virtual_gpu || device.type == Type::other) {
      findings.note("machine.note.display-only", {{"adapter", device.name}});
    } else if (!is_known(findings.machine, device)) {
      add(findings, device, from);
    }
  }
  note_missing();
}

}  // namespace jobfit
