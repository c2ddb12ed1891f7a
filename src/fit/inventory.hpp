// The tensors of an architecture, as llama.cpp's loader asks for them.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fit/hparams.hpp"
#include "jobfit/shape.hpp"

namespace jobfit {

/// A model's tensors. It has dozens of blocks and few kinds of them, hundreds of tensors and few names: each
/// kind of block and each name is kept once.
struct TensorList {
  struct Entry {
    std::uint32_t name = 0;  ///< index into names
    std::uint8_t dimensions = 0;
    std::array<std::int64_t, 4> size{1, 1, 1, 1};
    std::int64_t rows() const { return size[1] * size[2] * size[3]; }
  };
  /// Some of the entries, one after the other.
  struct Range {
    std::size_t first = 0, count = 0;
    bool operator==(const Range&) const = default;
  };
  std::vector<std::string> names;  ///< without "blk.N."
  std::vector<Entry> entries;
  Range outside;              ///< the blocks: token table, output layer and the like
  std::vector<Range> blocks;  ///< what each has

  /// How many tensors there are.
  std::size_t size() const;
  /// Calls `with(at, entry, block)` for every tensor: its place in the file, its index into entries and its
  /// block, -1 outside the blocks.
  template <typename With>
  void each(With with) const {
    std::size_t at = 0;
    const auto go = [&](const Range& range, std::int64_t block) {
      for (std::size_t entry = range.first; entry < range.first + range.count; ++entry)
        with(at++, entry, block);
    };
    go(outside, -1);
    for (std::size_t block = 0; block < blocks.size(); ++block)
      go(blocks[block], static_cast<std::int64_t>(block));
  }
  /// As GGUF names it: "blk.0.attn_q.weight".
  std::string full_name(const Entry& entry, std::int64_t block) const;
};

/// Collects tensors: those outside the blocks first, then block by block.
class Inventory {
 public:
  using Dimensions = std::initializer_list<std::int64_t>;
  void add(std::string_view name, Dimensions dimensions);
  /// What was added since the last block, or since the start, is one more block, or lies outside them.
  void close_outside();
  void close_block();
  /// One more block like an earlier one.
  void repeat(std::int64_t block);
  TensorList take() { return std::move(list_); }

 private:
  TensorList::Range since_last();
  TensorList list_;
  std::size_t closed_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> index_;
};

void add_feed_forward(Inventory& out, const Hparams& h, std::int64_t block);
void add_experts(Inventory& out, const Hparams& h, std::int64_t block);
/// The token mixers that keep a state rather than a cache: Mamba, delta nets, convolutions.
/// MLA, with the indexer of those that have one.
void add_latent_attention(Inventory& out, const Hparams& h, std::int64_t block);
/// DeepSeek V4's attention, and the mixing of residual streams.
void add_compressed_attention(Inventory& out, const Hparams& h, std::int64_t block);
void add_hyper_connections(Inventory& out, const Hparams& h, std::int64_t block);
void add_recurrent_mixer(Inventory& out, const Hparams& h, std::int64_t layer);

TensorList inventory_of(const Hparams& h);

/// Whether every tensor, and their sum, is less than 2^62 elements.
bool is_countable(const TensorList& list);

}  // namespace jobfit
