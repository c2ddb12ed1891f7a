// What the matrices of a block are held in.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fit/ggml_types.hpp"

namespace jobfit {

struct HeldMatrix {
  std::array<std::int64_t, 4> size{1, 1, 1, 1};
  const GgmlType* type = nullptr;
  bool operator==(const HeldMatrix&) const = default;
};

/// Of one block, in the order of the file.
using HeldMatrices = std::vector<HeldMatrix>;

}  // namespace jobfit
