// The mixes that llama-quantize makes, by name.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace jobfit {

/// Names of a mix and the type most of it has.
struct Mix {
  std::string_view name, type;
};
inline constexpr std::array<Mix, 34> kMixes = {{
    {"F32", "f32"},      {"F16", "f16"},     {"BF16", "bf16"},       {"Q4_0", "q4_0"},
    {"Q4_1", "q4_1"},    {"Q5_0", "q5_0"},   {"Q5_1", "q5_1"},       {"Q8_0", "q8_0"},
    {"Q2_K", "q2_K"},    {"Q2_K_S", "q2_K"}, {"Q3_K_S", "q3_K"},     {"Q3_K_M", "q3_K"},
    {"Q3_K_L", "q3_K"},  {"Q4_K_S", "q4_K"}, {"Q4_K_M", "q4_K"},     {"Q5_K_S", "q5_K"},
    {"Q5_K_M", "q5_K"},  {"Q6_K", "q6_K"},   {"TQ1_0", "tq1_0"},     {"TQ2_0", "tq2_0"},
    {"IQ1_S", "iq1_s"},  {"IQ1_M", "iq1_m"}, {"IQ2_XXS", "iq2_xxs"}, {"IQ2_XS", "iq2_xs"},
    {"IQ2_S", "iq2_xs"}, {"IQ2_M", "iq2_s"}, {"IQ3_XXS", "iq3_xxs"}, {"IQ3_XS", "iq3_s"},
    {"IQ3_S", "iq3_s"},  {"IQ3_M", "iq3_s"}, {"IQ4_NL", "iq4_nl"},   {"IQ4_XS", "iq4_xs"},
    {"MXFP4", "mxfp4"},  {"Q1_0", "q1_0"},
}};

/// Some of the mixes, by their place in kMixes; written out by name and looked up by the compiler.
struct MixSet {
  std::uint64_t members = 0;
  template <typename... Names>
  // Written in braces where it is asked. NOLINTNEXTLINE(google-explicit-constructor)
  consteval MixSet(Names... names) : members((one(names) | ...)) {}

 private:
  static consteval std::uint64_t one(std::string_view name) {
    for (std::size_t i = 0; i < kMixes.size(); ++i)
      if (kMixes[i].name == name) return std::uint64_t{1} << i;
    throw "not the name of a mix";
  }
};

/// Upper or lower case, short forms too; nullptr: not a mix we know.
const Mix* find_mix(std::string_view quantization);

}  // namespace jobfit
