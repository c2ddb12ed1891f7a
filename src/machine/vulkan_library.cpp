#include "machine/vulkan_library.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <dlfcn.h>
#include <memory>
#include <vector>

namespace jobfit {
namespace {

using nlohmann::json;

// The few declarations of vulkan_core.h that are needed; the ABI is fixed by the specification.
using Handle = void*;
using Result = std::int32_t;
constexpr std::uint32_t kApplicationInfo = 0, kInstanceCreateInfo = 1;
constexpr std::uint32_t kMemoryProperties2 = 1000059006, kMemoryBudget = 1000237000;
constexpr std::uint32_t kVersion11 = (1U << 22U) | (1U << 12U);
constexpr std::uint32_t kDeviceLocal = 1;

struct ApplicationInfo {
  std::uint32_t type;
  const void* next;
  const char* name;
  std::uint32_t version;
  const char* engine;
  std::uint32_t engine_version, api_version;
};
struct InstanceCreateInfo {
  std::uint32_t type;
  const void* next;
  std::uint32_t flags;
  const ApplicationInfo* application;
  std::uint32_t layer_count;
  const char* const* layers;
  std::uint32_t extension_count;
  const char* const* extensions;
};
struct MemoryType {
  std::uint32_t flags, heap;
};
struct MemoryHeap {
  std::uint64_t size;
  std::uint32_t flags;
};
struct MemoryProperties {
  std::uint32_t type_count;
  MemoryType types[32];
  std::uint32_t heap_count;
  MemoryHeap heaps[16];
};
struct MemoryBudget {
  std::uint32_t type;
  void* next;
  std::uint64_t budget[16], usage[16];
};
struct MemoryProperties2 {
  std::uint32_t type;
  void* next;
  MemoryProperties memory;
};
struct DeviceProperties {
  std::uint32_t api_version, driver_version, vendor, device, type;
  char name[256];
  std::uint8_t rest[4096];  // uuid, limits and sparse properties, which are not read: 16 + 504 + 20 bytes
};

using GetInstanceProc = void (*(Handle, const char*))();

template <typename Function>
Function* instance_function(GetInstanceProc* get, Handle instance, const char* name) {
  return reinterpret_cast<Function*>(get(instance, name));
}

json describe(GetInstanceProc* get, Handle instance, Handle device) {
  const auto properties_of =
      instance_function<void(Handle, DeviceProperties*)>(get, instance, "vkGetPhysicalDeviceProperties");
  const auto memory_of = instance_function<void(Handle, MemoryProperties2*)>(
      get, instance, "vkGetPhysicalDeviceMemoryProperties2");
  const auto memory_of_1 = instance_function<void(Handle, MemoryProperties*)>(
      get, instance, "vkGetPhysicalDeviceMemoryProperties");
  if (properties_of == nullptr || memory_of_1 == nullptr) return nullptr;
  auto properties = std::make_unique<DeviceProperties>();
  properties_of(device, properties.get());
  constexpr std::array<const char*, 5> kTypes = {"other", "integrated", "discrete", "virtual", "cpu"};
  std::array<char, 24> pci{};
  std::snprintf(pci.data(), pci.size(), "%04x:%04x", properties->vendor & 0xffffU,
                properties->device & 0xffffU);
  properties->name[255] = '\0';
  json about = {{"name", std::string(properties->name)},
                {"type", kTypes[properties->type < kTypes.size() ? properties->type : 0]},
                {"pci", std::string(pci.data())},
                {"heaps", json::array()}};
  MemoryBudget budget{kMemoryBudget, nullptr, {}, {}};
  MemoryProperties2 memory{kMemoryProperties2, &budget, {}};
  if (memory_of != nullptr) {
    memory_of(device, &memory);
  } else {
    memory_of_1(device, &memory.memory);
  }
  for (std::uint32_t heap = 0; heap < memory.memory.heap_count && heap < 16; ++heap) {
    json entry = {{"bytes", memory.memory.heaps[heap].size},
                  {"device_local", (memory.memory.heaps[heap].flags & kDeviceLocal) != 0}};
    if (budget.budget[heap] != 0) entry["budget_bytes"] = budget.budget[heap];
    about["heaps"].push_back(std::move(entry));
  }
  return about;
}

}  // namespace

std::string ask_vulkan() {
  void* library = dlopen("libvulkan.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return {};
  const auto get = reinterpret_cast<GetInstanceProc*>(dlsym(library, "vkGetInstanceProcAddr"));
  if (get == nullptr) return {};
  const auto create = instance_function<Result(const InstanceCreateInfo*, const void*, Handle*)>(
      get, nullptr, "vkCreateInstance");
  if (create == nullptr) return {};
  const ApplicationInfo application{kApplicationInfo, nullptr, "jobfit", 1, nullptr, 0, kVersion11};
  const InstanceCreateInfo info{kInstanceCreateInfo, nullptr, 0, &application, 0, nullptr, 0, nullptr};
  Handle instance = nullptr;
  if (create(&info, nullptr, &instance) != 0 || instance == nullptr) return {};
  const auto enumerate =
      instance_function<Result(Handle, std::uint32_t*, Handle*)>(get, instance, "vkEnumeratePhysicalDevices");
  std::uint32_t count = 0;
  if (enumerate == nullptr || enumerate(instance, &count, nullptr) < 0) return {};
  std::vector<Handle> devices(count < 64 ? count : 64);
  count = static_cast<std::uint32_t>(devices.size());
  if (count == 0 || enumerate(instance, &count, devices.data()) < 0) return {};
  json answer = {{"devices", json::array()}};
  for (std::uint32_t index = 0; index < count; ++index) {
    json about = describe(get, instance, devices[index]);
    if (!about.is_null()) answer["devices"].push_back(std::move(about));
  }
  return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace jobfit
