#include "machine/amd.hpp"

#include "machine/make_gpu.hpp"
#include "machine/scan.hpp"

#include <algorithm>
#include <array>

namespace jobfit {
namespace {

constexpr Bytes kPage = 4096;
struct Kind {
  bool apu = false, told = false;
};

Kind kind_of(const Findings& findings, const Adapter& adapter, const Device* device,
             std::span<const KfdNode> nodes) {
  if (device != nullptr) return {device->kind == "unified", true};
  if (is_apu_id(adapter.device)) return {true, true};
  for (const KfdNode& node : nodes) {
    if (node.pci != adapter.pci()) continue;
    if (node.cpu_cores > 0 || is_apu_target(node.target)) return {true, true};
    return {false, true};
  }
  // Only a card has memory chips of its own with a maker's name.
  const auto chips = findings.host.read(adapter.folder + "/mem_info_vram_vendor", 64);
  if (chips && !trim(*chips).empty() && trim(*chips) != "unknown") return {false, true};
  return {};
}

std::vector<KfdNode> kfd_nodes(const Findings& findings) {
  std::vector<KfdNode> nodes;
  const std::string base = "/sys/class/kfd/kfd/topology/nodes";
  for (const std::string& name : findings.host.list(base)) {
    if (const auto text = findings.host.read(base + "/" + name + "/properties")) {
      const KfdNode node = parse_kfd_node(*text);
      if (node.simds > 0) nodes.push_back(node);
    }
  }
  return nodes;
}

std::optional<Bytes> size_in(const Findings& findings, const std::string& path) {
  const auto value = findings.number(path);
  if (!value) return std::nullopt;
  if (*value < 0 || *value > (Bytes{1} << 50)) {
    findings.note("machine.note.garbage", {{"file", path}});
    return std::nullopt;
  }
  return value;
}

/// RAM that the driver may map for graphics: what it says, or the module's limit, or the kernel's default of
/// half.
struct Gtt {
  Bytes bytes = 0;
  std::string from;
};
Gtt gtt_of(const Findings& findings, const Adapter& adapter) {
  const std::string path = adapter.folder + "/mem_info_gtt_total";
  if (const auto bytes = size_in(findings, path)) return {*bytes, path};
  const std::string limit = "/sys/module/ttm/parameters/pages_limit";
  if (const auto pages = findings.number(limit); pages && *pages > 0 && *pages < (Bytes{1} << 38)) {
    return {*pages * kPage, limit};
  }
  return {findings.machine.memory.total_bytes / 2, "half of the RAM, the kernel's default"};
}

void add_unified(const Findings& findings, const Adapter& adapter, Gpu gpu, Bytes carve_out) {
  const Gtt gtt = gtt_of(findings, adapter);
  const Bytes ram = findings.machine.memory.total_bytes;
  gpu.unified = true;
  gpu.own_bytes = carve_out;
  const std::string at = "gpus[" + std::to_string(findings.machine.gpus.size()) + "]";
  const std::string vram = adapter.folder + "/mem_info_vram_total";
  if (is_narrow(gpu.vendor, gpu.bandwidth_bytes_per_second)) {
    gpu.integrated = true;
    gpu.memory_bytes = carve_out;
    findings.note("machine.note.integrated", {{"gpu", gpu.name}, {"own", format_bytes(carve_out)}});
    findings.source(at + ".memory_bytes", vram);
  } else {
    gpu.memory_bytes = carve_out + std::min(gtt.bytes, ram);
    findings.note("machine.note.apu", {{"gpu", gpu.name},
                                       {"own", format_bytes(carve_out)},
                                       {"shared", format_bytes(std::min(gtt.bytes, ram))}});
    findings.source(at + ".memory_bytes", vram + " + " + gtt.from);
  }
  findings.machine.gpus.push_back(std::move(gpu));
}

/// What is known of a chip by its product names: the device, if they come down to one, else the names
/// together with the least of their figures.
struct Product {
  const Device* device = nullptr;
  std::string name;
  double bandwidth = 0, tflops = 0;
  std::string generation;
};
Product product_of(const Findings& findings, const Adapter& adapter, Bytes vram) {
  Product product;
  const auto by_board = known_device(findings, adapter);
  const auto text = findings.host.read(adapter.folder + "/revision", 64);
  const int revision = text ? static_cast<int>(to_hex(*text).value_or(-1)) : -1;
  // "AMD Ryzen AI Max+ 395 w/ Radeon 8060S": the processor names its graphics.
  const std::string& cpu = findings.machine.cpu.name;
  const std::size_t with = cpu.find("w/ ");
  const bool inside = is_apu_id(adapter.device) || (by_board != nullptr && by_board->kind == "unified");
  if (inside && with != std::string::npos)
    product.device = find_device(findings.devices, cpu.substr(with + 3));
  if (product.device == nullptr) {
    std::vector<const Device*> found;
    std::vector<std::string> names;
    for (const std::string& name : amd_products(adapter.device, revision)) {
      const Device* device = find_device(findings.devices, name);
      const bool fits = device == nullptr || device->kind == "unified" || device->memory.empty() ||
                        vram == 0 ||
                        std::any_of(device->memory.begin(), device->memory.end(), [&](Bytes size) {
                          return vram <= size && vram > size / 20 * 17;  // firmware and ECC keep some
                        });
      if (!fits) continue;
      names.push_back(name);
      if (device != nullptr && std::find(found.begin(), found.end(), device) == found.end())
        found.push_back(device);
    }
    if (names.size() == 1 && found.size() == 1) product.device = found.front();
    if (product.device == nullptr && by_board != nullptr) product.device = by_board;
    if (product.device == nullptr && !names.empty()) {
      product.name = names.front();
      for (std::size_t at = 1; at < names.size(); ++at)
        product.name += " / " + names[at].substr(names[at].find(' ') + 1);
      for (const Device* device : found) {
        const bool first = device == found.front();
        product.bandwidth = first ? device->bandwidth : std::min(product.bandwidth, device->bandwidth);
        product.tflops = first ? device->tflops_fp16 : std::min(product.tflops, device->tflops_fp16);
        product.generation = device->generation;
      }
    }
  }
  if (product.device != nullptr) {
    product.name = product.device->name;
    product.bandwidth = product.device->bandwidth;
    product.tflops = product.device->tflops_fp16;
    product.generation = product.device->generation;
  }
  return product;
}

void add(const Findings& findings, const Adapter& adapter, std::span<const KfdNode> nodes) {
  const std::string path = adapter.folder + "/mem_info_vram_total";
  const auto vram = size_in(findings, path);
  const Product sold_as = product_of(findings, adapter, vram.value_or(0));
  const Device* device = sold_as.device;
  Gpu gpu;
  gpu.vendor = "amd";
  gpu.backend = "rocm";
  gpu.pci = adapter.pci();
  gpu.name = sold_as.name.empty() ? adapter_name(findings, adapter) : sold_as.name;
  gpu.generation = sold_as.generation;
  gpu.bandwidth_bytes_per_second = sold_as.bandwidth;
  gpu.tflops_fp16 = sold_as.tflops;
  const auto product = findings.host.read(adapter.folder + "/product_name", 256);
  if (sold_as.name.empty() && product && !trim(*product).empty() && !is_binary(*product)) {
    gpu.name = neutralise(trim(*product));
  }
  if (!vram) {
    findings.note("machine.note.amd-no-driver",
                  {{"gpu", gpu.name}, {"driver", adapter.driver.empty() ? "-" : adapter.driver}});
    return;
  }
  const Kind kind = kind_of(findings, adapter, device, nodes);
  const std::string at = "gpus[" + std::to_string(findings.machine.gpus.size()) + "]";
  findings.source(at + ".name", !sold_as.name.empty() ? "PCI id " + adapter.pci() : adapter.folder);
  if (gpu.bandwidth_bytes_per_second > 0)
    findings.source(at + ".bandwidth_bytes_per_second", "device table: " + gpu.name);
  if (gpu.bandwidth_bytes_per_second <= 0 && !kind.apu)
    findings.note("machine.note.gpu-not-in-table", {{"gpu", gpu.name}});
  // Nothing tells, and less memory than any card of ten years has: graphics inside a processor.
  if (kind.apu || (!kind.told && *vram < 2 * kGiB)) {
    add_unified(findings, adapter, std::move(gpu), *vram);
    return;
  }
  gpu.memory_bytes = *vram;
  findings.source(at + ".memory_bytes", path);
  findings.machine.gpus.push_back(std::move(gpu));
}

}  // namespace

KfdNode parse_kfd_node(std::string_view properties) {
  KfdNode node;
  long vendor = 0, device = 0;
  for (const std::string_view line : lines(properties)) {
    const auto words = words_of(line);
    if (words.size() != 2) continue;
    const long value = static_cast<long>(to_integer(words[1]).value_or(0));
    if (words[0] == "cpu_cores_count") node.cpu_cores = value;
    if (words[0] == "simd_count") node.simds = value;
    if (words[0] == "gfx_target_version") node.target = value;
    if (words[0] == "vendor_id") vendor = value;
    if (words[0] == "device_id") device = value;
  }
  if (vendor > 0 && device > 0 && vendor <= 0xffff && device <= 0xffff) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%04lx:%04lx", static_cast<unsigned long>(vendor),
                  static_cast<unsigned long>(device));
    node.pci = text.data();
  }
  return node;
}

bool is_apu_target(long target) {
  // gfx902 909 90c; 1033 (Van Gogh) 1035 1036 1037; 1103 (Phoenix); 1150 to 1153 (Strix, Strix Halo,
  // Krackan).
  constexpr std::array<long, 8> kTargets = {90002, 90009, 90012, 100303, 100305, 100306, 100307, 110003};
  if (target / 100 == 1105) return true;
  return std::find(kTargets.begin(), kTargets.end(), target) != kTargets.end();
}

bool is_apu_id(std::string_view id) {
  // Linux drivers/gpu/drm/amd/amdgpu/amdgpu_drv.c, those marked AMD_IS_APU, and pci.ids for those found by IP
  // version.
  constexpr std::array<std::string_view, 40> kIds = {
      "15dd", "15d8", "15e7", "1636", "1638", "164c", "163f", "1435", "164d", "1681",
      "164e", "13c0", "1506", "15bf", "15c8", "1900", "1901", "150e", "1586", "1114",
      "1902", "9874", "98e4", "9850", "9851", "9852", "9853", "9854", "9855", "9856",
      "130f", "1313", "131c", "1309", "130a", "1304", "13fe", "143f", "74a0", "164f"};
  return std::find(kIds.begin(), kIds.end(), id) != kIds.end();
}

void probe_amd(const Findings& findings, const std::vector<Adapter>& adapters) {
  std::vector<KfdNode> nodes;
  bool listed = false;
  for (const Adapter& adapter : adapters) {
    if (adapter.vendor != "1002") continue;
    if (!listed) nodes = kfd_nodes(findings);
    listed = true;
    add(findings, adapter, nodes);
  }
}

}  // namespace jobfit
