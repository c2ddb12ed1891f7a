#include "fit/architecture.hpp"

#include <algorithm>
#include <array>

namespace jobfit {
namespace {

using F = FeedForward;
using N = FeedForwardNorm;
using Q = QkNorm;
using R = Recurrence;
using S = SharedExperts;
using W = ExpertWidth;
using L = ExpertLayers;
using A = Activation;
using G = AttentionGate;

// Facts read off llama.cpp v0.5.0's model definitions: which tensors each loads, which norms each applies.
const std::array<Architecture, 84> kArchitectures = {{
    // Llama and its likes.
    {.name = "llama", .expert_width = W::feed_forward},
    {.name = "llama4", .expert_layers = L::interleaved, .shared = S::same, .window_pattern = 4,
     .window_default = 8192, .chunked = true},
    {.name = "deci"},
    {.name = "arcee", .feed_forward = F::plain, .activation = A::relu_squared},
    {.name = "mistral3", .expert_width = W::feed_forward},
    {.name = "mistral4", .latent = LatentUse::when_given, .expert_layers = L::after_dense,
     .shared = S::count, .selection_bias = true, .draft_blocks = true},
    {.name = "smollm3"},
    {.name = "seed_oss", .feed_forward_norm = N::post_attention, .qkv_bias = true},
    {.name = "internlm2"},
    {.name = "minicpm", .expert_width = W::feed_forward},
    {.name = "granite", .expert_width = W::feed_forward, .shared = S::width},
    {.name = "granitemoe", .expert_width = W::feed_forward, .shared = S::width},
    {.name = "apertus", .qk_norm = Q::per_head, .feed_forward = F::plain, .activation = A::other},
    {.name = "maincoder", .qk_norm = Q::per_head},
    {.name = "pangu-embedded", .qkv_bias = true, .attention_output_bias = true},

    // Qwen.
    {.name = "qwen2", .qkv_bias = true},
    {.name = "qwen2vl", .qkv_bias = true},
    {.name = "qwen2moe", .qkv_bias = true, .expert_width = W::own_or_share, .shared = S::width_or_dense,
     .shared_gate = true},
    {.name = "qwen3", .qk_norm = Q::per_head},
    {.name = "qwen3vl", .qk_norm = Q::per_head},
    {.name = "qwen3moe", .qk_norm = Q::per_head, .expert_width = W::own_or_share},
    {.name = "qwen3vlmoe", .qk_norm = Q::per_head, .expert_width = W::own_or_share},
    {.name = "qwen3next", .feed_forward_norm = N::post_attention, .qk_norm = Q::per_head, .gate = G::in_query,
     .expert_width = W::own_or_share, .shared = S::width_or_dense, .shared_gate = true,
     .recurrence = R::gated_delta, .recurrent_by_interval = true, .draft_blocks = true},
    {.name = "qwen35", .feed_forward_norm = N::post_attention, .qk_norm = Q::per_head, .gate = G::in_query,
     .recurrence = R::gated_delta, .recurrent_by_interval = true, .draft_blocks = true},
    {.name = "qwen35moe", .feed_forward_norm = N::post_attention, .qk_norm = Q::per_head, .gate = G::in_query,
     .expert_width = W::own_or_share, .shared = S::width_or_dense, .shared_gate = true,
     .recurrence = R::gated_delta, .recurrent_by_interval = true, .draft_blocks = true},
    {.name = "mellum", .qk_norm = Q::per_head, .expert_width = W::own_or_share, .window_pattern = 4,
     .window_optional = true},

    // Gemma.
    {.name = "gemma", .activation = A::gelu, .always_tied = true},
    {.name = "gemma2", .post_attention_norm = true, .post_feed_forward_norm = true, .soft_cap = true,
     .activation = A::gelu, .window_pattern = 2, .window_default = 4096, .always_tied = true},
    {.name = "gemma3", .post_attention_norm = true, .post_feed_forward_norm = true, .qk_norm = Q::per_head,
     .activation = A::gelu, .window_pattern = 6, .window_optional = true},
    {.name = "gemma3n", .post_attention_norm = true, .post_feed_forward_norm = true, .qk_norm = Q::per_head,
     .activation = A::gelu, .window_pattern = 5},
    {.name = "gemma4", .post_attention_norm = true, .post_feed_forward_norm = true, .qk_norm = Q::per_head,
     .activation = A::gelu, .expert_width = W::own, .merged_gate_up = true, .window_list_required = true},

    // Phi, StarCoder, StableLM and other LayerNorm models.
    {.name = "phi2", .feed_forward_norm = N::none, .layer_norm = true, .norm_bias = true, .qkv_bias = true,
     .attention_output_bias = true, .fused_qkv = true, .feed_forward = F::plain, .activation = A::gelu,
     .feed_forward_bias = true, .parallel = true, .output_bias = true, .output_norm_bias = true},
    {.name = "phi3", .fused_qkv = true, .feed_forward = F::fused},
    {.name = "phimoe", .layer_norm = true, .norm_bias = true, .qkv_bias = true, .attention_output_bias = true,
     .expert_width = W::feed_forward, .output_bias = true, .output_norm_bias = true},
    {.name = "starcoder2", .layer_norm = true, .norm_bias = true, .qkv_bias = true,
     .attention_output_bias = true, .feed_forward = F::plain, .activation = A::gelu,
     .feed_forward_bias = true, .output_norm_bias = true},
    {.name = "stablelm", .layer_norm = true, .norm_bias = true, .output_norm_bias = true},
    {.name = "nemotron", .layer_norm = true, .norm_bias = true, .feed_forward = F::plain,
     .activation = A::relu_squared, .output_norm_bias = true},
    {.name = "command-r", .feed_forward_norm = N::none, .layer_norm = true, .parallel = true,
     .always_tied = true},
    {.name = "cohere2", .feed_forward_norm = N::none, .layer_norm = true, .parallel = true,
     .window_pattern = 4, .always_tied = true},
    {.name = "cohere2moe", .feed_forward_norm = N::none, .layer_norm = true, .parallel = true,
     .expert_layers = L::after_dense, .shared = S::count, .window_pattern = 4, .window_dense_first = true,
     .draft_blocks = true},
    {.name = "dbrx", .layer_norm = true, .fused_qkv = true, .expert_width = W::feed_forward},

    // OLMo, EXAONE: norms after, not before.
    {.name = "olmo2", .attention_norm = false, .feed_forward_norm = N::none, .post_attention_norm = true,
     .post_feed_forward_norm = true, .qk_norm = Q::whole, .window_pattern = 4, .window_optional = true},
    {.name = "olmoe", .qk_norm = Q::whole, .expert_width = W::feed_forward},
    {.name = "exaone4", .attention_norm = false, .feed_forward_norm = N::none, .post_attention_norm = true,
     .post_feed_forward_norm = true, .qk_norm = Q::per_head, .window_pattern = 4, .window_optional = true,
     .draft_blocks = true},
    {.name = "exaone-moe", .qk_norm = Q::per_head, .expert_layers = L::after_dense, .shared = S::width,
     .selection_bias = true, .window_pattern = 4, .window_default = 128, .draft_blocks = true},

    // GLM.
    {.name = "glm4", .post_attention_norm = true, .post_feed_forward_norm = true, .feed_forward = F::fused,
     .draft_blocks = true},
    {.name = "glm4moe", .feed_forward_norm = N::post_attention, .qkv_bias = true,
     .expert_layers = L::after_dense, .expert_width = W::own_or_share, .shared = S::count,
     .selection_bias = true, .draft_blocks = true},
    {.name = "glm-dsa", .latent = LatentUse::always, .indexer = true, .expert_layers = L::after_dense,
     .shared = S::count, .selection_bias = true, .draft_blocks = true},

    // DeepSeek, Kimi.
    {.name = "deepseek2", .latent = LatentUse::when_given, .expert_layers = L::after_dense,
     .shared = S::count, .draft_blocks = true},
    {.name = "deepseek32", .latent = LatentUse::always, .indexer = true, .expert_layers = L::after_dense,
     .shared = S::count, .selection_bias = true, .draft_blocks = true},
    {.name = "kimi-linear", .latent = LatentUse::always, .expert_layers = L::after_dense, .shared = S::count,
     .selection_bias = true, .recurrence = R::kda},

    // Other mixtures of experts.
    {.name = "gpt-oss", .feed_forward_norm = N::post_attention, .qkv_bias = true,
     .attention_output_bias = true, .sinks = true, .activation = A::swiglu_oai, .router_bias = true,
     .expert_bias = true, .window_pattern = 2},
    {.name = "minimax-m2", .qk_norm = Q::whole, .expert_width = W::feed_forward, .selection_bias = true},
    {.name = "ernie4_5"},
    {.name = "ernie4_5-moe", .expert_layers = L::after_dense, .shared = S::width, .selection_bias = true},
    {.name = "hunyuan-dense", .qk_norm = Q::per_head},
    {.name = "hunyuan_vl", .qk_norm = Q::per_head},
    {.name = "hunyuan-moe", .qk_norm = Q::per_head, .expert_width = W::feed_forward,
     .shared = S::width_or_dense},
    {.name = "hy_v3", .qk_norm = Q::per_head, .expert_layers = L::after_dense,
     .expert_width = W::own_or_share, .shared = S::width, .selection_bias = true, .draft_blocks = true},
    {.name = "bailingmoe", .shared = S::count},
    {.name = "bailingmoe2", .qk_norm = Q::per_head, .fused_qkv = true, .expert_layers = L::after_dense,
     .shared = S::count, .selection_bias = true, .draft_blocks = true},
    {.name = "dots1", .qk_norm = Q::per_head, .expert_layers = L::after_dense, .shared = S::count,
     .selection_bias = true},
    {.name = "afmoe", .post_attention_norm = true, .post_feed_forward_norm = true, .qk_norm = Q::per_head,
     .gate = G::per_element, .expert_layers = L::after_dense, .shared = S::count, .selection_bias = true,
     .window_pattern = 4, .window_optional = true},
    {.name = "laguna", .qk_norm = Q::per_head, .gate = G::per_head, .expert_layers = L::after_dense,
     .shared = S::width, .selection_bias = true, .window_pattern = 4, .window_dense_first = true,
     .window_optional = true},
    {.name = "grok", .post_attention_norm = true, .post_feed_forward_norm = true,
     .activation = A::gelu, .expert_width = W::own_or_share},
    {.name = "mimo2", .sinks = true, .expert_layers = L::as_listed, .selection_bias = true,
     .window_list_required = true, .draft_blocks = true},
    {.name = "step35", .qk_norm = Q::per_head, .gate = G::per_head, .expert_layers = L::as_listed,
     .shared = S::width, .selection_bias = true, .window_list_required = true, .draft_blocks = true},
    {.name = "spark2_5", .gate = G::per_head, .window_list_required = true},
    {.name = "maple", .qk_norm = Q::per_head, .window_list_required = true},

    // Hybrids and state-space models.
    {.name = "granitehybrid", .expert_width = W::feed_forward, .shared = S::width, .recurrence = R::mamba2},
    {.name = "nemotron_h", .feed_forward_norm = N::none, .feed_forward = F::plain,
     .activation = A::relu_squared, .recurrence = R::mamba2, .draft_blocks = true},
    {.name = "nemotron_h_moe", .feed_forward_norm = N::none, .feed_forward = F::plain,
     .activation = A::relu_squared, .expert_layers = L::where_feed_forward, .expert_width = W::own_or_share,
     .shared = S::width, .selection_bias = true, .ungated_experts = true, .recurrence = R::mamba2,
     .draft_blocks = true},
    {.name = "lfm2", .qk_norm = Q::per_head, .recurrence = R::short_convolution,
     .output_norm = "token_embd_norm"},
    {.name = "lfm2moe", .qk_norm = Q::per_head, .expert_layers = L::after_dense, .selection_bias = true,
     .recurrence = R::short_convolution, .output_norm = "token_embd_norm"},
    {.name = "falcon-h1", .recurrence = R::mamba2, .both_mixers = true},
    {.name = "jamba", .expert_layers = L::as_listed, .expert_width = W::feed_forward, .recurrence = R::mamba},
    {.name = "plamo2", .post_attention_norm = true, .post_feed_forward_norm = true, .qk_norm = Q::per_head,
     .fused_qkv = true, .feed_forward = F::fused, .recurrence = R::mamba},
    {.name = "mamba", .feed_forward_norm = N::none, .recurrence = R::mamba, .all_recurrent = true},
    {.name = "mamba2", .feed_forward_norm = N::none, .recurrence = R::mamba2, .all_recurrent = true},
    {.name = "rwkv7", .layer_norm = true, .norm_bias = true, .recurrence = R::rwkv7, .all_recurrent = true,
     .output_norm_bias = true},
    {.name = "plamo3", .post_attention_norm = true, .post_feed_forward_norm = true, .qk_norm = Q::per_head,
     .fused_qkv = true, .feed_forward = F::fused, .window_pattern = 8, .window_optional = true},
    {.name = "gemma-embedding", .post_attention_norm = true, .post_feed_forward_norm = true,
     .qk_norm = Q::per_head, .activation = A::gelu, .window_pattern = 6},
    {.name = "olmo", .attention_norm = false, .feed_forward_norm = N::none, .layer_norm = true},
    {.name = "baichuan"},
}};

}  // namespace

const Architecture* find_architecture(std::string_view name) {
  const auto found = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                  [&](const Architecture& a) { return a.name == name; });
  return found == kArchitectures.end() ? nullptr : &*found;
}

std::vector<std::string> known_architectures() {
  std::vector<std::string> names;
  for (const Architecture& a : kArchitectures) names.emplace_back(a.name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace jobfit
