// How far a placement's context can grow before its memory runs out.
#include "fit/placement.hpp"

#include <algorithm>
#include <utility>

namespace jobfit {

bool PlacementSearch::fits_at(const Placement& like, std::int64_t context, Working working,
                              const Sides& more) {
  auto settings = build_.settings();
  settings.context = context;
  Extras extras = build_.extras();
  extras.working = working;
  extras.more = more;
  BuildMemory longer(build_.model(), build_.weights(), settings, extras);
  PlacementSearch search(longer, hardware_, only_whole_);
  Placed placed;
  if (like.kind == Placement::Kind::cpu) return search.place_on_cpu(&placed);
  return std::any_of(sets_.begin(), sets_.end(),
                     [&](const GpuSet& set) { return search.place_on(set, like.kind, &placed); });
}

std::int64_t PlacementSearch::longest_context(const Placement& like, std::int64_t cap) {
  const std::int64_t least = build_.settings().context;
  if (cap <= least) return least;
  const bool parts = like.kind == Placement::Kind::split || like.kind == Placement::Kind::experts_in_ram;
  // More never fits where less does not.
  std::int64_t fits = least, fails = cap + 1;
  const auto fits_truly = [&](std::int64_t context) {
    if (context <= fits) return true;
    if (context >= fails) return false;
    const bool held = parts ? fits_at(like, context, Working::exact, {})
                            : fits_at(like, context, Working::at_most, {}) ||
                                  (fits_at(like, context, Working::at_least, {}) &&
                                   fits_at(like, context, Working::exact, {}));
    (held ? fits : fails) = context;
    return held;
  };
  // What is carried where a placement is in parts hardly depends on the context.
  Sides more;
  if (parts && sets_.size() == 1) {
    Extras near = build_.extras();
    near.working = Working::near;
    const Offload lies{like.gpu_layers, like.expert_layers_in_ram};
    const MemoryUse about = BuildMemory(build_.model(), build_.weights(), build_.settings(), near).use(lies);
    const MemoryUse& truly = build_.use(lies);
    more = {truly.gpu_bytes - about.gpu_bytes, truly.ram_bytes - about.ram_bytes};
  }
  const auto fits_about = [&](std::int64_t context) { return fits_at(like, context, Working::near, more); };
  if (fits_about(cap) && fits_truly(cap)) return cap;
  // Finer than a 64th of the window nobody asks.
  const std::int64_t step = std::max<std::int64_t>(1024, cap / 64 / 1024 * 1024);
  const auto edge = [&](const auto& holds) {
    std::pair<std::int64_t, std::int64_t> sides{least, cap};
    auto& [low, high] = sides;
    while (high - low > step) {
      const auto middle = low + std::max<std::int64_t>((high - low) / 2 / 1024, 1) * 1024;
      (holds(middle) ? low : high) = middle;
    }
    return sides;
  };
  // Where it runs out is found cheaply, and both sides of it then looked at closely.
  const auto [low, high] = edge(fits_about);
  fits_truly(low);
  fits_truly(high);
  const std::int64_t longest = edge(fits_truly).first;
  return cap - longest <= step && fits_truly(cap) ? cap : longest;
}

}  // namespace jobfit
