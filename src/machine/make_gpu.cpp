#include "machine/make_gpu.hpp"

#include <algorithm>
#include <array>

namespace jobfit {

std::string backend_for(std::string_view vendor, std::string_view os) {
  if (os == "macos") return "metal";
  if (vendor == "nvidia") return "cuda";
  if (vendor == "amd") return "rocm";
  return "vulkan";
}

std::string vendor_by_name(std::string_view name) {
  struct Word {
    std::string_view word, vendor;
  };
  constexpr std::array kWords = {
      Word{"nvidia", "nvidia"}, Word{"geforce", "nvidia"}, Word{"rtx", "nvidia"},    Word{"gtx", "nvidia"},
      Word{"tesla", "nvidia"},  Word{"quadro", "nvidia"},  Word{"jetson", "nvidia"}, Word{"amd", "amd"},
      Word{"radeon", "amd"},    Word{"instinct", "amd"},   Word{"intel", "intel"},   Word{"arc", "intel"},
      Word{"apple", "apple"}};
  const std::string text = lower(name);
  for (const Word& known : kWords) {
    const std::size_t at = text.find(known.word);
    // At the start of a word: "arc" is not in "search".
    if (at != std::string::npos && (at == 0 || text[at - 1] == ' ')) return std::string(known.vendor);
  }
  return {};
}

bool is_narrow(std::string_view vendor, double bandwidth) {
  constexpr double kWideBus = 200e9;
  return vendor != "apple" && vendor != "nvidia" && bandwidth < kWideBus;
}

Gpu make_gpu(const Device& device, std::string_view os) {
  Gpu gpu;
  gpu.name = device.name;
  gpu.vendor = device.vendor;
  if (!device.pci.empty()) gpu.pci = device.pci.front().substr(0, device.pci.front().find('/'));
  gpu.generation = device.generation;
  gpu.bandwidth_bytes_per_second = device.bandwidth;
  gpu.tflops_fp16 = device.tflops_fp16;
  gpu.unified = device.kind == "unified";
  gpu.backend = backend_for(device.vendor, os);
  if (!device.memory.empty())
    gpu.memory_bytes = *std::min_element(device.memory.begin(), device.memory.end());
  return gpu;
}

}  // namespace jobfit
