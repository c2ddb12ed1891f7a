#include "machine/dmi.hpp"

#include <algorithm>
#include <set>

#include "machine/scan.hpp"

namespace jobfit {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }
unsigned word_at(std::string_view text, std::size_t at) { return byte_at(text, at) | byte_at(text, at + 1) << 8U; }
unsigned double_word_at(std::string_view text, std::size_t at) { return word_at(text, at) | word_at(text, at + 2) << 16U; }

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

/// "ChannelA-DIMM0", "P0 CHANNEL B", "Controller0-ChannelA": what stands before the module's own number.
std::string channel_of(std::string_view device, std::string_view bank) {
  for (const std::string_view text : {bank, device}) {
    const std::string name = lower(text);
    const std::size_t at = name.find("channel");
    if (at == std::string::npos) continue;
    std::size_t end = at + 7;
    while (end < name.size() && name[end] == ' ') ++end;
    if (end >= name.size()) continue;
    return name.substr(0, end + 1);
  }
  return {};
}

}  // namespace

double parse_dmi_bandwidth(std::string_view table) {
  constexpr int kMostStructures = 4096;
  double total = 0;
  std::set<std::string> channels;
  for (int count = 0; table.size() >= 4 && count < kMostStructures; ++count) {
    const std::size_t length = byte_at(table, 1);
    if (length < 4 || length > table.size()) return 0;
    std::size_t end = table.find(std::string_view("\0\0", 2), length);
    if (end == std::string_view::npos) end = table.size();
    const std::string_view head = table.substr(0, length), strings = table.substr(length, end - length);
    if (byte_at(table, 0) == 17 && length >= 0x17) {
      const unsigned width = word_at(head, 0x0a), size = word_at(head, 0x0c);
      unsigned rate = word_at(head, 0x15);
      if (length >= 0x22 && word_at(head, 0x20) != 0) rate = word_at(head, 0x20);  // as configured
      if (rate == 0xffff && length >= 0x5c) rate = double_word_at(head, 0x58);
      const bool there = size != 0 && size != 0xffff && width >= 8 && width <= 1024 && rate >= 100 && rate < 100000;
      const std::string channel = channel_of(string_of(strings, byte_at(head, 0x10)), string_of(strings, byte_at(head, 0x11)));
      // Two modules of one channel take turns on it.
      if (there && (channel.empty() || channels.insert(channel).second)) {
        total += static_cast<double>(rate) * 1e6 * width / 8;
      }
    }
    if (byte_at(table, 0) == 127) break;
    table.remove_prefix(std::min(table.size(), end + 2));
  }
  return total < 1e14 ? total : 0;
}

double dmi_memory_bandwidth(const Findings& findings) {
  const auto table = findings.host.read("/sys/firmware/dmi/tables/DMI");
  return table ? parse_dmi_bandwidth(*table) : 0;
}

}  // namespace jobfit
