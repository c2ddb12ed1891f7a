// A GPU as the device table describes it.
#pragma once

#include "jobfit/machine.hpp"

#include <string_view>

namespace jobfit {

/// `device` in a machine that runs `os`: memory is the smallest size it is sold with, 0 where none is known.
Gpu make_gpu(const Device& device, std::string_view os);
/// Whether graphics that share the RAM are the small kind inside a PC's processor, which read it no faster
/// than the cores do: not wider than a socket's own bus, so no place for a model. (Apple's and NVIDIA's
/// always are one.)
bool is_narrow(std::string_view vendor, double bandwidth);
/// What llama.cpp would use for a GPU of this maker.
std::string backend_for(std::string_view vendor, std::string_view os);
/// "nvidia" of "RTX 4090", as far as a name tells; empty otherwise.
std::string vendor_by_name(std::string_view name);

}  // namespace jobfit
