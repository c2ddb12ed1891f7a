// The machine, seen last: what it has, what of it is usable, where each figure is from.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
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
  bool operator==(const Cpu&) const = default;
};

struct Memory {
  Bytes total_bytes = 0;
  Bytes available_bytes = 0;           ///< free now, as the OS reckons; 0 unknown
  Bytes usable_bytes = 0;              ///< for a model, by policy: total (or limit) less the OS's share
  std::string limited_by;              ///< "physical memory" | "cgroup v2 /user.slice/x memory.max" | ...
  double bandwidth_bytes_per_second = 0;  ///< 0 unknown
  bool operator==(const Memory&) const = default;
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
  bool integrated = false;             ///< small graphics inside a CPU: shown, usable_bytes 0, never given a model
  Bytes own_bytes = 0;                 ///< unified: the part of memory_bytes set aside for it, outside Memory
  bool mig = false;                    ///< one MIG slice of a card
  std::string backend;                 ///< cuda | rocm | vulkan | metal | sycl: what llama.cpp would use
  bool operator==(const Gpu&) const = default;
};

/// What is already on the disk, so that advice can say so.
struct InstalledModel {
  std::string store;                   ///< ollama | llama.cpp | lm-studio | huggingface
  std::string name;                    ///< "qwen3.6:27b" or a repository or file name
  Bytes bytes = 0;
  bool operator==(const InstalledModel&) const = default;
};

struct Machine {
  std::string name;                    ///< "this machine", preset id, file stem
  std::string model;                   ///< what its maker calls it, where it says: "Raspberry Pi 5 Model B Rev 1.0"
  std::string os;                      ///< linux | macos | windows
  Cpu cpu;
  Memory memory;
  std::vector<Gpu> gpus;               ///< only those that can compute; best first
  Bytes disk_free_bytes = 0;           ///< where models are kept; 0 unknown
  std::vector<InstalledModel> installed;
  std::vector<Sentence> notes;         ///< what could not be read, and why
  std::vector<std::pair<std::string, std::string>> sources;  ///< "memory.total_bytes" → "/proc/meminfo"
  bool operator==(const Machine&) const = default;
};

/// What came of reading one file.
enum class ReadStatus { ok, absent, denied, too_big, not_a_file, failed };
struct FileRead {
  ReadStatus status = ReadStatus::absent;
  std::string text;                    ///< only when ok
};

/// What came of running one command, or of asking one library.
struct CommandRun {
  enum class Status { ok, absent, failed, timed_out, too_big } status = Status::absent;
  std::string output;                  ///< also of a failed command: drivers explain themselves there
};

/// What a host was asked, and what it answered: what a recording is made of.
struct HostTrace {
  std::map<std::string, std::string> files;              ///< read, by absolute path
  std::map<std::string, std::string> links;              ///< followed
  std::map<std::string, bool> seen;                      ///< asked for and there; true: a folder
  std::map<std::string, CommandRun> commands, libraries;
  std::map<std::string, Bytes> free, sizes;
};

/// The one seam to the outside: files under a root, the outputs of commands, what
/// a library said, the environment. Under a recording nothing of the real machine
/// is read or run, and no symbolic link leads out of it.
class Host {
 public:
  /// This machine, with this process's environment.
  Host();
  /// This machine, with `environment` ("HOME", "OLLAMA_MODELS", ...) instead.
  explicit Host(std::map<std::string, std::string> environment);
  /// A recording (folder with root/, commands/, machine.json).
  static Host recording(std::string folder);

  /// Why the recording cannot be used; empty: it can.
  const Sentence& problem() const { return problem_; }
  /// False: a recording without a machine.json, taken for a Linux machine.
  bool described() const { return described_; }

  /// At most `limit` bytes, of a regular file only; a longer file is too_big, never cut.
  FileRead read_file(const std::string& path, std::size_t limit = 1 << 20) const;
  /// The same; nullopt when it cannot be read.
  std::optional<std::string> read(const std::string& path, std::size_t limit = 1 << 20) const;
  std::vector<std::string> list(const std::string& folder) const;   ///< sorted names, at most 4096
  std::optional<std::string> link(const std::string& path) const;   ///< target of a symbolic link
  bool exists(const std::string& path) const;
  std::optional<Bytes> file_bytes(const std::string& path) const;   ///< size of a regular file
  std::optional<Bytes> free_bytes(const std::string& folder) const; ///< of the file system that holds it

  /// A listed probe command ("nvidia-smi", "sysctl", ...), run without a shell from an absolute path,
  /// three seconds and 1 MiB at most. A recording answers from commands/NAME.txt or NAME.json.
  CommandRun ask(const std::string& command) const;
  /// The same; nullopt when absent, failed or too slow.
  std::optional<std::string> run(const std::string& command) const;
  /// What a driver's library ("nvml", "vulkan") says, as JSON; asked in a child process, so that one that
  /// hangs or crashes costs its time limit and no more. A recording answers from machine.json.
  CommandRun library(const std::string& name) const;

  /// The same host, writing down in `trace` what it is asked from now on.
  Host traced(std::shared_ptr<HostTrace> trace) const;

  const std::string& folder() const { return folder_; }  ///< of a recording; empty: this machine
  const std::string& os() const { return os_; }           ///< linux | macos | windows
  const std::string& architecture() const { return architecture_; }
  std::string environment(const std::string& name) const; ///< empty: not set
  std::string home() const { return environment("HOME"); }

 private:
  struct Said {                                           ///< the rest of machine.json
    std::map<std::string, std::string> libraries;         ///< name → JSON
    std::map<std::string, std::string> commands;          ///< name → "timed out" | "failed" | "too big"
    std::map<std::string, Bytes> free, sizes;             ///< by absolute path
  };
  std::string folder_, os_, architecture_;
  std::map<std::string, std::string> environment_;
  Said said_;
  Sentence problem_;
  bool described_ = true;
  std::shared_ptr<HostTrace> trace_;

  /// Where `path` lies: itself, or resolved inside the recording (`last`: follow a link there too).
  std::optional<std::string> resolve(const std::string& path, bool last = true) const;
};

/// Looks at the machine behind `host`. Total: what cannot be read is a note.
/// `want_gpus` false leaves drivers asleep.
Machine probe(const Host& host, std::span<const Device> devices, bool want_gpus = true);

/// Writes a recording of this machine to `folder`, new or empty: the files that the probe reads and the answers
/// it gets, without host and user names, serial numbers, UUIDs and long identifiers, and without the list of models
/// on the disk. Returns what it wrote, or an error sentence.
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
/// One JSON object, "schema" first. With `words` the notes are sentences, otherwise their keys and holes;
/// read_machine takes both.
std::string write_machine(const Machine& machine, const Words* words = nullptr);

/// Bytes per second that all cores together stream from RAM, measured in under two seconds; nullopt where
/// there is too little free memory to measure with.
std::optional<double> measure_bandwidth(const Machine& machine);

/// Usable memory by policy (docs in src/machine/policy.cpp): fills usable_bytes
/// of RAM and each GPU where the source did not state it.
void apply_policy(Machine& machine);

}  // namespace jobfit
