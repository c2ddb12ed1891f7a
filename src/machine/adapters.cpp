#include "machine/adapters.hpp"

#include "machine/scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace jobfit {
namespace {

std::string four_digits(std::string_view text) {
  const auto value = to_hex(text);
  return value && *value >= 0 && *value <= 0xffff ? fmt::format("{:04x}", *value) : std::string();
}

std::string last_part(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

/// "1002:150e" of uevent, or of the files vendor and device.
void read_ids(const Findings& findings, Adapter& adapter) {
  const std::string uevent = findings.text(adapter.folder + "/uevent").value_or("");
  adapter.driver = value_of(uevent, "DRIVER", '=');
  adapter.slot = value_of(uevent, "PCI_SLOT_NAME", '=');
  adapter.compatible = value_of(uevent, "OF_COMPATIBLE_0", '=');
  if (adapter.driver.empty()) {
    if (const auto target = findings.host.link(adapter.folder + "/driver"))
      adapter.driver = last_part(*target);
  }
  if (const auto vendor = findings.text(adapter.folder + "/vendor")) adapter.vendor = four_digits(*vendor);
  if (const auto device = findings.text(adapter.folder + "/device")) adapter.device = four_digits(*device);
  const auto pair = [](const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) return std::pair<std::string, std::string>{};
    return std::pair{four_digits(text.substr(0, colon)), four_digits(text.substr(colon + 1))};
  };
  if (adapter.vendor.empty() || adapter.device.empty()) {
    std::tie(adapter.vendor, adapter.device) = pair(value_of(uevent, "PCI_ID", '='));
  }
  const auto read_hex = [&](const char* name) {
    const auto text = findings.host.read(adapter.folder + "/" + name);
    return text ? four_digits(*text) : std::string();
  };
  std::string vendor = read_hex("subsystem_vendor"), device = read_hex("subsystem_device");
  if (vendor.empty() || device.empty())
    std::tie(vendor, device) = pair(value_of(uevent, "PCI_SUBSYS_ID", '='));
  if (!vendor.empty() && !device.empty()) adapter.subsystem = vendor + ":" + device;
}

/// "card0" but neither "card0-HDMI-A-1" nor "renderD128".
bool is_card(std::string_view name) {
  return name.starts_with("card") && name.size() > 4 &&
         name.substr(4).find_first_not_of("0123456789") == std::string_view::npos;
}

struct Named {
  std::string_view id, name;
};
// PCI vendors whose adapters only ever show pictures, and display drivers that are not on PCI.
constexpr std::array kDisplayVendors = {Named{"1af4", "virtio"},
                                        Named{"1234", "QEMU standard VGA"},
                                        Named{"1b36", "QEMU QXL"},
                                        Named{"1013", "Cirrus"},
                                        Named{"1a03", "ASPEED"},
                                        Named{"102b", "Matrox"},
                                        Named{"15ad", "VMware SVGA"},
                                        Named{"80ee", "VirtualBox"},
                                        Named{"1414", "Microsoft virtual display"},
                                        Named{"5333", "S3"},
                                        Named{"18ca", "XGI"},
                                        Named{"1039", "SiS"},
                                        Named{"126f", "Silicon Motion"},
                                        Named{"19e5", "Hisilicon hibmc"},
                                        Named{"1d0f", "Amazon"},
                                        Named{"1ab8", "Parallels"},
                                        Named{"17e9", "DisplayLink"}};
constexpr std::array kDisplayDrivers = {Named{"evdi", "DisplayLink"},
                                        Named{"udl", "DisplayLink"},
                                        Named{"vkms", "virtual monitor"},
                                        Named{"simple-framebuffer", "firmware framebuffer"},
                                        Named{"simpledrm", "firmware framebuffer"},
                                        Named{"efi-framebuffer", "firmware framebuffer"},
                                        Named{"hyperv_drm", "Hyper-V display"},
                                        Named{"vc4-drm", "VideoCore"},
                                        Named{"vc4_drm", "VideoCore"},
                                        Named{"v3d", "VideoCore"},
                                        Named{"vgem", "virtual monitor"},
                                        Named{"gm12u320", "USB projector"},
                                        Named{"virtio_gpu", "virtio"},
                                        Named{"bochs-drm", "QEMU standard VGA"},
                                        Named{"ast", "ASPEED"},
                                        Named{"mgag200", "Matrox"},
                                        Named{"cirrus", "Cirrus"},
                                        Named{"vmwgfx", "VMware SVGA"},
                                        Named{"qxl", "QEMU QXL"}};

template <std::size_t N>
std::string find_name(const std::array<Named, N>& names, std::string_view id) {
  const auto found =
      std::find_if(names.begin(), names.end(), [&](const Named& known) { return known.id == id; });
  return found == names.end() ? std::string() : std::string(found->name);
}

bool same_device(const Adapter& a, const Adapter& b) { return !a.slot.empty() && a.slot == b.slot; }

}  // namespace

std::vector<Adapter> list_adapters(const Findings& findings) {
  std::vector<Adapter> adapters;
  for (const std::string& name : findings.host.list("/sys/class/drm")) {
    if (!is_card(name)) continue;
    Adapter adapter;
    adapter.card = name;
    adapter.folder = "/sys/class/drm/" + name + "/device";
    read_ids(findings, adapter);
    if (adapter.slot.empty()) {
      const auto target = findings.host.link(adapter.folder);
      const std::string last = target ? last_part(*target) : std::string();
      if (!adapter.vendor.empty() && std::count(last.begin(), last.end(), ':') == 2) adapter.slot = last;
    }
    // One GPU may own several cards (evdi and others hang on the same device).
    const bool known = std::any_of(adapters.begin(), adapters.end(),
                                   [&](const Adapter& other) { return same_device(other, adapter); });
    if (!known) adapters.push_back(std::move(adapter));
  }
  for (const std::string& slot : findings.host.list("/sys/bus/pci/devices")) {
    const std::string folder = "/sys/bus/pci/devices/" + slot;
    const auto text = findings.host.read(folder + "/class");
    const auto code = text ? to_hex(*text) : std::nullopt;
    // 03: display controllers. 1200: processing accelerators, as MI300 and others call themselves.
    if (!code || (*code >> 16 != 0x03 && *code >> 8 != 0x1200)) continue;
    Adapter adapter;
    adapter.folder = folder;
    adapter.slot = slot;
    const bool known = std::any_of(adapters.begin(), adapters.end(),
                                   [&](const Adapter& other) { return same_device(other, adapter); });
    if (known) continue;
    read_ids(findings, adapter);
    adapter.slot = slot;
    if (!adapter.vendor.empty()) adapters.push_back(std::move(adapter));
  }
  return adapters;
}

std::string display_only(const Adapter& adapter) {
  if (std::string name = find_name(kDisplayVendors, adapter.vendor); !name.empty()) return name;
  if (!adapter.vendor.empty() && adapter.driver.empty()) return {};
  return find_name(kDisplayDrivers, adapter.driver);
}

const Device* known_device(const Findings& findings, const Adapter& adapter) {
  if (adapter.vendor.empty()) return nullptr;
  const std::string with = adapter.subsystem.empty() ? std::string() : "/" + adapter.subsystem;
  return find_device_by_pci(findings.devices, adapter.pci() + with);
}

std::string adapter_name(const Findings& findings, const Adapter& adapter) {
  if (const Device* device = known_device(findings, adapter)) return device->name;
  const std::string maker = adapter.vendor == "10de"   ? "NVIDIA"
                            : adapter.vendor == "1002" ? "AMD"
                            : adapter.vendor == "8086" ? "Intel"
                                                       : std::string();
  if (!maker.empty()) return maker + " GPU " + adapter.pci();
  if (!adapter.vendor.empty()) return "GPU " + adapter.pci();
  return adapter.compatible.empty() ? adapter.driver : adapter.compatible;
}

}  // namespace jobfit
