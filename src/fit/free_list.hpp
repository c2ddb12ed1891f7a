// Free memory by address, handed out as ggml-alloc hands it out: the smallest block that fits.
#pragma once

#include <algorithm>
#include <algorithm>
#include <cstddef>
#include <vector>

#include "jobfit/units.hpp"

namespace jobfit {

inline constexpr Bytes kAlignment = 32;

/// Free blocks by address; the last one has no end.
class FreeList {
 public:
  Bytes take(Bytes size) {
    size = padded(size);
    std::size_t best = blocks_.size() - 1;
    Bytes best_size = -1;
    for (std::size_t i = 0; i + 1 < blocks_.size(); ++i) {
      if (blocks_[i].size >= size && (best_size < 0 || blocks_[i].size <= best_size)) {
        best = i;
        best_size = blocks_[i].size;
      }
    }
    Block& block = blocks_[best];
    const Bytes offset = block.offset;
    block.offset += size;
    block.size -= size;
    if (block.size == 0) blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(best));
    peak_ = std::max(peak_, offset + size);
    return offset;
  }

  void give(Bytes offset, Bytes size) {
    size = padded(size);
    if (size == 0) return;
    auto at =
        std::find_if(blocks_.begin(), blocks_.end(), [&](const Block& b) { return b.offset >= offset; });
    at = blocks_.insert(at, {offset, size});
    if (const auto next = at + 1; next != blocks_.end() && at->offset + at->size == next->offset) {
      at->size += next->size;
      blocks_.erase(next);
    }
    if (at != blocks_.begin()) {
      const auto before = at - 1;
      if (before->offset + before->size == at->offset) {
        before->size += at->size;
        blocks_.erase(at);
      }
    }
  }

  Bytes peak() const { return peak_; }
  static Bytes padded(Bytes size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

 private:
  struct Block {
    Bytes offset, size;
  };
  std::vector<Block> blocks_{{0, Bytes{1} << 62}};
  Bytes peak_ = 0;
};

}  // namespace jobfit
