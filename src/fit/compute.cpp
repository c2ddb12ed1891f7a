#include "fit/compute.hpp"

#include <algorithm>

namespace jobfit {

ComputeBytes compute_bytes(const Hparams& h, const RunSettings& settings, const CacheLayout& layout,
                           std::int64_t offloaded) {
  const Bytes tokens = layout.micro_batch, e = h.embedding;
  const Bytes mask = layout.cells * tokens * (layout.flash_attention ? 2 : 4) +
                     (h.window > 0 ? layout.window_cells * tokens * (layout.flash_attention ? 2 : 4) : 0);
  const Bytes inputs = e * tokens * 4 + mask;
  Bytes widest = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(h.trunk()); ++i) {
    const Bytes cells = h.windowed[i] ? layout.window_cells : layout.cells;
    Bytes attention = (2 * h.heads[i] * h.key_length[i] + 2 * h.kv_heads[i] * h.key_length[i]) * tokens * 4;
    if (!layout.flash_attention) attention = 2 * h.heads[i] * cells * tokens * 4;
    const Bytes feed = h.expert_layer[i] ? h.experts_used[i] * (2 * h.expert_width[i] + e) : 2 * h.feed_forward[i];
    widest = std::max({widest, attention, feed * tokens * 4});
  }
  const Bytes work = std::max(widest + 2 * e * tokens * 4, h.vocabulary * layout.outputs * 4);
  (void)settings;
  if (offloaded <= 0) return {0, inputs + work};
  return {work + inputs, inputs};
}

}  // namespace jobfit
