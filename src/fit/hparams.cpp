#include "fit/hparams.hpp"

#include "fit/hparams_reader.hpp"

#include <algorithm>
#include <cassert>

namespace jobfit {
namespace {

constexpr std::int64_t kMaxBlocks = 512;      // llama.cpp's own limit
constexpr std::int64_t kMaxHeads = 65536;

using Reader = HparamsReader;

void read_heads(Hparams& h, Reader& in) {
  const Architecture& a = *h.architecture;
  const auto count = static_cast<std::size_t>(h.blocks);
  const bool attends = !a.all_recurrent;
  const auto heads = in.per_layer("attention.head_count", h.blocks, kMaxHeads);
  if (!heads && attends && !in.has("attention.head_count")) in.missing("attention.head_count");
  h.heads = heads.value_or(std::vector<std::int64_t>(count, 0));
  h.kv_heads = in.per_layer("attention.head_count_kv", h.blocks, kMaxHeads).value_or(h.heads);
  h.feed_forward = in.per_layer("feed_forward_length", h.blocks, std::int64_t{1} << 24)
                       .value_or(std::vector<std::int64_t>(count, 0));

  const std::int64_t most = *std::max_element(h.heads.begin(), h.heads.end());
  const std::int64_t usual = h.heads[0] > 0 ? h.embedding / h.heads[0] : (most > 0 ? h.embedding / most : 0);
  const std::int64_t key = most > 0 ? in.integer("attention.key_length", usual, kMaxHeads) : 0;
  const std::int64_t value = most > 0 ? in.integer("attention.value_length", usual, kMaxHeads) : 0;
  if (attends && heads && (key == 0 || value == 0)) {
    in.contradict("attention.head_count", "leaves heads of no width");
  }
  h.rotary = in.integer("rope.dimension_count", key, kMaxHeads);
  h.rotary_window = in.integer("rope.dimension_count_swa", h.rotary, kMaxHeads);
  const std::int64_t key_window = in.integer("attention.key_length_swa", key, kMaxHeads);
  const std::int64_t value_window = in.integer("attention.value_length_swa", value, kMaxHeads);
  h.key_length.assign(count, key);
  h.value_length.assign(count, value);
  for (std::size_t i = 0; i < count; ++i) {
    if (!h.windowed[i]) continue;
    h.key_length[i] = key_window;
    h.value_length[i] = value_window;
  }
}

void read_window(Hparams& h, Reader& in) {
  const Architecture& a = *h.architecture;
  h.windowed.assign(static_cast<std::size_t>(h.blocks), 0);
  if (a.compressed) {  // every layer slides; what left the window lives on compressed
    h.window = in.required("attention.sliding_window", 1);
    h.windowed.assign(static_cast<std::size_t>(h.blocks), 1);
    return;
  }
  const bool can_slide = a.window_pattern > 0 || a.window_list_required || a.name == "lfm2";
  if (!can_slide) return;
  const std::string_view key = "attention.sliding_window";
  h.window = in.integer(key, a.window_default);
  if (a.chunked) {
    if (in.has(key) && h.window == 0) return;
    h.window = a.window_default;
    h.chunked = true;
  }
  if (a.name == "exaone4" && h.trunk() != 64) return;  // the 1.2B attends fully whatever the file says
  if (h.window == 0) {
    if (!a.window_optional && a.name != "lfm2" && !in.has(key)) in.missing(key);
    return;
  }
  if (a.name == "lfm2") return;  // set with the recurrent layers
  if (const auto list = in.list("attention.sliding_window_pattern", h.trunk(), h.blocks)) {
    for (std::size_t i = 0; i < list->size(); ++i) h.windowed[i] = (*list)[i] != 0;
    return;
  }
  if (a.window_list_required) {
    in.missing("attention.sliding_window_pattern");
    return;
  }
  const std::int64_t every = in.integer("attention.sliding_window_pattern", a.window_pattern);
  for (std::int64_t i = 0; i < h.trunk(); ++i) {
    const bool slides = every == 0 || (a.window_dense_first ? i % every != 0 : i % every < every - 1);
    h.windowed[static_cast<std::size_t>(i)] = slides;
  }
}

void read_recurrence(Hparams& h, Reader& in) {
  const Architecture& a = *h.architecture;
  h.recurrent.assign(static_cast<std::size_t>(h.blocks), a.all_recurrent || a.both_mixers);
  if (a.recurrence == Recurrence::none) return;
  const auto trunk = static_cast<std::size_t>(h.trunk());
  if (a.recurrent_by_interval) {
    const auto listed = in.list("attention.recurrent_layers", h.trunk(), h.blocks);
    const std::int64_t every = in.integer("full_attention_interval", 4);
    for (std::size_t i = 0; i < trunk; ++i) {
      h.recurrent[i] = listed ? (*listed)[i] != 0
                              : every > 0 && (static_cast<std::int64_t>(i) + 1) % every != 0;
    }
  } else if (!a.all_recurrent && !a.both_mixers) {
    if (!in.has("attention.head_count_kv")) in.missing("attention.head_count_kv");
    const bool feeds_alone = a.feed_forward_norm == FeedForwardNorm::none;  // Nemotron-H: one thing per layer
    for (std::size_t i = 0; i < trunk; ++i) {
      h.recurrent[i] = h.kv_heads[i] == 0 && !(feeds_alone && h.feed_forward[i] > 0);
    }
  }
  if (std::none_of(h.recurrent.begin(), h.recurrent.end(), [](char r) { return r != 0; })) return;
  switch (a.recurrence) {
    case Recurrence::short_convolution:
      h.short_convolution = in.required("shortconv.l_cache", 2, 64);
      if (a.name == "lfm2" && h.window > 0) {
        for (std::size_t i = 0; i < trunk; ++i) h.windowed[i] = !h.recurrent[i];
      }
      break;
    case Recurrence::rwkv7:
      h.wkv_head = in.required("wkv.head_size", 1, 4096);
      h.token_shift = in.integer("token_shift_count", 2, 16);
      h.lora_decay = in.required("attention.decay_lora_rank", 1);
      h.lora_iclr = in.required("attention.iclr_lora_rank", 1);
      h.lora_value = in.required("attention.value_residual_mix_lora_rank", 1);
      h.lora_gate = in.integer("attention.gate_lora_rank", 0);
      break;
    case Recurrence::kda:
      h.kda_head = in.required("kda.head_dim", 1, 4096);
      h.conv = in.required("ssm.conv_kernel", 2, 64);
      break;
    default:
      h.conv = in.required("ssm.conv_kernel", 2, 64);
      h.inner = in.required("ssm.inner_size", 1, std::int64_t{1} << 20);
      h.state = in.required("ssm.state_size", 1, 65536);
      h.time_step_rank = in.required("ssm.time_step_rank", 1, 65536);
      h.groups = a.recurrence == Recurrence::mamba ? in.integer("ssm.group_count", 0, 65536)
                                                   : in.required("ssm.group_count", 1, 65536);
  }
}

void read_latent(Hparams& h, Reader& in) {
  const Architecture& a = *h.architecture;
  h.indexed.assign(static_cast<std::size_t>(h.blocks), 0);
  if (a.latent == LatentUse::never) return;
  h.kv_rank = in.required("attention.kv_lora_rank", 1, 65536);
  h.q_rank = in.integer("attention.q_lora_rank", 0, 65536);
  h.key_mla = in.integer("attention.key_length_mla", 0, kMaxHeads);
  h.value_mla = in.integer("attention.value_length_mla", 0, kMaxHeads);
  if (a.name == "dots3note") {
    h.kv_rank_window = in.required("attention.kv_lora_rank_swa", 1, 65536);
    h.key_mla_window = in.required("attention.key_length_mla_swa", 1, kMaxHeads);
    h.value_mla_window = in.required("attention.value_length_mla_swa", 1, kMaxHeads);
    for (std::int64_t i = h.trunk(); i < h.blocks; ++i) h.windowed[static_cast<std::size_t>(i)] = 1;
  }
  h.latent = h.key_mla > 0 && h.value_mla > 0;
  if (a.latent == LatentUse::always) {
    if (h.key_mla == 0) in.missing("attention.key_length_mla");
    if (h.value_mla == 0) in.missing("attention.value_length_mla");
  }
  if (!a.indexer || (a.name == "hy_v4" && in.integer("attention.indexer.top_k", 0) == 0)) return;
  h.indexer_heads = in.required("attention.indexer.head_count", 1, kMaxHeads);
  h.indexer_key = in.required("attention.indexer.key_length", 1, kMaxHeads);
  h.indexer_top_k = in.required("attention.indexer.top_k", 1);
  const auto types = in.list("attention.indexer.types", h.trunk(), h.blocks);
  for (std::int64_t i = 0; i < h.trunk(); ++i) {
    bool full = true;
    if (types) {
      full = (*types)[static_cast<std::size_t>(i)] != 0;
    } else if (a.name == "dots3note") {
      full = !h.windowed[static_cast<std::size_t>(i)];
    } else if (a.name == "glm-dsa" && h.trained_context >= 1048576) {
      full = i < 3 || i % 4 == 2;  // what GLM 5.2 has where the file does not list it
    }
    h.indexed[static_cast<std::size_t>(i)] = full;
  }
}

void read_rest(Hparams& h, Reader& in) {
  const Architecture& a = *h.architecture;
  const auto count = static_cast<std::size_t>(h.blocks);
  h.shares_kv.assign(count, 0);
  std::int64_t shared = 0;
  if (a.name == "gemma4") shared = in.integer("attention.shared_kv_layers", 0, h.blocks);
  if (a.name == "gemma3n")
    shared = std::max<std::int64_t>(0, h.blocks - 20);  // llama.cpp fixes 20 of its own
  for (std::int64_t i = h.blocks - shared; i < h.blocks; ++i) h.shares_kv[static_cast<std::size_t>(i)] = 1;
  if (!a.gated_streams) h.per_layer_embedding = in.integer("embedding_length_per_layer_input", a.name == "gemma3n" ? 256 : 0);
  if (a.name == "nanbeige") {
    h.loops = in.integer("num_loops", 1, 64);
    if (h.loops < 1 || h.loops * h.blocks > kMaxBlocks) in.contradict("num_loops", "makes too many layers, or none");
    h.norm_between_loops = !in.flag("skip_loop_final_norm", false);
  }
  if (const auto turned = in.list("attention.rope_pattern", h.trunk(), h.blocks); turned && a.name == "granite_swa") {
    for (const std::int64_t turns : *turned) h.unturned.push_back(turns == 0);
    h.unturned.resize(count, 0);
  }
  if (a.name == "smollm3")  // llama.cpp fixes every fourth
    for (std::size_t i = 0; i < count; ++i) h.unturned.push_back((i + 1) % 4 == 0);
  if (a.name == "gptneox") h.parallel_residual = in.flag("use_parallel_residual", true);
  if (a.name == "qwen") {  // its files count gate and value together
    for (std::int64_t& width : h.feed_forward) width /= 2;
  }
  h.deepstack = in.integer("n_deepstack_layers", 0, 64);
  h.rope_finetuned = in.flag("rope.scaling.finetuned", true);
  const bool scales =
      a.name.starts_with("gemma") || a.name == "grok" || a.name.starts_with("minicpm") || a.name == "afmoe";
  h.scales_embeddings = scales || in.real("embedding_scale", 0) != 0;
  h.scales_residuals = a.name.starts_with("minicpm") || in.real("residual_scale", 0) != 0;
  h.scales_logits = a.name == "grok" || a.name.starts_with("minicpm") || in.real("logit_scale", 0) != 0;
  h.tied = a.always_tied || in.flag("tie_word_embeddings", false);
  const bool feeds = !a.all_recurrent && a.expert_layers != ExpertLayers::where_feed_forward;
  for (std::size_t i = 0; feeds && i < count; ++i) {
    const bool one_thing = a.feed_forward_norm == FeedForwardNorm::none && a.recurrence != Recurrence::none;
    if (h.expert_layer[i] || one_thing || h.feed_forward[i] > 0) continue;
    in.missing("feed_forward_length");
  }
}

}  // namespace

std::int64_t Hparams::convolution_row() const {
  if (wkv_head != 0) return token_shift * embedding;
  if (short_convolution != 0) return embedding * (short_convolution - 1);
  if (kda_head != 0) return 3 * (conv - 1) * heads[0] * kda_head;
  return (conv > 0 ? conv - 1 : 0) * (inner + 2 * groups * state);
}

std::int64_t Hparams::state_row() const {
  if (wkv_head != 0) return embedding * wkv_head;
  if (kda_head != 0) return kda_head * kda_head * heads[0];
  return state * inner;
}

std::variant<Hparams, ShapeRefusal> resolve(const Hyperparameters& values) {
  ShapeRefusal refusal;
  Reader in(values, refusal);
  if (!in.has("architecture")) {
    in.missing("architecture");
    return refusal;
  }
  refusal.architecture = in.text("architecture", "");
  Hparams h;
  h.architecture = find_architecture(refusal.architecture);
  if (!h.architecture) {
    refusal.unknown_architecture = true;
    return refusal;
  }
  h.blocks = in.required("block_count", 1, kMaxBlocks);
  h.embedding = in.required("embedding_length", 1, std::int64_t{1} << 18);
  h.vocabulary = in.required("vocab_size", 1, std::int64_t{1} << 24);
  h.trained_context = in.required("context_length", 1, std::int64_t{1} << 40);
  if (h.architecture->draft_blocks) h.draft_blocks = in.integer("nextn_predict_layers", 0, kMaxBlocks);
  if (h.draft_blocks >= h.blocks) {
    in.contradict("nextn_predict_layers", "leaves no layers but draft blocks");
    h.draft_blocks = 0;
  }
  read_window(h, in);
  read_heads(h, in);
  read_recurrence(h, in);
  read_expert_hparams(h, in);
  read_latent(h, in);
  read_compressed_hparams(h, in);
  read_rest(h, in);
  if (!refusal.missing.empty() || !refusal.contradictory.empty()) return refusal;
  return h;
}

Hparams hparams_of(const Shape& shape) {
  auto resolved = resolve(shape.source);
  assert(std::holds_alternative<Hparams>(resolved));
  return std::get<Hparams>(std::move(resolved));
}

}  // namespace jobfit
