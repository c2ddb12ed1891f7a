// Every parser against text that was bent: whatever comes, an answer and no crash. The bending is drawn from
// a fixed seed, so a failure comes back.
#include "jobfit/machine.hpp"

#include "machine/amd.hpp"
#include "machine/anonymous.hpp"
#include "machine/cgroup.hpp"
#include "machine/cpu.hpp"
#include "machine/disk.hpp"
#include "machine/dmi.hpp"
#include "machine/json_places.hpp"
#include "machine/macos.hpp"
#include "machine/meminfo.hpp"
#include "machine/nvidia.hpp"
#include "machine/scan.hpp"
#include "machine/vulkan.hpp"
#include "support/devices.hpp"
#include "support/test.hpp"

#include <cstdint>
#include <dirent.h>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace jobfit;

namespace {

/// A small generator that is the same everywhere.
struct Dice {
  std::uint64_t state = 88172645463325252ULL;
  std::uint64_t roll(std::uint64_t sides) {
    state ^= state << 13U;
    state ^= state >> 7U;
    state ^= state << 17U;
    return state % sides;
  }
};

void collect(const std::string& folder, std::vector<std::string>& texts) {
  DIR* stream = opendir(folder.c_str());
  std::vector<std::string> names;
  while (const dirent* entry = stream != nullptr ? readdir(stream) : nullptr) {
    if (entry->d_name[0] != '.' && entry->d_type != DT_LNK) names.emplace_back(entry->d_name);
  }
  if (stream != nullptr) closedir(stream);
  for (const std::string& name : names) {
    std::ifstream file(folder + "/" + name, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    if (file.good() && text.str().size() < 20000) texts.push_back(text.str());
    collect(folder + "/" + name, texts);
  }
}

std::string bent(std::string text, Dice& dice) {
  const std::uint64_t times = 1 + dice.roll(6);
  for (std::uint64_t time = 0; time < times; ++time) {
    const std::size_t at = text.empty() ? 0 : dice.roll(text.size());
    switch (dice.roll(7)) {
      case 0:
        text.resize(at);
        break;
      case 1:
        if (!text.empty()) text[at] = static_cast<char>(dice.roll(256));
        break;
      case 2:
        text.insert(at, std::string(dice.roll(40), static_cast<char>(dice.roll(256))));
        break;
      case 3:
        text.erase(at, dice.roll(20));
        break;
      case 4:
        text.insert(at, "99999999999999999999");
        break;
      case 5:
        text.insert(at, text.substr(at, dice.roll(200)));
        break;
      default:
        text.insert(at, "-1 {[\"\\:,=\n");
        break;
    }
  }
  return text;
}

void try_all(const std::string& text) {
  parse_meminfo(text);
  parse_cgroup(text);
  parse_cgroup_mounts(text);
  parse_cgroup_limit(text);
  parse_cpu_max(text);
  parse_cpu_list(text);
  parse_cpuinfo(text);
  parse_nvidia_smi(text);
  parse_nvml(text);
  parse_vulkan(text);
  parse_sysctl(text);
  parse_system_profiler(text);
  parse_ollama_manifest(text);
  memory_bandwidth(parse_dmi(text));
  memory_bandwidth(parse_udev_memory(text));
  parse_kfd_node(text);
  slice_bytes(text);
  json_places(text);
  anonymous_file("/proc/cpuinfo", text, {"/home/alice", "alice", "box"});
  anonymous_output("system_profiler", text, {});
  NvidiaAnswer answer;
  answer.gpus.resize(2);
  add_slices(answer, text);
  const MachineRead read = read_machine(text, "bent.json", test::some_devices());
  if (read.problems.empty()) {
    CHECK(read.machine.memory.usable_bytes <= read.machine.memory.total_bytes);
    CHECK(read.machine.memory.usable_bytes >= 0);
  }
  MachineFlags flags;
  flags.gpus = {text.substr(0, 50)};
  flags.ram = text.substr(0, 10);
  apply_flags({}, flags, test::some_devices());
}

}  // namespace

TEST_CASE("no parser falls over bent text", "[machine]") {
  std::vector<std::string> texts;
  collect(std::string(JOBFIT_TESTS_DIR) + "/fixtures/machines", texts);
  const Host host = Host::recording(std::string(JOBFIT_TESTS_DIR) + "/fixtures/machines/strix-halo-128g");
  texts.insert(texts.end(), 200, write_machine(probe(host, test::some_devices())));
  REQUIRE(texts.size() > 100);
  Dice dice;
  for (int round = 0; round < 1500; ++round) try_all(bent(texts[dice.roll(texts.size())], dice));
  for (int length = 0; length < 200; ++length) {
    std::string noise;
    for (int at = 0; at < length; ++at) noise += static_cast<char>(dice.roll(256));
    try_all(noise);
  }
}
