#include "fit/efficiency.hpp"

#include "jobfit/devices.hpp"
#include "jobfit/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace jobfit {
namespace {

// Fitted to the measurements in tests/fixtures/speed by robust regression over all classes at once: a
// vendor's figures are the prior of its classes, every device weighs by the root of its rows. Leaving each
// device out in turn, bench/speed_figures prints how far the others are from it. Classes marked * have no
// rows of their own: their figures are those of the nearest relative, with a wider spread. AMD's cards are
// told as they are under llama.cpp's faster backend, Vulkan; ROCm costs about 50 us more per layer. Columns:
// f16, q8, q4, k, iq, low k | cache | layer us, experts us, token us | unpack | spread | prefill
constexpr GpuEfficiency kGpuClasses[] = {
    {"nvidia pascal", {.78, .84, .79, .76, .62, .69}, .55, 71, 78, 200, 26.7, .30, .50},
    {"nvidia turing", {.87, .93, .88, .85, .69, .76}, .55, 54, 78, 200, 0, .26, .50},
    {"nvidia volta", {.66, .70, .67, .65, .54, .58}, .55, 90, 80, 200, 0, .34, .35},  // *
    {"nvidia ampere", {.81, .86, .82, .78, .64, .71}, .55, 42, 88, 200, 0, .28, .55},
    {"nvidia ada", {.90, .96, .91, .88, .72, .79}, .55, 62, 80, 200, 0, .28, .50},
    {"nvidia blackwell", {.88, .93, .89, .85, .70, .77}, .55, 41, 80, 200, 0, .26, .50},
    {"nvidia hbm", {.62, .66, .63, .60, .49, .54}, .55, 93, 78, 200, 0, .34, .25},
    {"nvidia soc", {.82, .86, .82, .78, .66, .70}, .57, 55, 85, 200, 0, .32, .35},  // *
    {"amd gcn", {.60, .60, .56, .53, .43, .45}, .45, 120, 120, 450, 0, .34, .40},   // *
    {"amd rdna2", {.82, .82, .75, .74, .61, .67}, .60, 66, 85, 450, 0, .34, .40},
    {"amd rdna3", {.90, .90, .84, .83, .68, .76}, .60, 59, 85, 450, 0, .34, .32},
    {"amd rdna4", {.95, .95, .95, .95, .78, .86}, .60, 40, 85, 450, 0, .34, .25},
    {"amd cdna", {.50, .50, .47, .45, .37, .40}, .50, 120, 110, 450, 0, .34, .20},  // *
    {"amd apu", {.86, .89, .87, .81, .67, .74}, .61, 58, 92, 450, 0, .28, .25},
    {"intel arc", {.79, .79, .76, .72, .59, .65}, .55, 217, 85, 450, 0, .34, .15},
    {"intel apu", {.72, .74, .70, .64, .50, .56}, .50, 200, 120, 450, 0, .34, .15},  // *
    {"apple m1", {.86, .87, .84, .79, .65, .71}, .54, 94, 73, 450, 21.4, .32, .50},
    {"apple m2", {.94, .95, .92, .86, .71, .78}, .54, 86, 73, 450, 23.1, .32, .50},
    {"apple m3", {.90, .91, .89, .83, .68, .75}, .54, 111, 78, 450, 0, .28, .60},
    {"apple m4", {.94, .95, .94, .87, .72, .79}, .54, 84, 72, 450, 0, .30, .60},  // *
    {"apple m5", {.98, .98, .98, .93, .76, .84}, .54, 62, 62, 450, 0, .28, .30},
    {"qualcomm", {.50, .50, .50, .40, .30, .33}, .35, 100, 150, 500, 0, .34, .15},  // *
    {"unknown", {.72, .74, .71, .68, .55, .60}, .50, 70, 100, 400, 0, .34, .30},    // *
};

// Two-core x86 rows: this project's own runs beside measured read bandwidth; boards and small PCs: published
// runs. Before AVX there is no vector code for K and IQ blocks. Threads meet after every operation, which
// costs the more of them there are: 96 cores were seen to peak at about 60 threads (llama.cpp issue 6434).
// Columns: stream | f16, q8, q4, k, iq, low k in bytes/s per core | layer us | spread | prefill
constexpr CpuEfficiency kCpuClasses[] = {
    {"x86 amx", .75, {60e9, 50e9, 40e9, 30e9, 14e9, 20e9}, 5, .30, 250e9},
    {"x86 avx512", .72, {60e9, 50e9, 35e9, 26e9, 12e9, 17e9}, 5, .30, 110e9},
    {"x86 avx2", .70, {60e9, 45e9, 28e9, 20e9, 9e9, 14e9}, 5, .30, 65e9},
    {"x86 avx", .65, {10e9, 6e9, 5e9, 4e9, 2e9, 2.5e9}, 10, .34, 8e9},     // *
    {"x86 base", .55, {2e9, 1.2e9, 1e9, .6e9, .3e9, .4e9}, 10, .34, 2e9},  // *
    {"arm i8mm", .80, {40e9, 40e9, 30e9, 18e9, 7e9, 12e9}, 5, .32, 60e9},
    {"arm dotprod", .78, {14e9, 14e9, 13e9, 10e9, 4e9, 7e9}, 10, .32, 18e9},
    {"arm base", .45, {6e9, 5e9, 3.5e9, 2e9, 1e9, 1.4e9}, 20, .34, 4e9},
    {"other", .45, {1e9, .6e9, .5e9, .2e9, .1e9, .15e9}, 20, .34, 1e9},  // RISC-V: no vector code is sure
    {"apple", .70, {60e9, 50e9, 40e9, 30e9, 12e9, 20e9}, 5, .32, 90e9},
};

const GpuEfficiency& gpu_class(std::string_view id) {
  for (const auto& row : kGpuClasses)
    if (row.id == id) return row;
  return kGpuClasses[std::size(kGpuClasses) - 1];
}

const CpuEfficiency& cpu_class(std::string_view id) {
  for (const auto& row : kCpuClasses)
    if (row.id == id) return row;
  return kCpuClasses[2];  // avx2
}

bool has(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

/// HBM parts: enough bandwidth that the cores, not the memory, are the narrow place.
constexpr double kHbm = 1.25e12;

std::string_view nvidia_class(std::string_view generation, const Gpu& gpu) {
  const double bandwidth = gpu.bandwidth_bytes_per_second;
  const auto either = [&](std::string_view word) { return has(generation, word); };
  if (gpu.unified) return "nvidia soc";
  if (either("hopper") || either("volta")) return either("volta") ? "nvidia volta" : "nvidia hbm";
  if (either("blackwell")) return bandwidth > 3e12 ? "nvidia hbm" : "nvidia blackwell";
  if (either("ada")) return "nvidia ada";
  if (either("ampere")) return bandwidth > kHbm ? "nvidia hbm" : "nvidia ampere";
  if (either("turing")) return "nvidia turing";
  if (either("pascal") || either("maxwell") || either("kepler")) return "nvidia pascal";
  // No generation: the marketing name carries it.
  const auto name = normalise_device_name(gpu.name);
  if (has(name, "rtx50")) return "nvidia blackwell";
  if (has(name, "rtx40") || has(name, "l40") || name == "l4" || has(name, "ada")) return "nvidia ada";
  if (has(name, "rtx30") || has(name, "rtxa")) return "nvidia ampere";
  if (has(name, "rtx20") || has(name, "gtx16") || name == "t4" || name == "teslat4") return "nvidia turing";
  if (has(name, "gtx10") || has(name, "gtx9") || name == "teslap40" || name == "p40") return "nvidia pascal";
  if (has(name, "v100")) return "nvidia volta";
  return bandwidth > kHbm ? "nvidia hbm" : "nvidia ampere";
}

std::string_view amd_class(std::string_view generation, const Gpu& gpu) {
  if (gpu.unified) return "amd apu";
  if (has(generation, "cdna")) return "amd cdna";
  const auto name = normalise_device_name(gpu.name);
  if (has(generation, "rdna 4") || has(generation, "rdna4") || has(name, "rx90") || has(name, "r9700"))
    return "amd rdna4";
  if (has(generation, "rdna 3") || has(generation, "rdna3") || has(name, "rx7") || has(name, "w7"))
    return "amd rdna3";
  if (has(generation, "rdna") || has(name, "rx6") || has(name, "rx5") || has(name, "w6")) return "amd rdna2";
  if (has(generation, "gcn") || has(generation, "vega") || has(generation, "polaris")) return "amd gcn";
  if (has(name, "mi")) return "amd cdna";
  return "amd rdna3";
}

/// "m4" in "m4 pro": 4; 0 without one.
int apple_chip(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const auto is_digit = [&](std::size_t at) {
      return at < text.size() && text[at] >= '0' && text[at] <= '9';
    };
    if (text[i] == 'm' && is_digit(i + 1) && text[i + 1] != '0')
      return is_digit(i + 2) ? 99 : text[i + 1] - '0';
  }
  return 0;
}

/// A chip newer than the table is taken for its newest.
std::string_view apple_class(std::string_view generation, const Gpu& gpu) {
  constexpr std::string_view kChips[] = {"apple m1", "apple m2", "apple m3", "apple m4", "apple m5"};
  int chip = apple_chip(generation);
  if (chip == 0) chip = apple_chip(normalise_device_name(gpu.name));
  if (chip == 0) return "apple m2";
  return kChips[std::min<std::size_t>(std::size_t(chip), std::size(kChips)) - 1];
}

}  // namespace

const GpuEfficiency& gpu_efficiency(const Gpu& gpu) {
  const auto generation = lower(gpu.generation);
  const auto vendor = lower(gpu.vendor);
  if (vendor == "nvidia") return gpu_class(nvidia_class(generation, gpu));
  if (vendor == "amd") return gpu_class(amd_class(generation, gpu));
  if (vendor == "apple") return gpu_class(apple_class(generation, gpu));
  if (vendor == "intel") return gpu_class(gpu.unified ? "intel apu" : "intel arc");
  if (vendor == "qualcomm") return gpu_class("qualcomm");
  return gpu_class("unknown");
}

std::array<double, kTypeFamilies> reached_fractions(const Gpu& gpu, const GpuEfficiency& gives) {
  auto fractions = gives.fraction;
  if (gives.unpack <= 0) return fractions;
  // Old blocks (Q4_0, Q8_0) take fewer operations than K and IQ blocks; 16-bit values none.
  // Blocks of three bits and less take twice the time per byte: 7B in Q3_K_S runs at 31 tokens/s on a P40, in
  // Q4_K_S, which is a fifth larger, at 54 (llama.cpp pull request 4766).
  constexpr std::array<double, kTypeFamilies> kOperations = {0, .6, .6, 1, 1, 1.6};
  // These classes have 30 to 50 bytes of bandwidth for a thousand operations; 38 where the throughput is not
  // known.
  const double bytes_per_operation =
      gpu.tflops_fp16 > 0 ? gpu.bandwidth_bytes_per_second / (gpu.tflops_fp16 * 1e12) : 0.038;
  for (std::size_t i = 0; i < fractions.size(); ++i)
    fractions[i] = 1 / (1 / fractions[i] + bytes_per_operation * gives.unpack * kOperations[i]);
  return fractions;
}

double host_seconds(const Cpu& cpu, const Gpu& gpu) {
  if (gpu.unified) return 0;  // within the class
  if (cpu.architecture.empty() || cpu.architecture == "x86_64") return 0;
  const auto id = cpu_efficiency(cpu).id;
  if (id != "arm dotprod" && id != "arm base" && id != "other") return 0;
  return gpu.backend == "cuda" ? 22e-6 : 350e-6;
}

const CpuEfficiency& cpu_efficiency(const Cpu& cpu) {
  const auto feature = [&](std::string_view name) {
    return std::find(cpu.features.begin(), cpu.features.end(), name) != cpu.features.end();
  };
  const auto architecture = lower(cpu.architecture);
  if (architecture == "aarch64" || architecture == "arm64") {
    if (has(lower(cpu.name), "apple")) return cpu_class("apple");
    if (feature("i8mm")) return cpu_class("arm i8mm");
    // A list that was read and lacks it means an old core (Cortex-A72); no list means not known.
    const bool known = !cpu.features.empty();
    return cpu_class(feature("dotprod") || feature("asimddp") || !known ? "arm dotprod" : "arm base");
  }
  if (!architecture.empty() && architecture != "x86_64" && architecture != "amd64") return cpu_class("other");
  if (feature("amx_int8")) return cpu_class("x86 amx");
  if (feature("avx512f")) return cpu_class("x86 avx512");
  if (feature("avx2") || cpu.features.empty()) return cpu_class("x86 avx2");
  return cpu_class(feature("avx") ? "x86 avx" : "x86 base");
}

}  // namespace jobfit
