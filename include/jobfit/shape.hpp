// What of a model occupies memory: layers, heads, states, tensors. Made from
// Hyperparameters (catalog entry), a GGUF header or a config.json; the three agree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "jobfit/catalog.hpp"
#include "jobfit/units.hpp"

namespace jobfit {

/// How one layer mixes tokens, and so what it caches.
enum class LayerKind {
  full_attention,      ///< K and V for every position
  sliding_window,      ///< K and V for the window, padded, plus the micro-batch
  latent_attention,    ///< MLA: one latent row for every position
  linear_attention,    ///< gated delta net, KDA: a fixed state
  ssm,                 ///< Mamba, Mamba-2: a fixed state
  short_convolution,   ///< LFM2: a few columns
  none,                ///< no mixer (Nemotron-H MLP or MoE layers)
};

struct Layer {
  LayerKind kind = LayerKind::full_attention;
  int heads = 0, kv_heads = 0;
  int key_length = 0, value_length = 0;   ///< per head
  bool shares_kv = false;                 ///< reads another layer's cache, has none of its own
  bool indexer = false;                   ///< keeps a second, indexer key cache (DSA)
  bool experts = false;                   ///< its feed-forward is a mixture of experts
  int feed_forward = 0;                   ///< hidden width of the dense feed-forward; 0 none
  bool draft = false;                     ///< an MTP (next-n) block: in the file, loaded only when asked
  bool state_too = false;                 ///< attends and keeps an SSM state (Falcon-H1)
  bool operator==(const Layer&) const = default;
};

/// Lengths are elements, not bytes.
struct Shape {
  std::string architecture;               ///< GGUF general.architecture: "qwen35", "gemma4"
  std::vector<Layer> layers;              ///< in order, draft blocks last
  std::int64_t embedding = 0, vocabulary = 0, trained_context = 0;
  int sliding_window = 0;
  bool tied_embeddings = false;
  struct Experts { int count = 0, used = 0, shared = 0, feed_forward = 0, shared_feed_forward = 0; } experts;
  struct Latent { int kv_rank = 0, q_rank = 0, rope = 0, key = 0, value = 0; } latent;
  struct Ssm { int conv = 0, state = 0, groups = 0, inner = 0, time_step_rank = 0; } ssm;
  struct Indexer { int heads = 0, key_length = 0, top_k = 0; } indexer;
  int per_layer_embedding = 0;            ///< Gemma E-models: looked up, not streamed
  Hyperparameters source;                 ///< what it was made from
};

/// Why no shape could be made: an architecture we do not know, or facts that are missing.
struct ShapeRefusal {
  std::string architecture;
  bool unknown_architecture = false;
  std::vector<std::string> missing;       ///< key names
  std::vector<std::string> contradictory; ///< "attention.head_count_kv: -4 is not ..."
};

std::variant<Shape, ShapeRefusal> make_shape(const Hyperparameters& hyperparameters);

/// One tensor, in the file's order.
struct Tensor {
  std::string name;                       ///< GGUF name: "blk.0.attn_q.weight"
  std::vector<std::int64_t> dimensions;   ///< ne[0] first
  std::string type;                       ///< ggml type name: "q4_K", "f32"
  Bytes bytes = 0;
};

/// The weights of one build, tensor by tensor. total = sum over tensors.
struct WeightTable {
  std::vector<Tensor> tensors;
  Bytes total_bytes = 0;
  bool scaled_to_file = false;            ///< sizes were scaled to a published file's size
};

/// The tensors of an architecture, all in F32/BF16 names and dimensions, no types yet.
std::vector<Tensor> tensor_inventory(const Shape& shape);

/// Types as llama.cpp's quantizer gives them for `quantization` ("Q4_K_M", "IQ4_XS", "MXFP4", "F16", "Q4_0" with
/// `qat`: wider embeddings). nullopt: not a mix we know.
std::optional<WeightTable> weights_from_mix(const Shape& shape, std::string_view quantization, bool qat);

/// A GGUF file, header only. `problems` non-empty: nothing else is to be trusted.
struct GgufRead {
  std::string name;                       ///< general.name, neutralised
  std::string quantization;               ///< from general.file_type, or the commonest type
  Hyperparameters hyperparameters;
  WeightTable weights;
  Bytes file_bytes = 0;                   ///< all parts of a split file
  std::vector<Diagnostic> problems;
};
GgufRead read_gguf(const std::string& path);

/// A Hugging Face config.json (nested text_config too) as GGUF metadata keys.
struct ConfigRead {
  Hyperparameters hyperparameters;
  std::vector<Diagnostic> problems;
};
ConfigRead read_config(std::string_view json, const std::string& file);

/// Bytes of `elements` values of a ggml type; nullopt: unknown type, or not a whole number of blocks.
std::optional<Bytes> ggml_bytes(std::string_view type, std::int64_t elements);

}  // namespace jobfit
