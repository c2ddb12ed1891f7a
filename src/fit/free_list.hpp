// Free memory by address, handed out as ggml-alloc hands it out: the smallest block that fits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "jobfit/units.hpp"

namespace jobfit {

inline constexpr Bytes kAlignment = 32;

/// Free blocks by address, within chunks of at most a backend's largest buffer. A tensor that is larger than
/// a chunk has one of its own, into which nothing else grows.
class FreeList {
 public:
  explicit FreeList(Bytes chunk = kEndless) : chunk_(chunk) {}

  Bytes take(Bytes size) {
    size = padded(size);
    std::size_t in = 0, best = kNowhere;
    for (std::size_t c = 0; c < chunks_.size(); ++c) {
      const std::vector<Block>& blocks = chunks_[c].blocks;
      Bytes best_size = -1;
      for (std::size_t i = 0; i + 1 < blocks.size(); ++i) {
        if (blocks[i].size < size || (best_size >= 0 && blocks[i].size > best_size)) continue;
        in = c;
        best = i;
        best_size = blocks[i].size;
      }
    }
    if (best == kNowhere) {  // the end of a chunk: where least is left over, or least has to grow
      Bytes best_left = INT64_MIN;
      for (std::size_t c = 0; c < chunks_.size(); ++c) {
        if (chunks_[c].blocks.empty() || chunks_[c].blocks.back().size < size) continue;
        const Bytes left = chunks_[c].peak - chunks_[c].blocks.back().offset - size;
        if (!(best_left < 0 && left > best_left) && !(left >= 0 && left < best_left)) continue;
        in = c;
        best = chunks_[c].blocks.size() - 1;
        best_left = left;
      }
    }
    if (best == kNowhere) {
      in = chunks_.size();
      best = 0;
      chunks_.push_back({{{0, in + 1 < kMostChunks ? std::max(size, chunk_) : kEndless}}, 0});
    }
    Chunk& chunk = chunks_[in];
    Block& block = chunk.blocks[best];
    const Bytes offset = block.offset;
    block.offset += size;
    block.size -= size;
    if (block.size == 0) chunk.blocks.erase(chunk.blocks.begin() + static_cast<std::ptrdiff_t>(best));
    chunk.peak = std::max(chunk.peak, offset + size);
    return static_cast<Bytes>(in) * kEndless + offset;
  }

  void give(Bytes address, Bytes size) {
    size = padded(size);
    if (size == 0) return;
    std::vector<Block>& blocks = chunks_[static_cast<std::size_t>(address / kEndless)].blocks;
    const Bytes offset = address % kEndless;
    const auto next =
        std::find_if(blocks.begin(), blocks.end(), [&](const Block& b) { return b.offset >= offset; });
    const auto before = next == blocks.begin() ? blocks.end() : next - 1;
    const bool follows = before != blocks.end() && before->offset + before->size == offset;
    const bool leads = next != blocks.end() && offset + size == next->offset;
    if (follows) {
      before->size += size + (leads ? next->size : 0);
      if (leads) blocks.erase(next);
    } else if (leads) {
      next->offset = offset;
      next->size += size;
    } else {
      blocks.insert(next, {offset, size});
    }
  }

  /// Of all chunks together.
  Bytes peak() const {
    Bytes total = 0;
    for (const Chunk& chunk : chunks_) total += chunk.peak;
    return total;
  }
  static Bytes padded(Bytes size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

  static constexpr Bytes kEndless = Bytes{1} << 57;  ///< so that the last of the chunks stays within 64 bits

 private:
  static constexpr std::size_t kMostChunks = 16;
  static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
  struct Block {
    Bytes offset, size;
  };
  struct Chunk {
    std::vector<Block> blocks;
    Bytes peak;
  };
  std::vector<Chunk> chunks_;
  Bytes chunk_;
};

}  // namespace jobfit
