#include "fit/placement_cards.hpp"

#include <algorithm>
#include <numeric>

namespace jobfit {
namespace {

using Cards = std::vector<std::int64_t>;

/// Layers dealt out to cards in order, each up to its room, or up to its share of all rooms; empty: they do
/// not go in.
Cards deal(const std::vector<Bytes>& layers, const std::vector<Bytes>& rooms, bool in_proportion) {
  const double all = double(std::accumulate(layers.begin(), layers.end(), Bytes{0}));
  double all_room = 0;
  for (const Bytes room : rooms) all_room += double(std::max<Bytes>(room, 0));
  Cards cards(rooms.size(), 0);
  std::size_t at = 0;
  Bytes on_card = 0;
  for (const Bytes layer : layers) {
    for (;; ++at, on_card = 0) {
      if (at == rooms.size()) return {};
      const double share = all_room > 0 ? all * double(rooms[at]) / all_room + double(layer) / 2 : 0;
      const bool last = at + 1 == rooms.size();
      const double most = in_proportion && !last ? std::min(double(rooms[at]), share) : double(rooms[at]);
      if (double(on_card + layer) <= most) break;
    }
    on_card += layer;
    ++cards[at];
  }
  return cards;
}

}  // namespace

std::vector<std::int64_t> share_out(BuildMemory& build, const GpuSet& set, const Machine& machine,
                                    Offload offload) {
  std::vector<Bytes> rooms;
  for (const auto i : set.gpus)
    rooms.push_back(machine.gpus[i].usable_bytes - driver_overhead(machine.gpus[i]));
  const auto held = build.held_by_layer(offload);
  const std::vector<Bytes> layers(held.end() - static_cast<std::ptrdiff_t>(offload.layers), held.end());
  // Working memory depends on what lies where, and what lies where on the room that it leaves: a deal that
  // does not go in tells what its cards need, and the next leaves so much.
  constexpr int kDeals = 4;
  for (const bool in_proportion : {true, false}) {
    auto left = rooms;
    for (int n = 0; n < kDeals; ++n) {
      offload.cards = deal(layers, left, in_proportion);
      if (offload.cards.empty()) break;
      const auto& used = build.use(offload).per_gpu;
      bool fits = true;
      auto layer = layers.begin();
      for (std::size_t card = 0; card < rooms.size(); ++card) {
        const auto end = layer + static_cast<std::ptrdiff_t>(offload.cards[card]);
        const Bytes working = used[card] - std::accumulate(layer, end, Bytes{0});
        layer = end;
        fits = fits && used[card] <= rooms[card];
        left[card] = std::min(left[card], rooms[card] - working);
      }
      if (fits) return offload.cards;
    }
  }
  return {};
}

}  // namespace jobfit
