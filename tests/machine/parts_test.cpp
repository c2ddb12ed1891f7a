// The smaller parsers: kfd, DMI, macOS, Ollama's manifests, JSON places.
#include "jobfit/machine.hpp"

#include "machine/amd.hpp"
#include "machine/disk.hpp"
#include "machine/dmi.hpp"
#include "machine/intel.hpp"
#include "machine/json_places.hpp"
#include "machine/macos.hpp"
#include "machine/scan.hpp"
#include "support/test.hpp"

using namespace jobfit;

TEST_CASE("a kfd node says what the GPU is", "[machine]") {
  const KfdNode node = parse_kfd_node(
      "cpu_cores_count 0\nsimd_count 80\ngfx_target_version 110501\nvendor_id 4098\ndevice_id 5510\n");
  CHECK(node.pci == "1002:1586");
  CHECK(node.simds == 80);
  CHECK(is_apu_target(node.target));
  CHECK_FALSE(is_apu_target(110000));
  CHECK_FALSE(is_apu_target(90402));
  CHECK(parse_kfd_node("garbage\nvendor_id x\ndevice_id 99999999999999999999\n").pci.empty());
}

TEST_CASE("one AMD chip is several products, told by revision", "[machine]") {
  CHECK(amd_products("744c", 0xc8) == std::vector<std::string>{"AMD Radeon RX 7900 XTX"});
  CHECK(amd_products("744c", -1).size() == 4);
  CHECK(amd_products("744c", 0x77).size() == 4);
  CHECK(amd_products("ffff", -1).empty());
}

TEST_CASE("Intel's cards are told from graphics inside a processor", "[machine]") {
  CHECK(is_intel_card("56a0"));
  CHECK(is_intel_card("e20b"));
  CHECK_FALSE(is_intel_card("46a6"));
  CHECK_FALSE(is_intel_card("64a0"));
  CHECK_FALSE(is_intel_card("xyz"));
}

namespace {

/// An SMBIOS memory device of 64 bits at `rate` MT/s.
std::string memory_device(unsigned rate, const std::string& locator, const std::string& bank,
                          unsigned size = 0x4000) {
  std::string head(0x28, '\0');
  head[0] = 17;
  head[1] = 0x28;
  head[0x0a] = 64;
  head[0x0c] = static_cast<char>(size & 0xff);
  head[0x0d] = static_cast<char>(size >> 8);
  head[0x10] = 1;
  head[0x11] = 2;
  head[0x15] = head[0x20] = static_cast<char>(rate & 0xff);
  head[0x16] = head[0x21] = static_cast<char>(rate >> 8);
  return head + locator + '\0' + bank + '\0' + '\0';
}

}  // namespace

double bandwidth_of(const std::string& table) { return memory_bandwidth(parse_dmi(table)); }

TEST_CASE("memory modules give a bandwidth, one for each channel", "[machine]") {
  CHECK(bandwidth_of(memory_device(3200, "DIMM 0", "P0 CHANNEL A") +
                     memory_device(3200, "DIMM 1", "P0 CHANNEL A") +
                     memory_device(3200, "DIMM 0", "P0 CHANNEL B")) == Approx(51.2e9));
  CHECK(bandwidth_of(memory_device(5600, "DIMM_A1", "BANK 0") + memory_device(5600, "DIMM_A2", "BANK 1") +
                     memory_device(5600, "DIMM_B1", "BANK 2") + memory_device(5600, "DIMM_B2", "BANK 3")) ==
        Approx(89.6e9));
  CHECK(bandwidth_of(memory_device(3200, "x", "y", 0)) == 0);
}

TEST_CASE("modules whose channels cannot be told apart give no bandwidth", "[machine]") {
  const std::string two = memory_device(3200, "Slot 1", "Bank 0") + memory_device(3200, "Slot 2", "Bank 1");
  CHECK(bandwidth_of(two) == Approx(51.2e9));
  CHECK(bandwidth_of(two + two) == 0);
}

TEST_CASE("channels are named in several ways", "[machine]") {
  CHECK(memory_channel({64, 3200, "ChannelA-DIMM0", "BANK 0"}) ==
        memory_channel({64, 3200, "ChannelA-DIMM1", "BANK 1"}));
  CHECK(memory_channel({64, 3200, "Controller0-ChannelA-DIMM0", ""}) !=
        memory_channel({64, 3200, "Controller1-ChannelA-DIMM0", ""}));
  CHECK(memory_channel({64, 3200, "DIMM 0", "P0 CHANNEL A"}) !=
        memory_channel({64, 3200, "DIMM 0", "P0 CHANNEL B"}));
  CHECK(memory_channel({64, 3200, "A1_DIMM0", ""}) != memory_channel({64, 3200, "B1_DIMM0", ""}));
  CHECK(memory_channel({64, 3200, "Slot 3", "Bank 2"}).empty());
}

TEST_CASE("udev tells the modules to everybody", "[machine]") {
  const auto modules = parse_udev_memory(
      "I:123\nE:MEMORY_ARRAY_NUM_DEVICES=4\nE:MEMORY_DEVICE_0_DATA_WIDTH=64\nE:MEMORY_DEVICE_0_SIZE="
      "8589934592\n"
      "E:MEMORY_DEVICE_0_LOCATOR=ChannelA-DIMM0\nE:MEMORY_DEVICE_0_SPEED_MTS=2667\nE:MEMORY_DEVICE_0_"
      "CONFIGURED_SPEED_MTS=2400\n"
      "E:MEMORY_DEVICE_1_PRESENT=0\nE:MEMORY_DEVICE_1_DATA_WIDTH=64\nE:MEMORY_DEVICE_1_SPEED_MTS=2667\n"
      "E:MEMORY_DEVICE_2_DATA_WIDTH=64\nE:MEMORY_DEVICE_2_SPEED_MTS=2400\nE:MEMORY_DEVICE_2_LOCATOR=ChannelB-"
      "DIMM0\n"
      "E:MEMORY_DEVICE_x_DATA_WIDTH=64\nE:MEMORY_DEVICE_9999999999_SIZE=5\nE:MEMORY_DEVICE_\nE:MEMORY_DEVICE_"
      "3\n");
  REQUIRE(modules.size() == 2);
  CHECK(modules[0].megatransfers == 2400);
  CHECK(memory_bandwidth(modules) == Approx(38.4e9));
}

TEST_CASE("soldered packages narrower than a channel all count", "[machine]") {
  std::string text;
  for (int at = 0; at < 8; ++at) {
    const std::string slot = "E:MEMORY_DEVICE_" + std::to_string(at);
    text +=
        slot + "_DATA_WIDTH=16\n" + slot + "_CONFIGURED_SPEED_MTS=7500\n" + slot + "_LOCATOR=Motherboard\n";
  }
  CHECK(memory_bandwidth(parse_udev_memory(text)) == Approx(120e9));
}

TEST_CASE("a cut or garbled SMBIOS table gives no bandwidth", "[machine]") {
  const std::string whole = memory_device(3200, "DIMM 0", "CHANNEL A");
  for (std::size_t length = 0; length < 0x28; ++length) CHECK(bandwidth_of(whole.substr(0, length)) == 0);
  CHECK(bandwidth_of(std::string(1000, '\xff')) == 0);
  CHECK(bandwidth_of(std::string(1000, '\0')) == 0);
}

TEST_CASE("sysctl and system_profiler are read as macOS writes them", "[machine]") {
  const auto values = parse_sysctl("hw.memsize: 17179869184\nmachdep.cpu.brand_string: Apple M1\nbroken\n\n");
  CHECK(values.at("hw.memsize") == "17179869184");
  CHECK(values.at("machdep.cpu.brand_string") == "Apple M1");
  const auto profile = parse_system_profiler(
      R"({"SPHardwareDataType": [{"chip_type": "Apple M3 Pro", "physical_memory": "18 GB", "machine_model": "Mac15,6"}],
          "SPDisplaysDataType": [{"_name": "Apple M3 Pro", "spdisplays_vendor": "sppci_vendor_Apple", "sppci_cores": "14"}, 5]})");
  REQUIRE(profile);
  CHECK(profile->memory == 18 * kGiB);
  REQUIRE(profile->gpus.size() == 1);
  CHECK(profile->gpus[0].cores == 14);
  CHECK(profile->gpus[0].vendor == "apple");
  for (const char* text : {"", "[]", "{", "5"}) CHECK_FALSE(parse_system_profiler(text));
  CHECK(parse_system_profiler(R"({"SPDisplaysDataType": 5, "SPHardwareDataType": [7]})")->gpus.empty());
}

TEST_CASE("an Ollama manifest gives the size of all its layers", "[machine]") {
  CHECK(parse_ollama_manifest(R"({"layers": [{"size": 1000}, {"size": 24}, {"size": -1}, 5]})") ==
        Bytes{1024});
  CHECK_FALSE(parse_ollama_manifest("{}"));
  CHECK_FALSE(parse_ollama_manifest("nope"));
  CHECK_FALSE(parse_ollama_manifest(
      R"({"layers": [{"size": 18446744073709551615}, {"size": 18446744073709551615}]})"));
}

TEST_CASE("every value of a JSON text has its place", "[machine]") {
  const std::string text = "{\"a\": {\"b\": [1, {\"c\": \"x,}\"}]},\n \"d\\\"e\": null}";
  const JsonPlaces found = json_places(text);
  CHECK(text.substr(found.places.at("a.b[1].c").value, 5) == "\"x,}\"");
  CHECK(found.places.count("d\\\"e") == 1);
  CHECK(json_places(R"({"a": 1, "a": 2})").repeated == std::vector<std::string>{"a"});
  for (const char* cut : {"", "{", "{\"a", "{\"a\"", "{\"a\":", "[1,", "\"\\", "[[[", "]", "{]"}) {
    INFO(cut);
    CHECK_FALSE(json_places(cut).too_deep);
  }
  CHECK(json_places(std::string(100, '[')).too_deep);
}

TEST_CASE("numbers are whole or nothing", "[machine]") {
  CHECK(to_integer(" 42\n") == std::int64_t{42});
  CHECK(to_integer("0x10de") == std::int64_t{0x10de});
  for (const char* text : {"", " ", "4 2", "1.5", "0x", "99999999999999999999", "1e5", "+3"}) {
    INFO(text);
    CHECK_FALSE(to_integer(text));
  }
}
