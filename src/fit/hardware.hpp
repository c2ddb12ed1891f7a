// What a machine gives a model, looked up once for all the builds and placements that are tried on it.
#pragma once

#include "fit/efficiency.hpp"
#include "fit/usable.hpp"

#include <array>
#include <vector>

namespace jobfit {

struct Hardware {
  /// Holds on to `machine`.
  explicit Hardware(const Machine& machine);

  const Machine& machine;
  std::vector<GpuSet> sets;
  const CpuEfficiency& cpu;
  struct Card {
    const GpuEfficiency& gives;
    std::array<double, kTypeFamilies> fractions;  ///< of its bandwidth
    double host;                                  ///< host_seconds
  };
  std::vector<Card> cards;  ///< by Machine::gpus
};

}  // namespace jobfit
