// A whole machine by name.
#include "jobfit/machine.hpp"

#include "machine/make_gpu.hpp"

namespace jobfit {

Machine from_preset(const Preset& preset, std::span<const Device> devices) {
  Machine machine;
  machine.name = preset.id;
  machine.os = preset.os;
  machine.model = preset.what;
  machine.cpu = {preset.cpu, preset.architecture, preset.cores, preset.cores, 0, {}};
  machine.memory.total_bytes = preset.memory;
  machine.memory.bandwidth_bytes_per_second = preset.memory_bandwidth;
  machine.memory.limited_by = "physical memory";
  const std::string from = "preset " + preset.id;
  machine.sources = {{"cpu.name", from}, {"cpu.cores", from}, {"memory.total_bytes", from}};
  if (preset.memory_bandwidth > 0) machine.sources.emplace_back("memory.bandwidth_bytes_per_second", from);
  for (std::size_t at = 0; at < preset.gpus.size(); ++at) {
    const Device* device = find_device(devices, preset.gpus[at]);
    Gpu gpu = device != nullptr ? make_gpu(*device, preset.os) : Gpu{};
    if (device == nullptr) gpu.name = preset.gpus[at];
    const Bytes stated = at < preset.gpu_memory.size() ? preset.gpu_memory[at] : 0;
    if (gpu.unified) {
      gpu.memory_bytes = stated > 0 ? stated : preset.memory;
      if (gpu.bandwidth_bytes_per_second <= 0) gpu.bandwidth_bytes_per_second = preset.memory_bandwidth;
      if (gpu.vendor == "amd" && preset.os == "linux")
        machine.notes.push_back({"machine.note.gtt", {{"gpu", gpu.name}}});
      if (machine.memory.bandwidth_bytes_per_second <= 0) {
        machine.memory.bandwidth_bytes_per_second = gpu.bandwidth_bytes_per_second;
      }
    } else {
      gpu.memory_bytes = stated > 0 ? stated : gpu.memory_bytes;
    }
    const std::string path = "gpus[" + std::to_string(at) + "]";
    machine.sources.emplace_back(path + ".name", from);
    machine.sources.emplace_back(path + ".memory_bytes",
                                 stated > 0 || device == nullptr ? from : "device table: " + device->name);
    machine.gpus.push_back(std::move(gpu));
  }
  if (machine.memory.bandwidth_bytes_per_second <= 0) {
    const Device* cpu = find_device(devices, preset.cpu);
    if (cpu != nullptr) machine.memory.bandwidth_bytes_per_second = cpu->bandwidth;
  }
  apply_policy(machine);
  return machine;
}

}  // namespace jobfit
