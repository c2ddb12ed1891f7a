// Whatever no vendor's own interface spoke for, through Vulkan.
#pragma once

#include "machine/adapters.hpp"
#include "machine/findings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

struct VulkanDevice {
  enum class Type { other, integrated, discrete, virtual_gpu, cpu } type = Type::other;
  std::string name, pci;
  Bytes local_bytes = 0;   ///< device-local heaps together
  Bytes budget_bytes = 0;  ///< what of them a process may have now; 0 not told
};

/// ask_vulkan's JSON, or vulkaninfo's (`--json` of any version: the same structures are looked for by name).
/// nullopt: no JSON, or none of those structures in it.
std::optional<std::vector<VulkanDevice>> parse_vulkan(std::string_view json);

/// Whether this is a program that computes like a GPU (llvmpipe, SwiftShader, ...).
bool is_software_renderer(const VulkanDevice& device);

/// Adds real GPUs that are not among machine.gpus yet. `missing`: adapters that nothing else could tell the
/// memory of.
void probe_vulkan(const Findings& findings, const std::vector<Adapter>& adapters,
                  const std::vector<std::size_t>& missing);

}  // namespace jobfit
