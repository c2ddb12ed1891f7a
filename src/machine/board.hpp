// Boards that name themselves: device trees (Raspberry Pi, Jetson, Apple under Linux) and DMI.
#pragma once

#include "machine/findings.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// NVIDIA parts that share the RAM, as they stand in their drivers' names, in lower case.
inline constexpr std::array<std::string_view, 6> kNvidiaSocs = {"gb10", "nvgpu",  "orin",
                                                                "thor", "xavier", "tegra"};

/// "apple,j314s" "apple,t6000": the device tree's compatible list; empty without one.
std::vector<std::string> device_tree_compatible(const Findings& findings);
/// "Apple M1 Pro" of "apple,t6000"; empty: not an Apple chip.
std::string apple_chip(const std::vector<std::string>& compatible);
/// The table's entry for an Apple chip; where its variants are sold with different memory, the one that
/// `total` tells.
const Device* chip_by_memory(std::span<const Device> devices, const std::string& chip, Bytes total);
bool is_tegra(const Findings& findings);

/// Fills machine.model, where a device tree or DMI tells it, and a chip's name for the CPU.
void probe_board(const Findings& findings);
/// The table's entry for this board ("Jetson AGX Orin") or its chip; with several memory sizes to choose
/// from ("Jetson AGX Orin 32GB", "... 64GB") the one that this machine's RAM fits.
const Device* board_device(const Findings& findings);

}  // namespace jobfit
