#include "fit/hardware.hpp"

namespace jobfit {

Hardware::Hardware(const Machine& of) : machine(of), sets(gpu_sets(of)), cpu(cpu_efficiency(of.cpu)) {
  for (const Gpu& gpu : of.gpus) {
    const GpuEfficiency& gives = gpu_efficiency(gpu);
    cards.push_back({gives, reached_fractions(gpu, gives), host_seconds(of.cpu, gpu)});
  }
}

}  // namespace jobfit
