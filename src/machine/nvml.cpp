#include "machine/nvml.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdio>
#include <dlfcn.h>

namespace jobfit {
namespace {

using nlohmann::json;

// The part of nvml.h's stable ABI that is asked: plain C, unchanged since driver 460.
using Result = int;
using DeviceHandle = void*;
struct MemoryInfo {
  unsigned long long total, free, used;
};
struct PciInfo {
  char bus_id_legacy[16];
  unsigned int domain, bus, device, pci_device_id, pci_subsystem_id;
  char bus_id[32];
};
constexpr Result kSuccess = 0;
constexpr unsigned int kMostDevices = 128, kMostSlices = 16;

struct Library {
  void* handle = nullptr;
  template <typename Function>
  Function* find(const char* name) const {
    return reinterpret_cast<Function*>(dlsym(handle, name));
  }
};

Library load() {
  // Places where drivers put it that the loader may not search; then the loader's own.
  constexpr std::array<const char*, 9> kPlaces = {"/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1",
                                                  "/usr/lib/aarch64-linux-gnu/libnvidia-ml.so.1",
                                                  "/usr/lib/aarch64-linux-gnu/nvidia/libnvidia-ml.so.1",
                                                  "/usr/lib64/libnvidia-ml.so.1",
                                                  "/usr/lib/libnvidia-ml.so.1",
                                                  "/usr/lib/wsl/lib/libnvidia-ml.so.1",
                                                  "/run/opengl-driver/lib/libnvidia-ml.so.1",
                                                  "/usr/local/nvidia/lib64/libnvidia-ml.so.1",
                                                  "libnvidia-ml.so.1"};
  for (const char* place : kPlaces) {
    if (void* handle = dlopen(place, RTLD_NOW | RTLD_LOCAL)) return {handle};
  }
  return {};
}

/// The words that nvidia-smi has for the same condition.
std::string error_words(const Library& library, Result result) {
  if (result == 18) return "Driver/library version mismatch";
  if (result == 9) return "Driver not loaded";
  const auto words = library.find<const char*(Result)>("nvmlErrorString");
  const char* text = words != nullptr ? words(result) : nullptr;
  return text != nullptr ? text : "error " + std::to_string(result);
}

constexpr Result kNoPermission = 4;

/// Fills "memory_bytes", or says that the driver would not tell.
void add_memory(const Library& library, DeviceHandle device, json& about) {
  const auto memory_info = library.find<Result(DeviceHandle, MemoryInfo*)>("nvmlDeviceGetMemoryInfo");
  MemoryInfo memory{};
  const Result result = memory_info != nullptr ? memory_info(device, &memory) : -1;
  if (result == kSuccess && memory.total > 0) about["memory_bytes"] = memory.total;
  if (result == kNoPermission) about["memory_refused"] = true;
}

json name_of(const Library& library, DeviceHandle device) {
  const auto get_name = library.find<Result(DeviceHandle, char*, unsigned int)>("nvmlDeviceGetName");
  std::array<char, 128> name{};
  if (get_name == nullptr || get_name(device, name.data(), name.size() - 1) != kSuccess) return nullptr;
  return std::string(name.data());
}

json slices_of(const Library& library, DeviceHandle device) {
  json slices = json::array();
  const auto count_of = library.find<Result(DeviceHandle, unsigned int*)>("nvmlDeviceGetMaxMigDeviceCount");
  const auto slice_at =
      library.find<Result(DeviceHandle, unsigned int, DeviceHandle*)>("nvmlDeviceGetMigDeviceHandleByIndex");
  unsigned int count = 0;
  if (count_of == nullptr || slice_at == nullptr || count_of(device, &count) != kSuccess) return slices;
  for (unsigned int index = 0; index < count && index < kMostSlices; ++index) {
    DeviceHandle slice = nullptr;
    if (slice_at(device, index, &slice) != kSuccess) continue;
    slices.push_back({{"name", name_of(library, slice)}});
    add_memory(library, slice, slices.back());
  }
  return slices;
}

json describe(const Library& library, DeviceHandle device) {
  json about = {{"name", name_of(library, device)}};
  add_memory(library, device, about);
  const auto pci_info = library.find<Result(DeviceHandle, PciInfo*)>("nvmlDeviceGetPciInfo_v3");
  PciInfo pci{};
  if (pci_info != nullptr && pci_info(device, &pci) == kSuccess && pci.pci_device_id != 0) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%04x:%04x", pci.pci_device_id & 0xffffU,
                  pci.pci_device_id >> 16U);
    about["pci"] = std::string(text.data());
    std::snprintf(text.data(), text.size(), "%04x:%02x:%02x.0", pci.domain & 0xffffU, pci.bus & 0xffU,
                  pci.device & 0xffU);
    about["slot"] = std::string(text.data());
  }
  const auto mig_mode =
      library.find<Result(DeviceHandle, unsigned int*, unsigned int*)>("nvmlDeviceGetMigMode");
  unsigned int current = 0, pending = 0;
  const bool mig = mig_mode != nullptr && mig_mode(device, &current, &pending) == kSuccess && current == 1;
  about["mig"] = mig;
  if (mig) about["slices"] = slices_of(library, device);
  return about;
}

}  // namespace

std::string ask_nvml() {
  const Library library = load();
  if (library.handle == nullptr) return {};
  const auto start = library.find<Result()>("nvmlInit_v2");
  const auto count_of = library.find<Result(unsigned int*)>("nvmlDeviceGetCount_v2");
  const auto device_at = library.find<Result(unsigned int, DeviceHandle*)>("nvmlDeviceGetHandleByIndex_v2");
  if (start == nullptr || count_of == nullptr || device_at == nullptr) return {};
  if (const Result result = start(); result != kSuccess) {
    return json{{"error", error_words(library, result)}}.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  json answer = {{"devices", json::array()}};
  const auto version = library.find<Result(char*, unsigned int)>("nvmlSystemGetDriverVersion");
  std::array<char, 128> text{};
  if (version != nullptr && version(text.data(), text.size() - 1) == kSuccess)
    answer["driver_version"] = text.data();
  unsigned int count = 0;
  if (const Result result = count_of(&count); result != kSuccess)
    answer["error"] = error_words(library, result);
  for (unsigned int index = 0; index < count && index < kMostDevices; ++index) {
    DeviceHandle device = nullptr;
    const Result result = device_at(index, &device);
    if (result == kSuccess) {
      answer["devices"].push_back(describe(library, device));
    } else {
      answer["devices"].push_back({{"error", error_words(library, result)}});
    }
  }
  return answer.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace jobfit
