#include "machine/vulkan.hpp"

#include "machine/scan.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace jobfit {
namespace {

using nlohmann::json;
using Type = VulkanDevice::Type;

constexpr Bytes kMostBytes = Bytes{1} << 50;
constexpr std::size_t kMostDevices = 64;

Bytes size_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return 0;
  // vulkaninfo writes sizes as numbers, some versions as text.
  std::optional<std::int64_t> value;
  if (found->is_number_unsigned() && found->get<std::uint64_t>() <= static_cast<std::uint64_t>(kMostBytes)) {
    value = found->get<std::int64_t>();
  }
  if (found->is_string()) value = to_integer(found->get<std::string>());
  return value && *value > 0 && *value <= kMostBytes ? *value : 0;
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? neutralise(found->get<std::string>()) : std::string();
}

Type type_of(const json& value) {
  constexpr std::array<std::string_view, 5> kNames = {"OTHER", "INTEGRATED", "DISCRETE", "VIRTUAL", "CPU"};
  if (value.is_number_unsigned() && value.get<std::uint64_t>() < kNames.size()) {
    return static_cast<Type>(value.get<int>());
  }
  if (!value.is_string()) return Type::other;
  std::string name = value.get<std::string>();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  for (std::size_t at = 1; at < kNames.size(); ++at) {
    if (name.find(kNames[at]) != std::string::npos) return static_cast<Type>(at);
  }
  return Type::other;
}

bool is_device_local(const json& heap) {
  const auto flags = heap.find("flags");
  if (flags == heap.end()) return false;
  if (flags->is_number_unsigned()) return (flags->get<std::uint64_t>() & 1U) != 0;
  return flags->dump(-1, ' ', false, json::error_handler_t::replace).find("DEVICE_LOCAL") !=
         std::string::npos;
}

/// The first value under `key` anywhere inside, not deeper than vulkaninfo nests.
const json* find_inside(const json& value, const char* key, int depth = 0) {
  constexpr int kMostDepth = 12;
  if (depth > kMostDepth || !value.is_structured()) return nullptr;
  if (value.is_object()) {
    if (const auto found = value.find(key); found != value.end()) return &*found;
  }
  for (const json& inner : value) {
    if (const json* found = find_inside(inner, key, depth + 1)) return found;
  }
  return nullptr;
}

std::optional<VulkanDevice> from_vulkaninfo(const json& about) {
  const json* properties = find_inside(about, "VkPhysicalDeviceProperties");
  if (properties == nullptr || !properties->is_object()) return std::nullopt;
  VulkanDevice device;
  device.name = text_of(*properties, "deviceName");
  if (const auto type = properties->find("deviceType"); type != properties->end())
    device.type = type_of(*type);
  const Bytes vendor = size_of(*properties, "vendorID"), id = size_of(*properties, "deviceID");
  if (vendor > 0 && vendor <= 0xffff && id > 0 && id <= 0xffff)
    device.pci = fmt::format("{:04x}:{:04x}", vendor, id);
  const json* memory = find_inside(about, "VkPhysicalDeviceMemoryProperties");
  const json* heaps =
      memory != nullptr && memory->is_object() ? find_inside(*memory, "memoryHeaps") : nullptr;
  const json* budget = find_inside(about, "VkPhysicalDeviceMemoryBudgetPropertiesEXT");
  const json* budgets = budget != nullptr ? find_inside(*budget, "heapBudget") : nullptr;
  for (std::size_t at = 0; heaps != nullptr && heaps->is_array() && at < heaps->size() && at < 16; ++at) {
    const json& heap = (*heaps)[at];
    if (!heap.is_object() || !is_device_local(heap)) continue;
    device.local_bytes += size_of(heap, "size");
    if (budgets != nullptr && budgets->is_array() && at < budgets->size() &&
        (*budgets)[at].is_number_unsigned()) {
      device.budget_bytes += size_of(json{{"b", (*budgets)[at]}}, "b");
    }
  }
  return device;
}

VulkanDevice from_library(const json& about) {
  VulkanDevice device;
  device.name = text_of(about, "name");
  device.pci = text_of(about, "pci");
  if (const auto type = about.find("type"); type != about.end()) device.type = type_of(*type);
  const auto heaps = about.find("heaps");
  for (std::size_t at = 0; heaps != about.end() && heaps->is_array() && at < heaps->size() && at < 16; ++at) {
    const json& heap = (*heaps)[at];
    const auto local = heap.is_object() ? heap.find("device_local") : heap.end();
    if (!heap.is_object() || local == heap.end() || *local != true) continue;
    device.local_bytes += size_of(heap, "bytes");
    device.budget_bytes += size_of(heap, "budget_bytes");
  }
  return device;
}

}  // namespace

std::optional<std::vector<VulkanDevice>> parse_vulkan(std::string_view text) {
  constexpr int kMostDepth = 64;
  int depth = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > kMostDepth) return std::nullopt;
  }
  const json said = json::parse(text, nullptr, false);
  if (!said.is_structured()) return std::nullopt;
  std::vector<VulkanDevice> devices;
  const auto ours = said.is_object() ? said.find("devices") : said.end();
  if (said.is_object() && ours != said.end() && ours->is_array() &&
      find_inside(*ours, "VkPhysicalDeviceProperties") == nullptr) {
    for (const json& device : *ours) {
      if (device.is_object() && devices.size() < kMostDevices) devices.push_back(from_library(device));
    }
    return devices;
  }
  // One device per document, or a list of such documents, plain or under a name.
  const json& list = said.is_object() && ours != said.end() ? *ours : said;
  if (list.is_array()) {
    for (const json& entry : list) {
      auto device = from_vulkaninfo(entry);
      if (device && devices.size() < kMostDevices) devices.push_back(std::move(*device));
    }
  } else if (auto device = from_vulkaninfo(list)) {
    devices.push_back(std::move(*device));
  }
  if (devices.empty()) return std::nullopt;
  return devices;
}

bool is_software_renderer(const VulkanDevice& device) {
  if (device.type == Type::cpu) return true;
  const std::string name = lower(device.name);
  constexpr std::array<std::string_view, 5> kNames = {"llvmpipe", "lavapipe", "softpipe", "swiftshader",
                                                      "microsoft basic render"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view known) { return name.find(known) != std::string::npos; });
}

}  // namespace jobfit
