#include "machine/dmi.hpp"

#include "machine/scan.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace jobfit {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }
unsigned word_at(std::string_view text, std::size_t at) {
  return byte_at(text, at) | byte_at(text, at + 1) << 8U;
}
unsigned double_word_at(std::string_view text, std::size_t at) {
  return word_at(text, at) | word_at(text, at + 2) << 16U;
}

/// The `number`th string after a structure, counted from 1.
std::string_view string_of(std::string_view strings, unsigned number) {
  for (unsigned at = 1; !strings.empty() && number > 0; ++at) {
    const std::size_t end = strings.find('\0');
    if (at == number) return strings.substr(0, end);
    if (end == std::string_view::npos) break;
    strings.remove_prefix(end + 1);
  }
  return {};
}

bool is_sensible(const MemoryModule& module) {
  return module.data_bits >= 8 && module.data_bits <= 1024 && module.megatransfers >= 100 &&
         module.megatransfers < 100000;
}

int number(std::string_view text) {
  const auto value = to_integer(text);
  return value && *value > 0 && *value < 1'000'000 ? static_cast<int>(*value) : 0;
}

}  // namespace

std::vector<MemoryModule> parse_dmi(std::string_view table) {
  constexpr int kMostStructures = 4096;
  std::vector<MemoryModule> modules;
  for (int count = 0; table.size() >= 4 && count < kMostStructures; ++count) {
    const std::size_t length = byte_at(table, 1);
    if (length < 4 || length > table.size()) return {};
    std::size_t end = table.find(std::string_view("\0\0", 2), length);
    if (end == std::string_view::npos) end = table.size();
    const std::string_view head = table.substr(0, length), strings = table.substr(length, end - length);
    if (byte_at(table, 0) == 17 && length >= 0x17) {
      const unsigned size = word_at(head, 0x0c);
      unsigned rate = word_at(head, 0x15);
      if (length >= 0x22 && word_at(head, 0x20) != 0) rate = word_at(head, 0x20);
      if (rate == 0xffff && length >= 0x5c) rate = double_word_at(head, 0x58);
      MemoryModule module{static_cast<int>(word_at(head, 0x0a)), static_cast<int>(std::min(rate, 1'000'000U)),
                          std::string(string_of(strings, byte_at(head, 0x10))),
                          std::string(string_of(strings, byte_at(head, 0x11)))};
      if (size != 0 && size != 0xffff && is_sensible(module)) modules.push_back(std::move(module));
    }
    if (byte_at(table, 0) == 127) break;
    table.remove_prefix(std::min(table.size(), end + 2));
  }
  return modules;
}

std::vector<MemoryModule> parse_udev_memory(std::string_view text) {
  constexpr std::string_view kPrefix = "E:MEMORY_DEVICE_";
  struct Slot {
    MemoryModule module;
    bool there = true;
    int rated = 0;
  };
  std::map<int, Slot> slots;
  for (const std::string_view line : lines(text)) {
    if (!line.starts_with(kPrefix)) continue;
    const std::size_t equals = line.find('=');
    const std::size_t underscore = line.find('_', kPrefix.size());
    if (equals == std::string_view::npos || underscore > equals) continue;
    const auto index = to_integer(line.substr(kPrefix.size(), underscore - kPrefix.size()));
    if (!index || *index < 0 || *index > 1024) continue;
    Slot& slot = slots[static_cast<int>(*index)];
    const std::string_view key = line.substr(underscore + 1, equals - underscore - 1),
                           value = line.substr(equals + 1);
    if (key == "DATA_WIDTH") slot.module.data_bits = number(value);
    if (key == "CONFIGURED_SPEED_MTS") slot.module.megatransfers = number(value);
    if (key == "SPEED_MTS") slot.rated = number(value);
    if (key == "LOCATOR") slot.module.locator = value;
    if (key == "BANK_LOCATOR") slot.module.bank = value;
    if (key == "PRESENT") slot.there = value != "0";
  }
  std::vector<MemoryModule> modules;
  for (auto& [index, slot] : slots) {
    if (slot.module.megatransfers == 0) slot.module.megatransfers = slot.rated;
    if (slot.there && is_sensible(slot.module)) modules.push_back(std::move(slot.module));
  }
  return modules;
}

std::string memory_channel(const MemoryModule& module) {
  for (const std::string& text : {module.bank, module.locator}) {
    const std::string name = lower(text);
    // "ChannelA-DIMM0", "Controller1-ChannelB", "P0 CHANNEL A"
    if (const std::size_t at = name.find("channel"); at != std::string::npos) {
      std::size_t end = at + 7;
      while (end < name.size() && (name[end] == ' ' || name[end] == '_' || name[end] == '-')) ++end;
      if (end < name.size()) return name.substr(0, end + 1);
    }
    // "DIMM_A1", "DIMMB2", "A1_DIMM0": the letter is the channel
    if (const std::size_t at = name.find("dimm"); at != std::string::npos) {
      std::size_t letter = at + 4;
      if (letter < name.size() && (name[letter] == '_' || name[letter] == ' ' || name[letter] == '-'))
        ++letter;
      const auto is_slot = [&](std::size_t i) {
        return i + 1 < name.size() && std::isalpha(static_cast<unsigned char>(name[i])) != 0 &&
               std::isdigit(static_cast<unsigned char>(name[i + 1])) != 0;
      };
      if (is_slot(letter)) return name.substr(0, letter + 1);
      if (at >= 3 && is_slot(at - 3) && name[at - 1] == '_') return name.substr(0, at - 2);
    }
  }
  return {};
}

double memory_bandwidth(std::span<const MemoryModule> modules) {
  double total = 0;
  std::set<std::string> channels;
  int unnamed = 0;
  for (const MemoryModule& module : modules) {
    const std::string channel = memory_channel(module);
    // A soldered package narrower than a channel is a part of one, and all of them count.
    const bool package = module.data_bits < 64;
    if (!package && channel.empty() && ++unnamed > 2) return 0;
    // Two modules of one channel take turns on it.
    if (!package && !channel.empty() && !channels.insert(channel).second) continue;
    total += static_cast<double>(module.megatransfers) * 1e6 * module.data_bits / 8;
  }
  return total < 1e14 ? total : 0;
}

ModulesBandwidth dmi_memory_bandwidth(const Findings& findings) {
  const std::string udev = "/run/udev/data/+dmi:id", raw = "/sys/firmware/dmi/tables/DMI";
  if (const auto text = findings.host.read(udev)) {
    const double bandwidth = memory_bandwidth(parse_udev_memory(*text));
    if (bandwidth > 0) return {bandwidth, udev};
  }
  if (const auto table = findings.host.read(raw)) {
    const double bandwidth = memory_bandwidth(parse_dmi(*table));
    if (bandwidth > 0) return {bandwidth, raw};
  }
  return {};
}

}  // namespace jobfit
