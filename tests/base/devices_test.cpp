#include "jobfit/devices.hpp"

#include "support/test.hpp"

#include <set>

using namespace jobfit;

TEST_CASE("maker and marketing words do not matter", "[base]") {
  CHECK(normalise_device_name("NVIDIA GeForce RTX 4090") == normalise_device_name("rtx 4090"));
  CHECK(normalise_device_name("AMD Radeon RX 7900 XTX") == normalise_device_name("rx 7900 xtx"));
  CHECK(normalise_device_name("AMD Radeon(TM) 8060S Graphics") == normalise_device_name("8060S"));
  CHECK(normalise_device_name("Intel(R) Arc(TM) A770 Graphics") == normalise_device_name("arc a770"));
  CHECK(normalise_device_name("Apple M4 Max") == normalise_device_name("m4 max"));
  CHECK(normalise_device_name("NVIDIA® RTX™ A6000") == normalise_device_name("RTX-A6000"));
  CHECK(normalise_device_name("NVIDIA GeForce RTX 4090 Laptop GPU") == "rtx4090laptop");
  CHECK(normalise_device_name("NVIDIA GeForce RTX 4090") == "rtx4090");
}

TEST_CASE("what tells devices apart stays", "[base]") {
  const std::vector<std::string> names = {"A10",
                                          "A100",
                                          "A1000",
                                          "A100 80GB",
                                          "RTX 4090",
                                          "RTX 4090 Laptop",
                                          "RTX 4090 D",
                                          "RTX 4070",
                                          "RTX 4070 Ti",
                                          "RTX 4070 SUPER",
                                          "RTX 4070 Ti SUPER",
                                          "RTX 2080 Max-Q",
                                          "RTX 2080",
                                          "RTX 2080 Mobile",
                                          "RX 7900 XT",
                                          "RX 7900 XTX",
                                          "RX 7900M",
                                          "M4",
                                          "M4 Pro",
                                          "M4 Max",
                                          "Tesla M4",
                                          "RTX 6000",
                                          "RTX 6000 Ada",
                                          "RTX PRO 6000",
                                          "RTX A6000",
                                          "Quadro RTX 6000",
                                          "RTX 3060 12GB",
                                          "RTX 3060"};
  std::set<std::string> normalised;
  for (const auto& name : names) normalised.insert(normalise_device_name(name));
  CHECK(normalised.size() == names.size());
}

TEST_CASE("a device is found by its whole name, another name, and never by a part", "[base]") {
  std::vector<Device> devices(2);
  devices[0].name = "NVIDIA A100-SXM4-80GB";
  devices[0].also = {"A100 80GB"};
  devices[1].name = "NVIDIA A1000";
  CHECK(find_device(devices, "a100 80gb") == &devices[0]);
  CHECK(find_device(devices, "NVIDIA A100-SXM4-80GB") == &devices[0]);
  CHECK(find_device(devices, "A1000") == &devices[1]);
  CHECK(find_device(devices, "A100") == nullptr);
  CHECK(find_device(devices, "A10") == nullptr);
}

TEST_CASE("a name of marketing words alone names nothing", "[base]") {
  std::vector<Device> devices(1);
  devices[0].name = "AMD Radeon Graphics";
  CHECK(find_device(devices, "AMD Radeon Graphics") == nullptr);
  CHECK(find_device(devices, "") == nullptr);
}

TEST_CASE("a PCI id with a subsystem prefers the entry that names it", "[base]") {
  std::vector<Device> devices(2);
  devices[0].pci = {"1002:744c"};
  devices[1].pci = {"1002:744C/1da2:471e"};
  CHECK(find_device_by_pci(devices, "1002:744c/1da2:471e") == &devices[1]);
  CHECK(find_device_by_pci(devices, "1002:744C/9999:0000") == &devices[0]);
  CHECK(find_device_by_pci(devices, "1002:744c") == &devices[0]);
  CHECK(find_device_by_pci(devices, "10de:744c") == nullptr);
  CHECK(find_device_by_pci(devices, "") == nullptr);
}
