#include "machine/vulkan.hpp"

#include "support/test.hpp"

using namespace jobfit;
using Type = VulkanDevice::Type;

TEST_CASE("vulkaninfo's older and newer JSON say the same", "[machine]") {
  const auto older = parse_vulkan(
      R"({"VkPhysicalDeviceProperties": {"deviceName": "GPU", "deviceType": 2, "vendorID": 4098, "deviceID": 29772},
          "VkPhysicalDeviceMemoryProperties": {"memoryHeaps": [{"flags": 1, "size": 1000}, {"flags": 0, "size": 5}]}})");
  const auto newer = parse_vulkan(
      R"({"capabilities": {"device": {"properties": {
          "VkPhysicalDeviceProperties": {"deviceName": "GPU", "deviceType": "VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU",
                                         "vendorID": 4098, "deviceID": 29772},
          "VkPhysicalDeviceMemoryProperties": {"memoryHeaps": [{"flags": ["VK_MEMORY_HEAP_DEVICE_LOCAL_BIT"], "size": 1000}]},
          "VkPhysicalDeviceMemoryBudgetPropertiesEXT": {"heapBudget": [900]}}}}})");
  REQUIRE(older);
  REQUIRE(newer);
  REQUIRE(older->size() == 1);
  REQUIRE(newer->size() == 1);
  for (const auto* devices : {&*older, &*newer}) {
    CHECK(devices->front().name == "GPU");
    CHECK(devices->front().type == Type::discrete);
    CHECK(devices->front().pci == "1002:744c");
    CHECK(devices->front().local_bytes == 1000);
  }
  CHECK(newer->front().budget_bytes == 900);
}

TEST_CASE("the library's own answer is read", "[machine]") {
  const auto devices = parse_vulkan(
      R"({"devices": [{"name": "A", "type": "integrated", "pci": "8086:46a6",
                       "heaps": [{"bytes": 10, "device_local": true, "budget_bytes": 8}, {"bytes": 7, "device_local": false}]}]})");
  REQUIRE(devices);
  CHECK(devices->at(0).type == Type::integrated);
  CHECK(devices->at(0).local_bytes == 10);
  CHECK(devices->at(0).budget_bytes == 8);
}

TEST_CASE("software renderers are known by type or name", "[machine]") {
  CHECK(is_software_renderer({Type::cpu, "anything", "", 0, 0}));
  CHECK(is_software_renderer({Type::discrete, "SwiftShader Device (LLVM 10.0.0)", "", 0, 0}));
  CHECK(is_software_renderer({Type::other, "llvmpipe (LLVM 15.0.6, 256 bits)", "", 0, 0}));
  CHECK_FALSE(is_software_renderer({Type::discrete, "NVIDIA GeForce RTX 3060", "", 0, 0}));
}

TEST_CASE("what is not vulkaninfo's is refused", "[machine]") {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("5"), std::string("{}"), std::string("[1, 2]"),
        std::string(100000, '['), std::string(R"({"VkPhysicalDeviceProperties": 3})")}) {
    CHECK_FALSE(parse_vulkan(text));
  }
}

TEST_CASE("absurd heaps count as nothing", "[machine]") {
  const auto devices = parse_vulkan(
      R"({"devices": [{"name": "A", "type": "discrete", "heaps": [{"bytes": 18446744073709551615, "device_local": true},
          {"bytes": -1, "device_local": true}, 3, {"device_local": true}]}]})");
  REQUIRE(devices);
  CHECK(devices->at(0).local_bytes == 0);
}
