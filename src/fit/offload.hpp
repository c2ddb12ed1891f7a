// Which of a model's layers lie on which GPU, as llama.cpp counts them off: the output layer first, then the
// blocks from the last on.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <vector>

namespace jobfit {

struct Offload {
  std::int64_t layers = 0;          ///< on GPUs, the output layer among them
  std::int64_t experts_in_ram = 0;  ///< of how many of the first layers
  /// Of several GPUs, how many of these layers each has, in the order of the blocks (--tensor-split); empty:
  /// one has them all.
  std::vector<std::int64_t> cards = {};

  auto operator<=>(const Offload&) const = default;
  bool whole(std::int64_t blocks) const { return layers > blocks && experts_in_ram == 0; }
  /// GPUs come first, the CPU last.
  int backends() const { return layers > 0 ? std::max(static_cast<int>(cards.size()), 1) + 1 : 1; }
  int cpu() const { return backends() - 1; }
  /// Who has a block's layers; block `blocks` is the output layer.
  int backend(std::int64_t block, std::int64_t blocks) const {
    std::int64_t on_gpus = block - (blocks + 1 - layers);
    if (on_gpus < 0) return cpu();
    int card = 0;
    for (; card + 1 < static_cast<int>(cards.size()); ++card) {
      if (on_gpus < cards[static_cast<std::size_t>(card)]) break;
      on_gpus -= cards[static_cast<std::size_t>(card)];
    }
    return card;
  }
};

}  // namespace jobfit
