// The worst-case graph of a model: every layer for one micro-batch, as llama.cpp reserves it.
#pragma once

#include "fit/cache.hpp"
#include "fit/graph.hpp"
#include "fit/hparams.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace jobfit {

class ModelGraph {
 public:
  ModelGraph(const Hparams& h, const CacheLayout& layout, const GgmlType& cache_type, std::int64_t sequences);
  /// The graph over the given blocks, in order; the last of them is followed by the output layer.
  Graph build(const std::vector<std::int64_t>& blocks);

 private:
  struct Qkv {
    GraphIndex q, k, v;
  };
  struct CacheInputs {
    GraphIndex k_rows = kNone, v_rows = kNone, mask = kNone, k_rotation = kNone, v_rotation = kNone;
  };

  // Bricks.
  GraphOwner home() const { return {position_, false}; }
  GraphIndex weight(Sizes size) { return g_.weight(size, home()); }
  void enter_block(std::int64_t block, std::size_t position) {
    block_ = block;
    position_ = static_cast<std::int32_t>(position);
  }
  void enter_output_layer() {
    block_ = h_.blocks;
    position_ = blocks_in_graph_;
  }
  GraphIndex norm(GraphIndex x, bool bias = false);
  GraphIndex rms_norm(GraphIndex x, std::int64_t width);
  GraphIndex linear(GraphIndex x, std::int64_t out);
  GraphIndex linear_with_bias(GraphIndex x, std::int64_t out, bool bias);
  GraphIndex scale(GraphIndex x) { return g_.same(x); }
  GraphIndex glu(GraphIndex gate, GraphIndex up) { return g_.like(gate, {up}); }

  // Feed-forward.
  GraphIndex feed_forward(GraphIndex x);
  GraphIndex dense(GraphIndex x, std::int64_t width);
  GraphIndex shared_expert(GraphIndex x);
  GraphIndex experts(GraphIndex x, GraphIndex logits = kNone);
  GraphIndex gemma4_feed_forward(GraphIndex attention_out);
  GraphIndex latent_experts(GraphIndex x);
  GraphIndex situ(GraphIndex gate, GraphIndex up);

  // Attention.
  GraphIndex attention(GraphIndex x);
  GraphIndex latent_attention(GraphIndex x);
  GraphIndex gemma4_attention(GraphIndex x);
  GraphIndex gated_query_attention(GraphIndex x);
  Qkv project(GraphIndex x, bool reshape);
  GraphIndex attend(Qkv qkv, GraphIndex value_up = kNone);
  GraphIndex attend_over(GraphIndex q, GraphIndex k, GraphIndex v, GraphIndex sinks, GraphIndex value_up);
  GraphIndex rotate(GraphIndex x, GraphIndex rotation);
  void make_inputs(CacheInputs& inputs, bool latent);
  bool rotates(std::int64_t width) const { return cache_type_.block_values > 1 && width % 64 == 0; }
  GraphIndex rotation(std::int64_t width);
  GraphIndex mask();
  GraphIndex rope(GraphIndex x) { return g_.rope(x, positions_); }
  std::int64_t cells() const;
  GraphIndex index_scores(GraphIndex x, GraphIndex q_low);
  GraphIndex sparse_mask(GraphIndex chosen, GraphIndex open);
  bool chooses_blocks() const;
  GraphIndex attend_to_blocks(Qkv qkv, GraphIndex x);

  // Several residual streams and compressed keys.
  struct Compressed {  ///< inputs that all layers of one ratio share
    GraphIndex places = kNone, read = kNone, positions = kNone, rows = kNone, keep_from = kNone, keep_to = kNone;
    GraphIndex mask = kNone, rotation = kNone;
  };
  GraphIndex stream_gate(GraphIndex mixes, std::int64_t width);
  GraphIndex add_streams(GraphIndex streams, GraphIndex gate, std::int64_t rows);
  GraphIndex gather_streams(GraphIndex streams, GraphIndex& mixes);
  GraphIndex spread_streams(GraphIndex y, GraphIndex streams, GraphIndex post, GraphIndex mixed);
  GraphIndex mix_streams(GraphIndex mixes);
  GraphIndex compress(GraphIndex x, std::int64_t width, Compressed& inputs);
  GraphIndex compressed_attention(GraphIndex x);
  GraphIndex split_streams(GraphIndex x);
  GraphIndex streams_layer(GraphIndex streams);
  GraphIndex join_streams(GraphIndex streams);
  GraphIndex mix_gated(GraphIndex streams, GraphIndex* inject);
  GraphIndex inject_gated(GraphIndex streams, GraphIndex y, GraphIndex inject);
  GraphIndex look_up_ngrams(GraphIndex streams);
  GraphIndex best_positions(GraphIndex x);
  GraphIndex gated_streams_layer(GraphIndex streams, bool last);
  GraphIndex mix_bank(GraphIndex x);
  GraphIndex banked_layer(GraphIndex x);

  // Recurrent mixers.
  GraphIndex recurrent(GraphIndex x);
  GraphIndex mamba(GraphIndex x);
  GraphIndex mamba2(GraphIndex x);
  GraphIndex gated_delta(GraphIndex x);
  GraphIndex kda(GraphIndex x);
  GraphIndex short_convolution(GraphIndex x);
  GraphIndex rwkv7(GraphIndex x);
  GraphIndex state_rows(GraphIndex states, std::int64_t row,
                        const std::function<GraphIndex(GraphIndex, GraphIndex)>& read);
  GraphIndex state_rows(GraphIndex states, std::int64_t row);

  // Whole layers and the ends.
  GraphIndex embed();
  GraphIndex per_layer_inputs(GraphIndex x);
  GraphIndex layer(GraphIndex x, bool last);
  GraphIndex magnitude(GraphIndex x);
  GraphIndex version(GraphIndex versions);
  GraphIndex modalities(GraphIndex x);
  GraphIndex gemma3n_layer(GraphIndex versions);
  GraphIndex gemma3n_layers(GraphIndex x, const std::vector<std::int64_t>& blocks);
  void finish(GraphIndex x);

  std::size_t at() const { return static_cast<std::size_t>(block_); }
  bool early_outputs() const;

  const Hparams& h_;
  const Architecture& a_;
  const CacheLayout& layout_;
  const GgmlType& cache_type_;
  const std::int64_t sequences_;
  const std::int64_t tokens_;

  Graph g_;
  std::int64_t block_ = 0;
  std::int32_t position_ = 0, blocks_in_graph_ = 0;  // of block_ among those that the graph is built over
  GraphIndex positions_ = kNone, outputs_ = kNone, per_layer_ = kNone, temperature_ = kNone, inputs_ = kNone;
  CacheInputs full_, window_, index_;
  struct BlockInputs {
    GraphIndex places = kNone, open = kNone, near = kNone, blocks = kNone, mask = kNone;
  };
  BlockInputs blocks_;
  Compressed short_spans_, long_spans_, index_spans_;
  GraphIndex ngrams_ = kNone;            // what the n-gram table says of each token
  GraphIndex bank_ = kNone;              // residuals kept by earlier layers
  GraphIndex open_ = kNone;              // a mask in place of the layer's own
  GraphIndex tokens_in_ = kNone;         // token numbers, where they choose experts too
  GraphIndex chosen_ = kNone;            // positions that sparse attention attends to
  bool last_ = false;                    // within the last layer
  GraphIndex state_source_ = kNone, state_main_ = kNone, state_extra_ = kNone;
  GraphIndex first_value_ = kNone;       // RWKV-7's first layer's values
  std::vector<GraphIndex> key_cache_, value_cache_;  // by block, for shared caches
};

}  // namespace jobfit
