#include "machine/cpu.hpp"

#include "machine/scan.hpp"
#include "support/test.hpp"

using namespace jobfit;

TEST_CASE("an x86 cpuinfo gives the name, the cores and the instruction sets that matter", "[machine]") {
  const CpuInfo info = parse_cpuinfo(
      "processor\t: 0\nmodel name\t: Intel(R)  Core(TM)   i7\nphysical id\t: 0\ncore id\t\t: 4\ncpu cores\t: "
      "2\n"
      "flags\t\t: fpu sse avx avx2 fma avx512f avx512_vnni\n\nprocessor\t: 1\nphysical id\t: 0\ncore id\t\t: "
      "4\n");
  CHECK(info.name == "Intel(R) Core(TM) i7");
  REQUIRE(info.cpus.size() == 2);
  CHECK(info.cpus[1].core == 4);
  CHECK(info.features == std::vector<std::string>{"avx", "avx2", "fma", "avx512f", "avx512_vnni"});
}

TEST_CASE("an ARM cpuinfo names its kinds of cores, the fastest first", "[machine]") {
  const CpuInfo info = parse_cpuinfo(
      "processor\t: 0\nFeatures\t: fp asimd asimddp i8mm sve\nCPU implementer\t: 0x41\nCPU part\t: 0xd05\n\n"
      "processor\t: 1\nCPU implementer\t: 0x41\nCPU part\t: 0xd0b\nModel\t: A board\nSerial\t: 123\n");
  CHECK(info.name == "Cortex-A76 + Cortex-A55");
  CHECK(info.board == "A board");
  CHECK(info.features == std::vector<std::string>{"neon", "dotprod", "i8mm", "sve"});
}

TEST_CASE("cpuinfo that is cut or garbled loses only what is missing", "[machine]") {
  CHECK(parse_cpuinfo("").cpus.empty());
  CHECK(parse_cpuinfo("processor : x\ncore id : 1\n").cpus.empty());
  CHECK(parse_cpuinfo("processor : 0\nphysical id : -3\ncore id : 99999999999999999999").cpus.at(0).core ==
        -1);
  CHECK(parse_cpuinfo("Processor : ARMv7 Processor rev 4\nprocessor : 0\nHardware : BCM2835\n").name ==
        "BCM2835");
}

TEST_CASE("unknown ARM parts have no name and no class", "[machine]") {
  CHECK(arm_core_name("0x41", "0xd0b") == "Cortex-A76");
  CHECK(arm_core_name("0x41", "0xfff").empty());
  CHECK(arm_core_class("0x41", "0xd05") == 1);
  CHECK(arm_core_class("0x99", "0xd05") == 0);
}

TEST_CASE("lists of CPUs are read within bounds", "[machine]") {
  CHECK(parse_cpu_list("0-3,8\n") == std::vector<int>{0, 1, 2, 3, 8});
  CHECK(parse_cpu_list("3,1,1\n") == std::vector<int>{1, 3});
  CHECK(parse_cpu_list("\n") == std::vector<int>{});
  for (const char* text : {"a", "3-1", "-1", "0-99999999", "0-", ",", "1;2"}) {
    INFO(text);
    CHECK_FALSE(parse_cpu_list(text));
  }
}
