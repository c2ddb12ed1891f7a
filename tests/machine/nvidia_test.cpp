#include "machine/nvidia.hpp"

#include "support/test.hpp"

using namespace jobfit;

TEST_CASE("nvidia-smi's columns are read by name, in any order", "[machine]") {
  const auto answer = parse_nvidia_smi(
      "driver_version, memory.total [MiB], name, pci.device_id, mig.mode.current\n"
      "550.1, 24564 MiB, NVIDIA GeForce RTX 4090, 0x268410DE, [N/A]\n");
  REQUIRE(answer.gpus.size() == 1);
  CHECK(answer.driver == "550.1");
  CHECK(answer.gpus[0].name == "NVIDIA GeForce RTX 4090");
  CHECK(answer.gpus[0].pci == "10de:2684");
  CHECK(answer.gpus[0].memory == 24564 * kMiB);
  CHECK_FALSE(answer.gpus[0].mig);
}

TEST_CASE("a number without a unit takes the header's", "[machine]") {
  CHECK(parse_nvidia_smi("name, memory.total [MiB]\nA, 8192\n").gpus.at(0).memory == 8192 * kMiB);
  CHECK_FALSE(parse_nvidia_smi("name, memory.total\nA, 8192\n").gpus.at(0).memory);
}

TEST_CASE("memory that is not told is not a number", "[machine]") {
  for (const char* value : {"[N/A]", "N/A", "[Not Supported]", "[Insufficient Permissions]", "ERR!", "-5 MiB",
                            "0 MiB", "99999999999999999999 MiB", "12 parsecs", ""}) {
    INFO(value);
    const auto answer = parse_nvidia_smi(std::string("name, memory.total [MiB]\nA, ") + value + "\n");
    REQUIRE(answer.gpus.size() == 1);
    CHECK_FALSE(answer.gpus[0].memory);
  }
  CHECK(parse_nvidia_smi("name, memory.total [MiB]\nA, [Insufficient Permissions]\n").gpus[0].refused);
  CHECK_FALSE(parse_nvidia_smi("name, memory.total [MiB]\nA, [N/A]\n").gpus[0].refused);
}

TEST_CASE("a message instead of a table is the driver's error", "[machine]") {
  const auto mismatch =
      parse_nvidia_smi("Failed to initialize NVML: Driver/library version mismatch\nNVML library\n");
  CHECK(mismatch.gpus.empty());
  CHECK(mismatch.error == "Failed to initialize NVML: Driver/library version mismatch");
  CHECK(parse_nvidia_smi("No devices were found\n").error.empty());
  CHECK(parse_nvidia_smi("").error.empty());
}

TEST_CASE("a row of another length is counted as unread, the others stand", "[machine]") {
  const auto answer = parse_nvidia_smi("name, memory.total [MiB]\nA, 8192 MiB, 3\nB, 4096 MiB\nC\n");
  REQUIRE(answer.gpus.size() == 1);
  CHECK(answer.gpus[0].name == "B");
  CHECK(answer.unread == 2);
}

TEST_CASE("a lost GPU is said and the rest read", "[machine]") {
  const auto answer = parse_nvidia_smi(
      "name, memory.total [MiB]\nUnable to determine the device handle for GPU 0000:01:00.0: GPU is "
      "lost.\nB, 4096 MiB\n");
  CHECK(answer.gpus.size() == 1);
  CHECK(answer.error.find("GPU is lost") != std::string::npos);
}

TEST_CASE("binary output is refused whole", "[machine]") {
  const auto answer = parse_nvidia_smi(std::string_view("name, memory.total [MiB]\nA\0, 1 MiB\n", 35));
  CHECK(answer.gpus.empty());
  CHECK(answer.unread == 1);
}

TEST_CASE("MIG slices are taken from the list", "[machine]") {
  auto answer = parse_nvidia_smi(
      "name, memory.total [MiB], mig.mode.current\nCard, 40960 MiB, Enabled\nOther, 8192 MiB, [N/A]\n");
  add_slices(answer,
             "GPU 0: Card (UUID: GPU-1)\n  MIG 3g.20gb     Device  0: (UUID: MIG-2)\nGPU 1: Other\nGPU 9: "
             "x\n  MIG 1g.5gb Device 0:\n");
  REQUIRE(answer.gpus[0].slices.size() == 1);
  CHECK(answer.gpus[0].slices[0].name == "Card MIG 3g.20gb");
  CHECK(answer.gpus[1].slices.empty());
}

TEST_CASE("a slice's profile promises its memory", "[machine]") {
  CHECK(slice_bytes("NVIDIA A100-SXM4-40GB MIG 1g.5gb") == 5'000'000'000);
  CHECK(slice_bytes("MIG 1c.3g.20gb+me") == 20'000'000'000);
  CHECK_FALSE(slice_bytes("NVIDIA A100-SXM4-40GB"));
  CHECK_FALSE(slice_bytes("MIG g.gb"));
  CHECK_FALSE(slice_bytes("MIG 1g.99999999999999999999gb"));
}

TEST_CASE("NVML's answer is read with the same care", "[machine]") {
  const auto answer = parse_nvml(
      R"({"driver_version": "550", "devices": [{"name": "A", "pci": "10de:2684", "memory_bytes": 100},
          {"name": "B", "memory_bytes": -4, "mig": true, "slices": [{"name": "B MIG 1g.5gb"}, 7]}, {"error": "GPU is lost"}, "x"]})");
  REQUIRE(answer.gpus.size() == 3);
  CHECK(answer.gpus[0].memory == 100);
  CHECK_FALSE(answer.gpus[1].memory);
  CHECK(answer.gpus[1].slices.size() == 1);
  CHECK(answer.gpus[2].error == "GPU is lost");
  CHECK(answer.unread == 1);
  CHECK(parse_nvml(R"({"error": "Driver/library version mismatch"})").error ==
        "Driver/library version mismatch");
  CHECK(parse_nvml("").unread == 1);
  CHECK(parse_nvml("[]").unread == 1);
  CHECK(parse_nvml(R"({"devices": 5})").gpus.empty());
}
