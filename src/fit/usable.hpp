// What a machine has for a model, by side, and what its drivers take on top.
#pragma once

#include "jobfit/machine.hpp"

#include <vector>

namespace jobfit {

/// GPUs that work together on one model, as indexes into Machine::gpus, in the order llama.cpp counts them.
struct GpuSet {
  std::vector<std::size_t> gpus;
  bool unified = false;
  Bytes usable_bytes = 0;
};

/// Every useful set of GPUs: singly and together, one backend per set; equal cards are not tried twice.
std::vector<GpuSet> gpu_sets(const Machine& machine);
/// What lies whole on `few` only gets slower on the cards that `more` adds: none of them is faster.
bool only_spreads(const GpuSet& few, const GpuSet& more, const Machine& machine);
/// What lies on `few` and in RAM gets faster on the cards that `more` adds: they are as good, and RAM is not.
bool takes_from_ram(const GpuSet& few, const GpuSet& more, const Machine& machine);

/// What a runtime and its driver take of a GPU's memory before the first tensor: context, kernels, workspace.
Bytes driver_overhead(const Gpu& gpu);

/// RAM for a model. 0: none, or not known.
Bytes usable_ram(const Machine& machine);

/// GPU memory and RAM together; unified memory lies inside the RAM and counts once.
Bytes usable_total(const Machine& machine);

}  // namespace jobfit
