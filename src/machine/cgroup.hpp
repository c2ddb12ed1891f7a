// The container's limits: control groups, v1 and v2, at every level.
#pragma once

#include "machine/findings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// One line of /proc/self/cgroup: "0::/user.slice" (v2) or "4:memory:/docker/x" (v1).
struct CgroupEntry {
  std::vector<std::string> controllers;  ///< none: v2
  std::string path;
};
std::vector<CgroupEntry> parse_cgroup(std::string_view text);

/// A mounted hierarchy, from /proc/self/mountinfo.
struct CgroupMount {
  bool v2 = false;
  std::vector<std::string> controllers;  ///< v1: "memory", "cpu", ...
  std::string root, point;               ///< what of the hierarchy is mounted, and where
};
std::vector<CgroupMount> parse_cgroup_mounts(std::string_view mountinfo);

/// A limit of bytes: nullopt for "max", for v1's huge "no limit" values and for what is no number.
std::optional<Bytes> parse_cgroup_limit(std::string_view text);

/// "200000 100000" → 2.0 CPUs; nullopt: "max" or not such a line.
std::optional<double> parse_cpu_max(std::string_view text);

struct CgroupLimits {
  std::optional<Bytes> memory;
  std::string memory_from;  ///< "cgroup v2 /user.slice memory.max"
  std::string memory_file;
  std::optional<double> cpus;  ///< quota, in CPUs
  std::optional<std::vector<int>> cpuset;
  std::optional<std::vector<int>> memory_nodes;  ///< NUMA nodes that memory may come from
};

/// The tightest of each limit over all levels from the root to this process's own group.
CgroupLimits read_cgroup_limits(const Findings& findings);

}  // namespace jobfit
