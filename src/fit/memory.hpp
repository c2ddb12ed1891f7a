// Which tensors count as routed experts: --n-cpu-moe leaves those in RAM.
#pragma once

#include <string_view>

namespace jobfit {

bool is_routed_expert(std::string_view tensor);

}  // namespace jobfit
