// Where a build can lie on a machine, with its memory on both sides and its speed.
#pragma once

#include "jobfit/fit.hpp"

#include "fit/build_memory.hpp"
#include "fit/speed.hpp"

#include <optional>
#include <vector>

namespace jobfit {

struct Placed {
  Placement placement;
  MemoryUse memory;
  Speed speed;
};

/// Whether the GPU's memory is so much faster that a layer in RAM is slower, whatever else a layer costs.
bool faster_by_far(const Gpu& gpu, const Memory& ram);

/// The placements of one build on one machine, each with the largest part on the GPU that fits.
class PlacementSearch {
 public:
  /// Holds on to both. `only_whole`: the runtime cannot split between GPU and RAM.
  PlacementSearch(BuildMemory& build, const Hardware& hardware, bool only_whole);

  /// All that fit, in the order they were tried: whole on a GPU first, CPU last.
  std::vector<Placed> all();
  /// Bounds the fastest of all() without reckoning working memory, which makes a placement only slower;
  /// infinite where that cannot be told. Most builds that are too slow are so by far.
  double fastest_at_most();
  /// The longest context, in steps of 1024 tokens, at which `like` fits; at most `cap`.
  std::int64_t longest_context(const Placement& like, std::int64_t cap);

 private:
  bool fits(const GpuSet& set, const Offload& offload, Placed* placed);
  bool fits_on_cards(const GpuSet& set, Offload offload, Placed* placed);
  bool place_on(const GpuSet& set, Placement::Kind kind, Placed* placed);
  bool place_parts_on_cards(const GpuSet& set, Placement::Kind kind, Placed* placed);
  bool place_on_cpu(Placed* placed);
  double fastest_in_parts(const GpuSet& set);
  void share(const GpuSet& set, Placement* placement) const;
  /// `more`: working memory on top of what `working` tells.
  bool fits_at(const Placement& like, std::int64_t context, Working working, const Sides& more);
  Bytes overhead(const GpuSet& set) const;

  BuildMemory& build_;
  const Hardware& hardware_;
  const Machine& machine_;
  const std::vector<GpuSet>& sets_;
  bool only_whole_;
};

}  // namespace jobfit
