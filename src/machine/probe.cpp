// One run of the probe, in the order in which one finding helps the next.
#include "machine/adapters.hpp"
#include "machine/amd.hpp"
#include "machine/board.hpp"
#include "machine/cgroup.hpp"
#include "machine/cpu.hpp"
#include "machine/disk.hpp"
#include "machine/dmi.hpp"
#include "machine/findings.hpp"
#include "machine/intel.hpp"
#include "machine/macos.hpp"
#include "machine/meminfo.hpp"
#include "machine/nvidia.hpp"
#include "machine/policy.hpp"
#include "machine/scan.hpp"
#include "machine/soc.hpp"
#include "machine/vulkan.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// RAM of the NUMA nodes that a cpuset leaves; nullopt: all of them, or not told.
std::optional<Bytes> node_memory(const Findings& findings, const CgroupLimits& limits) {
  if (!limits.memory_nodes) return std::nullopt;
  const auto online = findings.host.read("/sys/devices/system/node/online", 4096);
  const auto all = online ? parse_cpu_list(*online) : std::nullopt;
  if (!all || all->size() <= limits.memory_nodes->size()) return std::nullopt;
  Bytes total = 0;
  for (const int node : *limits.memory_nodes) {
    const auto text = findings.text("/sys/devices/system/node/node" + std::to_string(node) + "/meminfo");
    if (!text) return std::nullopt;
    // "Node 0 MemTotal:       65842560 kB"
    std::string lines_without_node;
    for (const std::string_view line : lines(*text)) {
      const std::size_t at = line.find("MemTotal");
      if (at != std::string_view::npos) lines_without_node = std::string(line.substr(at)) + "\n";
    }
    const auto info = parse_meminfo(lines_without_node);
    if (!info) return std::nullopt;
    total += info->total;
  }
  return total;
}

void probe_memory(const Findings& findings, const CgroupLimits& limits) {
  Memory& memory = findings.machine.memory;
  const auto text = findings.text("/proc/meminfo");
  const auto info = text ? parse_meminfo(*text) : std::nullopt;
  Bytes huge = 0;
  if (info) {
    memory.total_bytes = info->total;
    memory.available_bytes = info->available;
    huge = info->huge_pages;
    memory.limited_by = "physical memory";
    findings.source("memory.total_bytes", "/proc/meminfo MemTotal");
    memory.usable_bytes = usable_ram(memory.total_bytes - huge, "linux");
    findings.source("memory.usable_bytes", "memory.total_bytes less the operating system's share");
  } else {
    findings.note("machine.note.no-memory", {{"file", "/proc/meminfo"}});
  }
  if (huge > 0) findings.note("machine.note.huge-pages", {{"size", format_bytes(huge)}});
  if (const auto nodes = node_memory(findings, limits);
      nodes && info && usable_ram(*nodes, "linux") < memory.usable_bytes) {
    memory.usable_bytes = usable_ram(*nodes, "linux");
    memory.limited_by = "cgroup cpuset memory nodes";
    findings.note("machine.note.nodes", {{"size", format_bytes(*nodes)}});
  }
  if (limits.memory && (!info || *limits.memory < memory.total_bytes)) {
    const Bytes usable = usable_in_limit(*limits.memory);
    if (!info || usable < memory.usable_bytes) {
      memory.usable_bytes = usable;
      memory.limited_by = limits.memory_from;
      findings.source("memory.usable_bytes", limits.memory_file);
      findings.note("machine.note.limited",
                    {{"limit", format_bytes(*limits.memory)}, {"by", limits.memory_from}});
    }
  }
  if (memory.available_bytes > 0 && memory.available_bytes < memory.usable_bytes / 2) {
    findings.note("machine.note.busy", {{"free", format_bytes(memory.available_bytes)},
                                        {"usable", format_bytes(memory.usable_bytes)}});
  }
}

/// The RAM's bandwidth from what can be known without asking for rights.
void probe_bandwidth(const Findings& findings) {
  Machine& machine = findings.machine;
  if (machine.memory.bandwidth_bytes_per_second > 0) return;
  const auto take = [&](double bandwidth, const std::string& from) {
    if (bandwidth <= 0) return;
    machine.memory.bandwidth_bytes_per_second = bandwidth;
    findings.source("memory.bandwidth_bytes_per_second", from);
  };
  for (const Gpu& gpu : machine.gpus) {
    if (gpu.unified && !gpu.integrated) take(gpu.bandwidth_bytes_per_second, "the same as " + gpu.name);
  }
  if (machine.memory.bandwidth_bytes_per_second > 0) return;
  if (const Device* device = find_device(findings.devices, machine.cpu.name)) {
    take(device->bandwidth, "device table: " + device->name);
  }
  if (machine.memory.bandwidth_bytes_per_second > 0) return;
  if (const Device* device = board_device(findings)) take(device->bandwidth, "device table: " + device->name);
  if (machine.memory.bandwidth_bytes_per_second > 0) return;
  const ModulesBandwidth modules = dmi_memory_bandwidth(findings);
  take(modules.bytes_per_second, modules.from);
  if (machine.memory.bandwidth_bytes_per_second <= 0) findings.note("machine.note.bandwidth-unknown");
}

bool is_wsl(const Findings& findings) {
  for (const char* path : {"/proc/sys/kernel/osrelease", "/proc/version"}) {
    // One of them is enough; the second also names who built the kernel, which a recording need not carry.
    const auto text = findings.host.read(path, 4096);
    if (text) return lower(*text).find("microsoft") != std::string::npos;
  }
  return false;
}

void probe_gpus(const Findings& findings) {
  const std::vector<Adapter> adapters = list_adapters(findings);
  for (const Adapter& adapter : adapters) {
    const std::string name = display_only(adapter);
    if (!name.empty()) findings.note("machine.note.display-only", {{"adapter", name}});
  }
  probe_nvidia(findings, adapters);
  probe_amd(findings, adapters);
  std::vector<std::size_t> missing = probe_intel(findings, adapters);
  probe_soc_graphics(findings, adapters);
  for (std::size_t index = 0; index < adapters.size(); ++index) {
    const Adapter& adapter = adapters[index];
    if (adapter.vendor.empty() || !display_only(adapter).empty()) continue;
    const bool vendor_known =
        adapter.vendor == "10de" || adapter.vendor == "1002" || adapter.vendor == "8086";
    if (!vendor_known || (adapter.vendor == "10de" && adapter.driver == "nouveau")) missing.push_back(index);
  }
  const bool none = std::none_of(findings.machine.gpus.begin(), findings.machine.gpus.end(),
                                 [](const Gpu& gpu) { return !gpu.integrated; });
  const bool through_wsl = none && findings.host.exists("/dev/dxg");
  if (!missing.empty() || through_wsl || (none && !findings.host.folder().empty())) {
    probe_vulkan(findings, adapters, missing);
  }
  // Those that can be given a model first; otherwise the order of the driver, which --tensor-split counts by.
  auto& gpus = findings.machine.gpus;
  if (std::is_sorted(gpus.begin(), gpus.end(),
                     [](const Gpu& a, const Gpu& b) { return a.integrated < b.integrated; })) {
    return;
  }
  std::vector<std::size_t> order(gpus.size());
  for (std::size_t at = 0; at < order.size(); ++at) order[at] = at;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return gpus[a].integrated < gpus[b].integrated; });
  std::vector<Gpu> sorted;
  for (const std::size_t at : order) sorted.push_back(gpus[at]);
  gpus = std::move(sorted);
  for (auto& [what, where] : findings.machine.sources) {
    if (!what.starts_with("gpus[")) continue;
    const auto index = to_integer(std::string_view(what).substr(5, what.find(']') - 5));
    const auto now = std::find(order.begin(), order.end(), static_cast<std::size_t>(index.value_or(0)));
    what = "gpus[" + std::to_string(now - order.begin()) + what.substr(what.find(']'));
  }
}

void probe_linux(const Findings& findings, bool want_gpus) {
  const CgroupLimits limits = read_cgroup_limits(findings);
  probe_memory(findings, limits);
  probe_cpu(findings, limits);
  probe_board(findings);
  if (is_wsl(findings)) findings.note("machine.note.wsl");
  if (want_gpus) probe_gpus(findings);
  probe_bandwidth(findings);
}

}  // namespace

Machine probe(const Host& host, std::span<const Device> devices, bool want_gpus) {
  Machine machine;
  machine.os = host.os();
  machine.name = "this machine";
  if (!host.folder().empty()) machine.name = neutralise(host.folder().substr(host.folder().rfind('/') + 1));
  machine.cpu.architecture = host.architecture();
  const Findings findings{host, devices, machine};
  if (!host.problem().empty()) machine.notes.push_back(host.problem());
  if (!host.described()) findings.note("machine.recording.no-machine-json", {{"folder", host.folder()}});
  if (machine.os == "windows") {
    findings.note("machine.note.windows");
    return machine;
  }
  if (machine.os == "macos") {
    probe_macos(findings, want_gpus);
  } else {
    probe_linux(findings, want_gpus);
  }
  probe_disk(findings);
  apply_policy(machine);
  return machine;
}

}  // namespace jobfit
