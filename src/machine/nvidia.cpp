#include "machine/nvidia.hpp"

#include "machine/board.hpp"
#include "machine/scan.hpp"

#include <algorithm>

namespace jobfit {
namespace {

struct Asked {
  NvidiaAnswer answer;
  std::string from;
  bool said = false;
};

bool maybe_nvidia(const Findings& findings, const std::vector<Adapter>& adapters) {
  const Host& host = findings.host;
  if (!host.folder().empty()) return true;  // reading a recording wakes nothing
  const bool card = std::any_of(adapters.begin(), adapters.end(), [](const Adapter& adapter) {
    return adapter.vendor == "10de" && adapter.driver != "nouveau" && adapter.driver != "vfio-pci";
  });
  return card || host.exists("/proc/driver/nvidia/version") || host.exists("/dev/nvidiactl") ||
         host.exists("/dev/nvgpu") || host.exists("/usr/lib/wsl/lib/libnvidia-ml.so.1");
}

void note_failure(const Findings& findings, const CommandRun& run, const std::string& what) {
  if (run.status == CommandRun::Status::timed_out) findings.note("machine.note.timed-out", {{"what", what}});
  if (run.status == CommandRun::Status::too_big)
    findings.note("machine.note.answer-too-big", {{"what", what}});
}

Asked ask(const Findings& findings) {
  Asked asked;
  const CommandRun nvml = findings.host.library("nvml");
  note_failure(findings, nvml, "NVML");
  if (nvml.status == CommandRun::Status::ok) {
    asked = {parse_nvml(nvml.output), "NVML", true};
    if (asked.answer.unread == 0) return asked;
  }
  // A driver that let the library hang would let the tool hang too.
  if (nvml.status == CommandRun::Status::timed_out) return asked;
  const CommandRun smi = findings.host.ask("nvidia-smi");
  note_failure(findings, smi, "nvidia-smi");
  if (smi.status == CommandRun::Status::ok || smi.status == CommandRun::Status::failed) {
    asked = {parse_nvidia_smi(smi.output), "nvidia-smi", true};
    const bool divided =
        std::any_of(asked.answer.gpus.begin(), asked.answer.gpus.end(),
                    [](const NvidiaGpu& gpu) { return (gpu.mig || gpu.refused) && gpu.slices.empty(); });
    if (divided) {
      if (const auto list = findings.host.run("nvidia-smi-list")) add_slices(asked.answer, *list);
    }
  }
  return asked;
}

/// A divided card: CUDA gives one process one slice, so the largest is what counts. nullopt: none is known.
std::optional<NvidiaSlice> largest_slice(const NvidiaGpu& gpu, const Device* device) {
  std::optional<NvidiaSlice> best;
  for (NvidiaSlice slice : gpu.slices) {
    if (!slice.memory) slice.memory = slice_bytes(slice.name);
    if (slice.memory && (!best || *slice.memory > *best->memory)) best = slice;
  }
  if (best) return best;
  const bool names_slice = slice_bytes(gpu.name).has_value();
  const Bytes whole = device == nullptr || device->memory.empty()
                          ? 0
                          : *std::max_element(device->memory.begin(), device->memory.end());
  const bool smaller = gpu.memory && whole > 0 && *gpu.memory < whole / 10 * 8;
  if (gpu.memory && (names_slice || gpu.uuid.starts_with("MIG-") || smaller))
    return NvidiaSlice{gpu.name, gpu.memory};
  if (names_slice) return NvidiaSlice{gpu.name, slice_bytes(gpu.name)};
  return std::nullopt;
}

/// The part of a name before " MIG 1g.5gb".
std::string_view card_name(std::string_view name) { return trim(name.substr(0, name.find(" MIG "))); }

const Device* device_of(const Findings& findings, const NvidiaGpu& gpu) {
  if (const Device* device = find_device(findings.devices, card_name(gpu.name))) return device;
  if (const Device* device = find_device_by_pci(findings.devices, gpu.pci)) return device;
  return is_tegra(findings) ? board_device(findings) : nullptr;
}

bool shares_ram(const Findings& findings, const NvidiaGpu& gpu, const Device* device) {
  if (device != nullptr) return device->kind == "unified";
  if (is_tegra(findings)) return true;
  if (gpu.memory) return false;
  const std::string name = lower(gpu.name);
  return std::any_of(kNvidiaSocs.begin(), kNvidiaSocs.end(),
                     [&](std::string_view soc) { return name.find(soc) != std::string::npos; });
}

void add(const Findings& findings, const NvidiaGpu& said, const std::string& from) {
  const Device* device = device_of(findings, said);
  Gpu gpu;
  gpu.vendor = "nvidia";
  gpu.backend = "cuda";
  gpu.pci = said.pci;
  // On Jetson the driver only says "Orin (nvgpu)".
  const bool nameless =
      said.name.empty() || (device != nullptr && said.name.find("nvgpu") != std::string::npos);
  gpu.name = !nameless ? said.name : device != nullptr ? device->name : "NVIDIA GPU";
  gpu.memory_bytes = said.memory.value_or(0);
  std::string memory_from = from;
  if (device != nullptr) {
    gpu.generation = device->generation;
    gpu.bandwidth_bytes_per_second = device->bandwidth;
    gpu.tflops_fp16 = device->tflops_fp16;
  }
  gpu.unified = shares_ram(findings, said, device);
  if (said.mig || said.refused) {
    const auto slice = largest_slice(said, device);
    if (!slice) {
      findings.note("machine.note.mig-unknown", {{"gpu", gpu.name}});
      return;
    }
    // Memory slices own their share of the bandwidth; so do compute slices, nearly.
    if (device != nullptr && !device->memory.empty()) {
      const Bytes whole = *std::max_element(device->memory.begin(), device->memory.end());
      const double share = std::min(1.0, static_cast<double>(*slice->memory) / static_cast<double>(whole));
      gpu.bandwidth_bytes_per_second *= share;
      gpu.tflops_fp16 *= share;
    }
    if (!slice->name.empty()) gpu.name = slice->name;
    gpu.memory_bytes = *slice->memory;
    gpu.mig = true;
    gpu.unified = false;
    findings.note("machine.note.mig", {{"gpu", gpu.name}, {"memory", format_bytes(gpu.memory_bytes)}});
  } else if (gpu.unified) {
    gpu.memory_bytes = findings.machine.memory.total_bytes;
    memory_from = "shares the RAM";
  } else if (gpu.memory_bytes == 0) {
    if (device == nullptr || device->memory.size() != 1) {
      findings.note("machine.note.gpu-memory-unknown", {{"gpu", gpu.name}});
      return;
    }
    gpu.memory_bytes = device->memory.front();
    memory_from = "device table: " + device->name;
    findings.note("machine.note.gpu-memory-looked-up", {{"gpu", gpu.name}});
  }
  const std::string at = "gpus[" + std::to_string(findings.machine.gpus.size()) + "]";
  findings.source(at + ".name", from);
  findings.source(at + ".memory_bytes", memory_from);
  if (gpu.bandwidth_bytes_per_second > 0)
    findings.source(at + ".bandwidth_bytes_per_second", "device table: " + device->name);
  if (device == nullptr) findings.note("machine.note.gpu-not-in-table", {{"gpu", gpu.name}});
  findings.machine.gpus.push_back(std::move(gpu));
}

/// NVIDIA cards that are on the bus, whether or not a driver speaks for them.
std::vector<const Adapter*> cards(const std::vector<Adapter>& adapters) {
  std::vector<const Adapter*> result;
  for (const Adapter& adapter : adapters) {
    if (adapter.vendor == "10de") result.push_back(&adapter);
  }
  std::sort(result.begin(), result.end(),
            [](const Adapter* a, const Adapter* b) { return a->slot < b->slot; });
  return result;
}

}  // namespace

void probe_nvidia(const Findings& findings, const std::vector<Adapter>& adapters) {
  const std::vector<const Adapter*> on_bus = cards(adapters);
  Asked asked;
  if (maybe_nvidia(findings, adapters)) asked = ask(findings);
  NvidiaAnswer& answer = asked.answer;
  if (answer.unread > 0) findings.note("machine.note.answer-garbage", {{"what", asked.from}});
  if (!answer.driver.empty()) findings.source("driver.nvidia", asked.from + ": " + answer.driver);
  if (!answer.error.empty()) findings.note("machine.note.nvidia-error", {{"error", answer.error}});
  // Both list by bus address, so equal numbers pair off.
  for (std::size_t at = 0; at < answer.gpus.size() && answer.gpus.size() == on_bus.size(); ++at) {
    if (answer.gpus[at].pci.empty()) answer.gpus[at].pci = on_bus[at]->pci();
  }
  for (const NvidiaGpu& gpu : answer.gpus) {
    if (!gpu.error.empty()) {
      findings.note("machine.note.nvidia-error", {{"error", gpu.error}});
    } else {
      add(findings, gpu, asked.from);
    }
  }
  if (!answer.gpus.empty()) return;
  // JetPack before 6 has neither tool nor library; its kernel has the GPU's node.
  const bool jetson = is_tegra(findings) && (findings.host.exists("/etc/nv_tegra_release") ||
                                             findings.host.exists("/sys/devices/gpu.0"));
  if (jetson && !asked.said) {
    NvidiaGpu gpu;
    if (const Device* device = board_device(findings)) gpu.name = device->name;
    if (gpu.name.empty()) gpu.name = findings.machine.model;
    add(findings, gpu, "/proc/device-tree");
    return;
  }
  for (const Adapter* card : on_bus) {
    const std::string driver = card->driver.empty() ? "-" : card->driver;
    const char* key = card->driver == "nouveau" || card->driver == "vfio-pci"
                          ? "machine.note.nvidia-other-driver"
                          : "machine.note.nvidia-unusable";
    findings.note(key, {{"gpu", adapter_name(findings, *card)}, {"slot", card->slot}, {"driver", driver}});
  }
}

}  // namespace jobfit
