// What of a memory is left for a model: the policy, in one place.
#pragma once

#include "jobfit/machine.hpp"

#include <string_view>

namespace jobfit {

/// RAM of `total` bytes less what the operating system and a desktop keep.
Bytes usable_ram(Bytes total, std::string_view os);
/// A container's limit less what the runtime's own code and buffers take.
Bytes usable_in_limit(Bytes limit);
/// A card's memory less the display and the driver.
Bytes usable_vram(Bytes total);
/// What Metal recommends at most to keep in use, by default, of `total` bytes of RAM.
Bytes metal_default(Bytes total);

}  // namespace jobfit
