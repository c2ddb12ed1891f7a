#include "jobfit/machine.hpp"

#include "machine/anonymous.hpp"
#include "machine/child.hpp"
#include "support/devices.hpp"
#include "support/test.hpp"

#include <fstream>
#include <sstream>

using namespace jobfit;

namespace {
const Names kNames{"/home/alice", "alice", "wonderbox"};
}

TEST_CASE("names and identifiers are taken out, figures stay", "[machine]") {
  CHECK(anonymous("/home/alice/.ollama alice@wonderbox malice", kNames) ==
        "/home/user/.ollama user@host malice");
  CHECK(anonymous("GPU-2dee1e25-b3b5-007e-2b55-79f2d0f2ebe5", kNames) ==
        "GPU-00000000-0000-0000-0000-000000000000");
  CHECK(anonymous("/docker/" + std::string(64, 'a') + "/x", kNames) == "/docker/identifier/x");
  CHECK(anonymous("MODALIAS=pci:v000010DEd00002684sv00001458", kNames) ==
        "MODALIAS=pci:v000010DEd00002684sv00001458");
  CHECK(anonymous("9223372036854771712\n", kNames) == "9223372036854771712\n");
}

TEST_CASE("serial numbers and mounts that are nobody's business are left out", "[machine]") {
  CHECK(anonymous_file("/proc/cpuinfo", "processor\t: 0\nSerial\t\t: 48343bbbe3ae743b\nModel\t: Pi\n",
                       kNames) == "processor\t: 0\nModel\t: Pi\n");
  CHECK(anonymous_file("/proc/self/mountinfo",
                       "1 2 3:4 / /home/alice/secret rw - ext4 /dev/sda rw\n24 1 0:22 / /sys/fs/cgroup rw - "
                       "cgroup2 c rw\n",
                       kNames) == "24 1 0:22 / /sys/fs/cgroup rw - cgroup2 c rw\n");
  CHECK(anonymous_file("/run/udev/data/+dmi:id",
                       "E:MEMORY_DEVICE_0_SERIAL_NUMBER=416433E9\nE:MEMORY_DEVICE_0_DATA_WIDTH=64\n",
                       kNames) == "E:MEMORY_DEVICE_0_DATA_WIDTH=64\n");
  const std::string kept = anonymous_output(
      "system_profiler",
      R"({"SPHardwareDataType": [{"chip_type": "Apple M1", "serial_number": "C02X", "platform_UUID": "x"}],
          "SPDisplaysDataType": [{"sppci_model": "Apple M1", "spdisplays_ndrvs": [{"_spdisplays_display-serial-number": "s"}]}]})",
      kNames);
  CHECK(kept.find("Apple M1") != std::string::npos);
  CHECK(kept.find("C02X") == std::string::npos);
  CHECK(kept.find("serial") == std::string::npos);
  CHECK(anonymous_output("sysctl", "kern.hostname: wonderbox\nhw.memsize: 5\n", kNames) == "hw.memsize: 5\n");
}

TEST_CASE("a recording of this machine is probed to the same machine", "[machine]") {
  std::string folder = "/tmp/jobfit-record-XXXXXX";
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const Host here(std::map<std::string, std::string>{{"HOME", "/nonexistent"}});
  const Recorded recorded = record(here, folder);
  CHECK(recorded.error.empty());
  CHECK(recorded.files.size() > 2);
  const Machine live = probe(here, test::some_devices()),
                replayed = probe(Host::recording(folder), test::some_devices());
  CHECK(replayed.memory.total_bytes == live.memory.total_bytes);
  CHECK(replayed.memory.usable_bytes == live.memory.usable_bytes);
  CHECK(replayed.cpu.name == live.cpu.name);
  CHECK(replayed.cpu.cores == live.cpu.cores);
  CHECK(replayed.gpus.size() == live.gpus.size());
  CHECK(record(here, folder).error.key == "machine.error.not-empty");
  run_command({"/bin/rm", "-rf", folder});
}

TEST_CASE("a recording that cannot be written says where", "[machine]") {
  CHECK(record(Host(std::map<std::string, std::string>{}), "/proc/nowhere/x").error.key ==
        "machine.error.cannot-write");
}
