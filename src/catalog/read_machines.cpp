// data/machines: devices and whole machines by name.
#include "catalog/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

constexpr std::string_view kKinds[] = {"gpu", "unified", "cpu"};
constexpr std::string_view kSystems[] = {"linux", "macos", "windows"};
constexpr std::string_view kArchitectures[] = {"x86_64", "aarch64", "arm64"};

/// "24GB", or a plain number of bytes.
std::optional<Bytes> read_memory(const Value& value) {
  if (value.is(YamlNode::Kind::scalar)) {
    if (const auto bytes = parse_memory_size(value.tree().text)) return bytes;
    const bool unit = value.tree().text.find_first_of("BGMKTibgmkt") != std::string::npos;
    if (unit) {
      value.complain(fmt::format("'{}' is no memory size", value.tree().text), "write it as 24GB or 512MB");
      return std::nullopt;
    }
  }
  return read_integer(value, kMiB, 1024 * kTiB);
}

std::vector<Bytes> read_memories(const Value& value) {
  std::vector<Bytes> sizes;
  if (!value.is(YamlNode::Kind::list)) {
    if (const auto bytes = read_memory(value)) sizes.push_back(*bytes);
    return sizes;
  }
  for (const Value& item : read_list(value)) {
    if (const auto bytes = read_memory(item)) sizes.push_back(*bytes);
  }
  return sizes;
}

/// "936GB/s", or a plain number of bytes per second.
void read_bandwidth(Map& map, std::string_view key, double& into) {
  const auto at = map.find(key);
  if (!at) return;
  if (at->is(YamlNode::Kind::scalar)) {
    if (const auto rate = parse_bandwidth(at->tree().text)) {
      into = *rate;
      return;
    }
    if (at->tree().text.find('/') != std::string::npos) {
      at->complain(fmt::format("'{}' is no bandwidth", at->tree().text), "write it as 936GB/s");
      return;
    }
  }
  if (const auto number = read_number(*at, 1e6, 1e15)) into = *number;
}

bool is_pci_id(std::string_view text) {
  const auto hex = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  const auto pair = [&](std::string_view id) {
    return id.size() == 9 && id[4] == ':' && std::all_of(id.begin(), id.begin() + 4, hex) &&
           std::all_of(id.begin() + 5, id.end(), hex);
  };
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return pair(text);
  const std::string_view rest = text.substr(slash + 1);  // a subsystem, or a revision as AMD tells them apart
  const bool revision = rest.size() == 2 && std::all_of(rest.begin(), rest.end(), hex);
  return pair(text.substr(0, slash)) && (revision || pair(rest));
}

void read_pci(Map& map, std::vector<std::string>& into) {
  const auto at = map.find("pci");
  if (!at || !read_texts(*at)) return;
  into.clear();
  for (const Value& item : read_list(*at)) {
    if (!item.is(YamlNode::Kind::scalar)) continue;
    if (is_pci_id(item.tree().text)) {
      into.push_back(item.tree().text);
    } else {
      item.complain(fmt::format("'{}' is no PCI id such as \"10de:2684\"", item.tree().text));
    }
  }
}

/// Two devices of one name would make a look-up depend on their order.
void check_names(Draft& draft, const Value& entry, const Device& device) {
  std::vector<std::string> names = device.also;
  names.push_back(device.name);
  for (const std::string& name : names) {
    const std::string normalised = normalise_device_name(name);
    const auto [first, inserted] = draft.seen.emplace("device name " + normalised, entry.place());
    if (!inserted && first->second != entry.place()) {
      entry.complain(fmt::format("'{}' names another device too: {}", name, written_at(first->second)));
    }
  }
}

void read_device(Draft& draft, const Value& entry) {
  Map map(entry, "a device");
  const auto name = map.need("name");
  if (!name || !read_text(*name)) return;
  Device scratch;
  bool is_new = false;
  Device& device = record_for(draft, draft.catalog.devices, &Device::name, *name, "device", is_new, scratch);
  if (is_new) {
    map.need("vendor");
    map.need("source");
  }
  map.texts("also", device.also);
  map.text("vendor", device.vendor);
  map.choice("kind", device.kind, kKinds);
  map.text("generation", device.generation);
  read_pci(map, device.pci);
  map.yes_no("laptop", device.laptop);
  if (const auto at = map.find("memory")) device.memory = read_memories(*at);
  read_bandwidth(map, "bandwidth", device.bandwidth);
  map.number("tflops_fp16", device.tflops_fp16, 0.001, 1e6);
  map.number("tops_int8", device.tops_int8, 0.001, 1e6);
  map.integer("year", device.year, 1990, 2100);
  map.text("source", device.source);
  map.finish();
  check_names(draft, entry, device);
}

void check_gpus(const Catalog& catalog, Map& map, const Preset& preset) {
  const auto at = map.find("gpus");
  if (!at || !at->is(YamlNode::Kind::list) || catalog.devices.empty()) return;
  for (const Value& item : read_list(*at)) {
    if (!item.is(YamlNode::Kind::scalar) || find_device(catalog.devices, item.tree().text) != nullptr)
      continue;
    item.complain(fmt::format("unknown device '{}'", item.tree().text),
                  did_you_mean(item.tree().text, names_of(catalog.devices, &Device::name)));
  }
  if (!preset.gpu_memory.empty() && preset.gpu_memory.size() != preset.gpus.size()) {
    at->complain(
        fmt::format("{} GPUs but {} sizes in 'gpu_memory'", preset.gpus.size(), preset.gpu_memory.size()));
  }
}

void read_preset(Draft& draft, const Value& entry) {
  Map map(entry, "a preset");
  const auto id = map.need("id");
  if (!id || !read_text(*id)) return;
  Preset scratch;
  bool is_new = false;
  Preset& preset = record_for(draft, draft.catalog.presets, &Preset::id, *id, "preset", is_new, scratch);
  if (is_new) {
    map.need("what");
    map.need("memory");
  }
  map.text("what", preset.what);
  map.choice("os", preset.os, kSystems);
  map.choice("architecture", preset.architecture, kArchitectures);
  map.text("cpu", preset.cpu);
  map.integer("cores", preset.cores, 1, 4096);
  if (const auto at = map.find("memory")) preset.memory = read_memory(*at).value_or(preset.memory);
  read_bandwidth(map, "memory_bandwidth", preset.memory_bandwidth);
  if (const auto at = map.find("gpus")) {  // a name may be repeated: two of the same
    preset.gpus.clear();
    for (const Value& item : read_list(*at)) {
      if (const auto text = read_text(item)) preset.gpus.push_back(*text);
    }
  }
  if (const auto at = map.find("gpu_memory")) preset.gpu_memory = read_memories(*at);
  map.text("source", preset.source);
  check_gpus(draft.catalog, map, preset);
  map.finish();
}

}  // namespace

void read_devices(Draft& draft, const Value& list) {
  for (const Value& entry : read_list(list)) read_device(draft, entry);
}

void read_presets(Draft& draft, const Value& list) {
  for (const Value& entry : read_list(list)) read_preset(draft, entry);
}

}  // namespace jobfit
