// Speed of a placement from the traffic of a token, so that a search reads the weights once.
#pragma once

#include "jobfit/fit.hpp"

#include "fit/hardware.hpp"
#include "fit/speed_traffic.hpp"

namespace jobfit {

/// Seconds per token, by side.
struct DecodeTime {
  bool known = false;  ///< false: a bandwidth that is needed is not known
  double gpu = 0, cpu = 0;
  double overhead = 0;  ///< of gpu: what is not reading
  double spread = 0;
  std::size_t main_gpu = 0;  ///< holds the output layer
  double total() const { return gpu + cpu; }
};
/// Cores that speed up decoding: the fast ones, and no more than a server's threads still gain by.
inline constexpr int kMostThreads = 64;
int useful_threads(const Cpu& cpu);

DecodeTime decode_time(const Traffic& traffic, const Placement& placement, const Hardware& hardware);

class BuildMemory;

/// Range, bound and prefill; MTP advice is the caller's.
Speed speed_of(const Traffic& traffic, const Placement& placement, const Hardware& hardware);
/// The same, the range reaching from a full to an empty cache where the fill was not stated.
Speed speed_of(BuildMemory& build, const Placement& placement, const Hardware& hardware);

}  // namespace jobfit
