// How far a placement's context can grow before its memory runs out.
#include "fit/placement.hpp"

#include <algorithm>

namespace jobfit {

PlacementSearch::Held PlacementSearch::held_at(const Placement& like, std::int64_t context) {
  auto settings = build_.settings();
  settings.context = context;
  BuildMemory longer(build_.model(), build_.weights(), settings, build_.extras());
  PlacementSearch search(longer, hardware_, only_whole_);
  Placed placed;
  Held held;
  if (like.kind == Placement::Kind::cpu) {
    held.fits = search.place_on_cpu(&placed);
    held.spare = placed.memory.available_bytes - placed.memory.total_bytes;
    return held;
  }
  const bool whole = like.kind == Placement::Kind::gpu || like.kind == Placement::Kind::unified;
  for (const GpuSet& set : sets_) {
    held.fits = search.place_on(set, like.kind, &placed);
    if (whole && set.gpus.size() == 1)
      held.spare = placed.memory.available_bytes - placed.memory.gpu_bytes - placed.memory.overhead_bytes;
    if (held.fits) return held;
  }
  return held;
}

std::int64_t PlacementSearch::longest_context(const Placement& like, std::int64_t cap) {
  std::int64_t low = build_.settings().context;
  if (cap <= low) return low;
  const Held full = held_at(like, cap);
  if (full.fits) return cap;
  // Finer than a 64th of the window nobody asks.
  const std::int64_t step = std::max<std::int64_t>(1024, cap / 64 / 1024 * 1024);
  std::int64_t high = cap, fits = low, fails = cap;
  const auto fits_at = [&](std::int64_t context) {
    if (context <= fits) return true;
    if (context >= fails) return false;
    const bool held = held_at(like, context).fits;
    (held ? fits : fails) = context;
    return held;
  };
  // Memory grows nearly in a line with the context: both sides of where it would run out are tried first.
  if (full.spare && *full.spare < 0 && high - low > 4 * step) {
    const double spare = double(std::max<Bytes>(held_at(like, low).spare.value_or(0), 0));
    const double share = spare / (spare - double(*full.spare));
    const std::int64_t edge = low + static_cast<std::int64_t>(share * double(high - low));
    if (fits_at(edge - step)) fits_at(edge + step);
  }
  while (high - low > step) {
    const auto middle = low + std::max<std::int64_t>((high - low) / 2 / 1024, 1) * 1024;
    (fits_at(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace jobfit
