#include "catalog/hash.hpp"

namespace jobfit {
namespace {

constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;

std::uint64_t mix(std::uint64_t state, std::uint64_t word) {
  state = (state ^ word) * kMultiplier;
  return state ^ (state >> 29);
}

}  // namespace

std::uint64_t hash_text(std::string_view text, std::uint64_t seed) {
  std::uint64_t state = mix(seed, text.size() + 1);
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) word |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
    state = mix(state, word);
  }
  std::uint64_t rest = 0;
  for (std::size_t i = 0; at + i < text.size(); ++i) {
    rest |= std::uint64_t{static_cast<unsigned char>(text[at + i])} << (8 * i);
  }
  return mix(state, rest);
}

}  // namespace jobfit
