#include "fit/efficiency.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "jobfit/devices.hpp"
#include "jobfit/text.hpp"

namespace jobfit {
namespace {

// Fitted by bench/speed_figures on the measurements in tests/fixtures/speed, leaving one device out at a time.
// Where a class has few or no rows, its figures are those of the nearest relative, with a wider spread.
// Columns: f16, q8, q4, k, iq | cache | layer us, experts us, token us | spread | prefill
constexpr GpuEfficiency kGpuClasses[] = {
    {"nvidia pascal", {.70, .66, .60, .55, .45}, .45, 60, 120, 400, .30, .25},
    {"nvidia turing", {.78, .78, .76, .76, .62}, .55, 25, 60, 200, .28, .25},
    {"nvidia volta", {.62, .62, .60, .58, .48}, .45, 50, 80, 300, .32, .25},
    {"nvidia ampere", {.80, .80, .76, .75, .62}, .60, 30, 50, 200, .28, .30},
    {"nvidia ada", {.90, .90, .88, .88, .72}, .60, 30, 50, 200, .28, .35},
    {"nvidia blackwell", {.85, .85, .82, .80, .68}, .60, 24, 50, 200, .28, .35},
    {"nvidia hbm", {.65, .65, .62, .60, .50}, .50, 70, 80, 300, .32, .35},
    {"nvidia soc", {.80, .80, .76, .76, .60}, .55, 35, 60, 200, .30, .35},
    {"amd gcn", {.50, .50, .48, .45, .36}, .40, 80, 120, 500, .34, .20},
    {"amd rdna2", {.62, .62, .60, .58, .46}, .45, 60, 100, 400, .34, .20},
    {"amd rdna3", {.68, .68, .64, .62, .50}, .45, 50, 90, 400, .32, .20},
    {"amd rdna4", {.70, .70, .66, .64, .52}, .45, 50, 90, 400, .32, .20},
    {"amd cdna", {.50, .50, .46, .44, .36}, .40, 80, 120, 500, .34, .20},
    {"amd apu", {.85, .85, .85, .80, .65}, .45, 50, 100, 400, .30, .20},
    {"intel arc", {.50, .50, .48, .42, .34}, .35, 90, 150, 500, .34, .15},
    {"intel apu", {.60, .60, .55, .50, .40}, .40, 90, 150, 500, .34, .15},
    {"apple m1", {.74, .70, .60, .45, .40}, .45, 60, 100, 500, .30, .30},
    {"apple m2", {.80, .76, .68, .60, .50}, .50, 60, 100, 500, .30, .30},
    {"apple m3", {.86, .84, .80, .76, .60}, .55, 60, 100, 500, .30, .30},
    {"apple m4", {.86, .84, .82, .80, .62}, .55, 60, 100, 500, .30, .30},
    {"apple m5", {.88, .86, .86, .84, .66}, .60, 40, 80, 400, .28, .30},
    {"qualcomm", {.50, .50, .50, .40, .30}, .35, 100, 150, 500, .34, .15},
    {"unknown", {.70, .70, .68, .65, .52}, .45, 60, 100, 400, .34, .25},
};

// Two-core x86 rows: this project's own runs beside measured read bandwidth; boards and small PCs: published runs.
// Columns: stream | f16, q8, q4, k, iq in bytes/s per core | layer us | spread | prefill
constexpr CpuEfficiency kCpuClasses[] = {
    {"x86 amx", .80, {60e9, 50e9, 40e9, 30e9, 14e9}, 5, .30, 250e9},
    {"x86 avx512", .80, {60e9, 50e9, 35e9, 26e9, 12e9}, 5, .30, 110e9},
    {"x86 avx2", .78, {60e9, 45e9, 28e9, 20e9, 9e9}, 5, .30, 65e9},
    {"x86 base", .70, {10e9, 6e9, 5e9, 4e9, 2e9}, 10, .34, 8e9},
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

std::string_view nvidia_class(std::string_view generation, std::string_view name, double bandwidth, bool unified) {
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
  if (vendor == "nvidia") return gpu_class(nvidia_class(generation, name, gpu.bandwidth_bytes_per_second, gpu.unified));
  if (vendor == "amd") return gpu_class(amd_class(generation, name, gpu.unified));
  if (vendor == "apple") return gpu_class(apple_class(generation, name));
  if (vendor == "intel") return gpu_class(gpu.unified ? "intel apu" : "intel arc");
  if (vendor == "qualcomm") return gpu_class("qualcomm");
  return gpu_class("unknown");
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
