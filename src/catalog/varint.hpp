// Numbers of variable length: seven bits a byte, the lowest first, the last byte below 0x80.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jobfit {

inline void put_varint(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(number | 0x80));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

/// Takes one from the front of `rest`; where there is none, 0, and `good` goes false.
inline std::uint64_t take_varint(std::string_view& rest, bool& good) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte < 0x80) return number;
  }
  good = false;
  return 0;
}

}  // namespace jobfit
