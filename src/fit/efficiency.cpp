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
// device out in turn, the median error is 7 %, the ninth decile 27 %, and 89 % lie in the range (without the
// one device that has more than half of all rows; with it 8, 33 and 87 %): bench/speed_figures prints both.
// Classes marked * have no rows of their own: their figures are those of the nearest relative, with a wider
// spread. Columns: f16, q8, q4, k, iq | cache | layer us, experts us, token us | unpack | spread | prefill
constexpr GpuEfficiency kGpuClasses[] = {
    {"nvidia pascal", {.80, .85, .81, .78, .65}, .56, 82, 80, 200, 26.6, .30, .50},
    {"nvidia turing", {.88, .94, .89, .86, .72}, .57, 58, 80, 200, 0, .26, .50},
    {"nvidia volta", {.66, .70, .67, .65, .54}, .56, 90, 80, 200, 0, .34, .35},  // *
    {"nvidia ampere", {.80, .86, .81, .78, .66}, .57, 56, 92, 200, 0, .28, .55},
    {"nvidia ada", {.90, .96, .91, .88, .74}, .57, 63, 79, 200, 0, .28, .50},
    {"nvidia blackwell", {.90, .96, .91, .87, .73}, .58, 43, 81, 200, 0, .26, .50},
    {"nvidia hbm", {.62, .66, .62, .60, .50}, .56, 97, 80, 200, 0, .34, .25},
    {"nvidia soc", {.82, .86, .82, .78, .66}, .57, 55, 85, 200, 0, .32, .35},  // *
    {"amd gcn", {.50, .50, .48, .45, .36}, .45, 120, 120, 400, 0, .34, .40},
    {"amd rdna2", {.56, .56, .53, .51, .42}, .54, 110, 90, 400, 0, .34, .40},
    {"amd rdna3", {.62, .62, .59, .56, .46}, .55, 95, 90, 400, 0, .34, .32},
    {"amd rdna4", {.66, .66, .63, .60, .49}, .55, 85, 90, 400, 0, .34, .25},   // *
    {"amd cdna", {.50, .50, .47, .45, .37}, .50, 120, 110, 400, 0, .34, .20},  // *
    {"amd apu", {.86, .90, .86, .81, .66}, .61, 52, 118, 400, 0, .28, .25},
    {"intel arc", {.45, .45, .42, .38, .30}, .40, 150, 150, 500, 0, .34, .15},
    {"intel apu", {.62, .62, .60, .58, .44}, .45, 110, 150, 500, 0, .34, .15},  // *
    {"apple m1", {.87, .88, .86, .80, .65}, .56, 86, 73, 500, 23.0, .32, .50},
    {"apple m2", {.90, .92, .90, .84, .69}, .56, 80, 73, 500, 22.7, .32, .50},
    {"apple m3", {.90, .90, .89, .82, .68}, .55, 108, 79, 500, 0, .28, .60},
    {"apple m4", {.94, .95, .94, .87, .72}, .56, 80, 72, 500, 0, .30, .60},  // *
    {"apple m5", {.98, .98, .98, .93, .76}, .56, 56, 64, 500, 0, .28, .30},
    {"qualcomm", {.50, .50, .50, .40, .30}, .35, 100, 150, 500, 0, .34, .15},  // *
    {"unknown", {.72, .74, .71, .68, .55}, .50, 70, 100, 400, 0, .34, .30},    // *
};

// Two-core x86 rows: this project's own runs beside measured read bandwidth; boards and small PCs: published
// runs. Columns: stream | f16, q8, q4, k, iq in bytes/s per core | layer us | spread | prefill
constexpr CpuEfficiency kCpuClasses[] = {
    {"x86 amx", .75, {60e9, 50e9, 40e9, 30e9, 14e9}, 5, .30, 250e9},
    {"x86 avx512", .72, {60e9, 50e9, 35e9, 26e9, 12e9}, 5, .30, 110e9},
    {"x86 avx2", .70, {60e9, 45e9, 28e9, 20e9, 9e9}, 5, .30, 65e9},
    {"x86 base", .65, {10e9, 6e9, 5e9, 4e9, 2e9}, 10, .34, 8e9},
    {"arm i8mm", .80, {40e9, 40e9, 30e9, 18e9, 7e9}, 5, .32, 60e9},
    {"arm dotprod", .78, {14e9, 14e9, 13e9, 10e9, 4e9}, 10, .32, 18e9},
    {"arm base", .45, {6e9, 5e9, 3.5e9, 2e9, 1e9}, 20, .34, 4e9},
    {"apple", .70, {60e9, 50e9, 40e9, 30e9, 12e9}, 5, .32, 90e9},
};

const GpuEfficiency& gpu_class(std::string_view id) {
  for (const auto& row : kGpuClasses)
    if (row.id == id) return row;
  return kGpuClasses[std::size(kGpuClasses) - 1];
}

const CpuEfficiency& cpu_class(std::string_view id) {
  for (const auto& row : kCpuClasses)
    if (row.id == id) return row;
  return kCpuClasses[2];
}

bool has(std::string_view text, std::string_view word) { return text.find(word) != std::string_view::npos; }

/// HBM parts: enough bandwidth that the cores, not the memory, are the narrow place.
constexpr double kHbm = 1.25e12;

std::string_view nvidia_class(std::string_view generation, std::string_view name, double bandwidth,
                              bool unified) {
  const auto either = [&](std::string_view word) { return has(generation, word); };
  if (unified) return "nvidia soc";
  if (either("hopper") || either("volta")) return either("volta") ? "nvidia volta" : "nvidia hbm";
  if (either("blackwell")) return bandwidth > 3e12 ? "nvidia hbm" : "nvidia blackwell";
  if (either("ada")) return "nvidia ada";
  if (either("ampere")) return bandwidth > kHbm ? "nvidia hbm" : "nvidia ampere";
  if (either("turing")) return "nvidia turing";
  if (either("pascal") || either("maxwell") || either("kepler")) return "nvidia pascal";
  // No generation: the marketing name carries it.
  if (has(name, "rtx50")) return "nvidia blackwell";
  if (has(name, "rtx40") || has(name, "l40") || name == "l4" || has(name, "ada")) return "nvidia ada";
  if (has(name, "rtx30") || has(name, "rtxa")) return "nvidia ampere";
  if (has(name, "rtx20") || has(name, "gtx16") || name == "t4" || name == "teslat4") return "nvidia turing";
  if (has(name, "gtx10") || has(name, "gtx9") || name == "teslap40" || name == "p40") return "nvidia pascal";
  if (has(name, "v100")) return "nvidia volta";
  return bandwidth > kHbm ? "nvidia hbm" : "nvidia ampere";
}

std::string_view amd_class(std::string_view generation, std::string_view name, bool unified) {
  if (unified) return "amd apu";
  if (has(generation, "cdna")) return "amd cdna";
  if (has(generation, "rdna 4") || has(generation, "rdna4") || has(name, "rx90") || has(name, "r9700"))
    return "amd rdna4";
  if (has(generation, "rdna 3") || has(generation, "rdna3") || has(name, "rx7") || has(name, "w7"))
    return "amd rdna3";
  if (has(generation, "rdna") || has(name, "rx6") || has(name, "rx5") || has(name, "w6")) return "amd rdna2";
  if (has(generation, "gcn") || has(generation, "vega") || has(generation, "polaris")) return "amd gcn";
  if (has(name, "mi")) return "amd cdna";
  return "amd rdna3";
}

std::string_view apple_class(std::string_view generation, std::string_view name) {
  for (const std::string_view chip : {"m5", "m4", "m3", "m2", "m1"})
    if (has(generation, chip) || has(name, chip)) {
      if (chip == "m5") return "apple m5";
      if (chip == "m4") return "apple m4";
      if (chip == "m3") return "apple m3";
      return chip == "m2" ? "apple m2" : "apple m1";
    }
  return "apple m2";
}

}  // namespace

const GpuEfficiency& gpu_efficiency(const Gpu& gpu) {
  const auto generation = lower(gpu.generation);
  const auto name = normalise_device_name(gpu.name);
  const auto vendor = lower(gpu.vendor);
  if (vendor == "nvidia")
    return gpu_class(nvidia_class(generation, name, gpu.bandwidth_bytes_per_second, gpu.unified));
  if (vendor == "amd") return gpu_class(amd_class(generation, name, gpu.unified));
  if (vendor == "apple") return gpu_class(apple_class(generation, name));
  if (vendor == "intel") return gpu_class(gpu.unified ? "intel apu" : "intel arc");
  if (vendor == "qualcomm") return gpu_class("qualcomm");
  return gpu_class("unknown");
}

std::array<double, kTypeFamilies> reached_fractions(const Gpu& gpu, const GpuEfficiency& gives) {
  auto fractions = gives.fraction;
  if (gives.unpack <= 0) return fractions;
  // Old blocks (Q4_0, Q8_0) take fewer operations than K and IQ blocks; 16-bit values none.
  constexpr std::array<double, kTypeFamilies> kOperations = {0, .6, .6, 1, 1};
  // These classes have 30 to 50 bytes of bandwidth for a thousand operations; 38 where the throughput is not
  // known.
  const double bytes_per_operation =
      gpu.tflops_fp16 > 0 ? gpu.bandwidth_bytes_per_second / (gpu.tflops_fp16 * 1e12) : 0.038;
  for (std::size_t i = 0; i < fractions.size(); ++i)
    fractions[i] = 1 / (1 / fractions[i] + bytes_per_operation * gives.unpack * kOperations[i]);
  return fractions;
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
  if (feature("amx_int8")) return cpu_class("x86 amx");
  if (feature("avx512f")) return cpu_class("x86 avx512");
  if (feature("avx2") || cpu.features.empty()) return cpu_class("x86 avx2");
  return cpu_class("x86 base");
}

}  // namespace jobfit
