// The processor: /proc/cpuinfo and the topology that sysfs knows.
#pragma once

#include "machine/cgroup.hpp"
#include "machine/findings.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// One "processor" block of /proc/cpuinfo.
struct LogicalCpu {
  int number = 0;
  int package = -1, core = -1;    ///< x86: physical id, core id; -1 not said
  std::string implementer, part;  ///< ARM: "0x41", "0xd0b"
};

struct CpuInfo {
  std::string name;   ///< x86: model name; ARM: the cores' names, best first
  std::string board;  ///< ARM: the "Model" line ("Raspberry Pi 5 Model B Rev 1.0")
  std::vector<LogicalCpu> cpus;
  int declared_cores = 0;             ///< x86: "cpu cores" of the first package
  int declared_threads = 0;           ///< x86: "siblings", likewise
  std::vector<std::string> features;  ///< as Cpu::features
};
CpuInfo parse_cpuinfo(std::string_view text);

/// "Cortex-A76" of ARM's implementer and part numbers; empty: not known.
std::string arm_core_name(std::string_view implementer, std::string_view part);
/// 3 prime, 2 big, 1 little; 0 not known.
int arm_core_class(std::string_view implementer, std::string_view part);

/// Those words of a "flags" or "Features" line that decide how fast a model runs, as Cpu::features names
/// them.
std::vector<std::string> cpu_features(std::string_view flags, bool arm);

/// Fills machine.cpu; cores and threads are those that cpuset and quota leave.
void probe_cpu(const Findings& findings, const CgroupLimits& limits);

}  // namespace jobfit
