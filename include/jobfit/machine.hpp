// The machine, seen last: what it has, what of it is usable, where each figure is from.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jobfit/devices.hpp"
#include "jobfit/diagnostic.hpp"
#include "jobfit/text.hpp"
#include "jobfit/units.hpp"

namespace jobfit {

struct Cpu {
  std::string name;
  std::string architecture;            ///< x86_64 | aarch64 | arm64
  int cores = 0;                       ///< physical cores usable (cpuset and quota applied)
  int threads = 0;
  int performance_cores = 0;           ///< 0: not told apart
  std::vector<std::string> features;   ///< avx2, avx512f, avx512_vnni, amx_int8, neon, dotprod, i8mm, sve
};

struct Memory {
  Bytes total_bytes = 0;
  Bytes available_bytes = 0;           ///< free now, as the OS reckons; 0 unknown
  Bytes usable_bytes = 0;              ///< for a model, by policy: total (or limit) less the OS's share
  std::string limited_by;              ///< "physical memory" | "cgroup v2 /user.slice/x memory.max" | ...
  double bandwidth_bytes_per_second = 0;  ///< 0 unknown
};

struct Gpu {
  std::string name, vendor;
  std::string pci;                     ///< "10de:2684"
  std::string generation;              ///< from the device table: efficiency class
  Bytes memory_bytes = 0;              ///< its own; unified: what it may address
  Bytes usable_bytes = 0;
  double bandwidth_bytes_per_second = 0;
  double tflops_fp16 = 0;
  bool unified = false;                ///< shares the RAM: usable_bytes lies inside Memory
  bool mig = false;
  std::string backend;                 ///< cuda | rocm | vulkan | metal | sycl: what llama.cpp would use
};

/// What is already on the disk, so that advice can say so.
struct InstalledModel {
  std::string store;                   ///< ollama | llama.cpp | lm-studio | huggingface
  std::string name;                    ///< "qwen3.6:27b" or a repository or file name
  Bytes bytes = 0;
};

struct Machine {
  std::string name;                    ///< "this machine", preset id, file stem
  std::string os;                      ///< linux | macos | windows
  Cpu cpu;
  Memory memory;
  std::vector<Gpu> gpus;               ///< only those that can compute; best first
  Bytes disk_free_bytes = 0;           ///< where models are kept; 0 unknown
  std::vector<InstalledModel> installed;
  std::vector<Sentence> notes;         ///< what could not be read, and why
  std::vector<std::pair<std::string, std::string>> sources;  ///< "memory.total_bytes" → "/proc/meminfo"
};

/// The one seam to the outside: files under a root, and the outputs of commands.
/// Under a recording, nothing of the real machine is read or run.
class Host {
 public:
  /// This machine.
  Host();
  /// A recording (folder with root/, commands/, machine.json).
  static Host recording(std::string folder);

  /// At most `limit` bytes; nullopt and a reason when it cannot be read.
  std::optional<std::string> read(const std::string& path, std::size_t limit = 1 << 20) const;
  std::vector<std::string> list(const std::string& folder) const;   ///< sorted names
  std::optional<std::string> link(const std::string& path) const;   ///< target of a symbolic link
  /// Output of a listed probe command ("nvidia-smi", "sysctl", ...), run without a shell from an
  /// absolute path within a time limit; nullopt when absent, failed or too slow.
  std::optional<std::string> run(const std::string& command) const;
  const std::string& folder() const { return folder_; }  ///< of a recording; empty: this machine

 private:
  std::string folder_;
};

/// Looks at the machine behind `host`. Total: what cannot be read is a note.
/// `want_gpus` false leaves drivers asleep.
Machine probe(const Host& host, std::span<const Device> devices, bool want_gpus = true);

/// Writes a recording of this machine to `folder`; returns what it wrote, or an error sentence.
struct Recorded { std::vector<std::string> files; Sentence error; };
Recorded record(const Host& host, const std::string& folder);

/// The machine flags, as typed.
struct MachineFlags {
  std::string ram, vram, bandwidth;    ///< "64GB", "24GB", "936GB/s"; empty: not given
  std::vector<std::string> gpus;       ///< "RTX 4090", "2x RTX 3090"
  bool no_gpu = false;
  bool any() const { return !ram.empty() || !vram.empty() || !bandwidth.empty() || !gpus.empty() || no_gpu; }
};

/// A usage error, said as a sentence; empty when all is well.
struct MachineResult { Machine machine; Sentence error; std::string hint; };

/// `base` with the flags laid over it; usable memory by policy recomputed.
MachineResult apply_flags(Machine base, const MachineFlags& flags, std::span<const Device> devices);
Machine from_preset(const Preset& preset, std::span<const Device> devices);

/// The `machine` object of `jobfit machine --json`. Problems carry file:line:column.
struct MachineRead { Machine machine; std::vector<Diagnostic> problems; };
MachineRead read_machine(std::string_view json, const std::string& file, std::span<const Device> devices);
std::string write_machine(const Machine& machine);   ///< one JSON object, "schema" first

/// Usable memory by policy (docs in src/machine/policy.cpp): fills usable_bytes
/// of RAM and each GPU where the source did not state it.
void apply_policy(Machine& machine);

}  // namespace jobfit
