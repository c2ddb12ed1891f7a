// Hyperparameters resolved: defaults filled in, one value per layer. The same arithmetic
// as llama.cpp's loader, over the keys of GGUF metadata.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fit/architecture.hpp"
#include "jobfit/shape.hpp"

namespace jobfit {

/// Lengths in elements. Vectors have one entry per block, draft blocks included.
struct Hparams {
  const Architecture* architecture = nullptr;
  std::int64_t blocks = 0;        ///< all, draft blocks included
  std::int64_t draft_blocks = 0;  ///< at the end
  std::int64_t embedding = 0, vocabulary = 0, trained_context = 0;
  bool tied = false;
  std::vector<std::int64_t> heads, kv_heads, feed_forward;
  std::vector<std::int64_t> key_length, value_length;  ///< per head, window layers have their own
  std::vector<std::int64_t> expert_width, experts_used;
  std::vector<char> unturned;  ///< layers without positions; empty: none
  std::vector<char> windowed, recurrent, expert_layer, indexed, shares_kv;
  std::int64_t rotary = 0, rotary_window = 0;

  std::int64_t window = 0;  ///< 0: none
  bool chunked = false;

  std::int64_t experts = 0, shared_experts = 0, shared_width = 0, leading_dense = 0;
  std::int64_t expert_groups = 0, groups_used = 0, latent_experts = 0;
  bool expert_weights_norm = false;
  double expert_weights_scale = 0;
  std::int64_t gating = 0;  ///< llama.cpp's numbers: 0 unsaid, 1 softmax, 2 sigmoid, 3 softmax of the chosen

  bool latent = false;
  std::int64_t kv_rank = 0, q_rank = 0, key_mla = 0, value_mla = 0;
  std::int64_t kv_rank_window = 0, key_mla_window = 0, value_mla_window = 0;  ///< of layers that slide; 0: the same
  std::int64_t indexer_heads = 0, indexer_key = 0, indexer_top_k = 0, indexer_block = 0;

  std::int64_t residual_streams = 1;          ///< more with hyper-connections
  std::vector<std::int64_t> compression;      ///< DeepSeek V4, by block: positions merged to one; 0 none
  std::int64_t stream_rank = 0;               ///< of the streams' gates
  std::int64_t ngram_layer = -1;              ///< where the n-gram table is looked up; -1: there is none
  std::int64_t ngram_width = 0, ngram_rows = 0, ngram_size = 0, ngram_heads = 0, ngram_kernel = 0;
  std::int64_t output_groups = 0, output_rank = 0, hash_layers = 0;
  std::int64_t residual_bank = 0;             ///< layers from one kept residual to the next; 0: none is kept

  std::int64_t conv = 0, inner = 0, state = 0, time_step_rank = 0, groups = 0;
  std::int64_t kda_head = 0, short_convolution = 0, wkv_head = 0;
  std::int64_t token_shift = 2, lora_decay = 0, lora_iclr = 0, lora_value = 0, lora_gate = 0;

  std::int64_t per_layer_embedding = 0, altup = 4, laurel_rank = 64;
  std::int64_t deepstack = 0;
  std::int64_t loops = 1;         ///< how often the layers are gone through, each time with a cache of its own
  bool norm_between_loops = true;
  bool parallel_residual = false; ///< GPT-NeoX: both halves of a layer start from its input
  bool rope_finetuned = false;
  bool scales_embeddings = false, scales_residuals = false, scales_logits = false;

  std::int64_t rank_of(std::size_t i) const { return windowed[i] && kv_rank_window > 0 ? kv_rank_window : kv_rank; }
  std::int64_t latent_key(std::size_t i) const { return windowed[i] && key_mla_window > 0 ? key_mla_window : key_mla; }
  std::int64_t latent_value(std::size_t i) const {
    return windowed[i] && value_mla_window > 0 ? value_mla_window : value_mla;
  }
  std::int64_t trunk() const { return blocks - draft_blocks; }
  /// Elements of the two recurrent rows of one layer and sequence (convolution, state).
  std::int64_t convolution_row() const;
  std::int64_t state_row() const;
};

class HparamsReader;
void read_expert_hparams(Hparams& h, HparamsReader& in);
void read_compressed_hparams(Hparams& h, HparamsReader& in);

/// A refusal says what is missing or contradictory.
std::variant<Hparams, ShapeRefusal> resolve(const Hyperparameters& hyperparameters);
/// For a shape that was made: cannot fail.
Hparams hparams_of(const Shape& shape);

}  // namespace jobfit
