#include "jobfit/shape.hpp"

#include "fit/hparams.hpp"
#include "fit/inventory.hpp"

#include <algorithm>

namespace jobfit {
namespace {

int narrow(std::int64_t value) { return static_cast<int>(value); }  // bounded by the reader

LayerKind kind_of(const Hparams& h, std::size_t i) {
  const Architecture& a = *h.architecture;
  if (h.recurrent[i] && !a.both_mixers) {
    switch (a.recurrence) {
      case Recurrence::short_convolution: return LayerKind::short_convolution;
      case Recurrence::mamba:
      case Recurrence::mamba2: return LayerKind::ssm;
      default: return LayerKind::linear_attention;
    }
  }
  if (h.kv_heads[i] == 0 || h.heads[i] == 0) return LayerKind::none;
  const bool feeds_alone = a.recurrence != Recurrence::none && a.feed_forward_norm == FeedForwardNorm::none;
  if (feeds_alone && h.feed_forward[i] > 0 && static_cast<std::int64_t>(i) < h.trunk()) {
    return LayerKind::none;
  }
  if (h.latent) return LayerKind::latent_attention;
  return h.windowed[i] ? LayerKind::sliding_window : LayerKind::full_attention;
}

}  // namespace

std::variant<Shape, ShapeRefusal> make_shape(const Hyperparameters& hyperparameters) {
  auto resolved = resolve(hyperparameters);
  if (auto* refusal = std::get_if<ShapeRefusal>(&resolved)) return std::move(*refusal);
  const Hparams& h = std::get<Hparams>(resolved);
  const Architecture& a = *h.architecture;

  Shape shape;
  shape.architecture = a.name;
  shape.embedding = h.embedding;
  shape.vocabulary = h.vocabulary;
  shape.trained_context = h.trained_context;
  shape.sliding_window = narrow(h.window);
  shape.tied_embeddings = h.tied;
  shape.per_layer_embedding = narrow(h.per_layer_embedding);
  const std::int64_t used = *std::max_element(h.experts_used.begin(), h.experts_used.end());
  const std::int64_t width = *std::max_element(h.expert_width.begin(), h.expert_width.end());
  if (h.experts > 0) {
    shape.experts = {narrow(h.experts), narrow(used), narrow(h.shared_experts), narrow(width),
                     narrow(h.shared_width)};
  }
  shape.latent = {narrow(h.kv_rank), narrow(h.q_rank), h.kv_rank > 0 ? narrow(h.rotary) : 0,
                  narrow(h.key_mla), narrow(h.value_mla)};
  shape.ssm = {narrow(h.conv), narrow(h.state), narrow(h.groups), narrow(h.inner), narrow(h.time_step_rank)};
  shape.indexer = {narrow(h.indexer_heads), narrow(h.indexer_key), narrow(h.indexer_top_k)};
  shape.source = hyperparameters;

  shape.layers.reserve(static_cast<std::size_t>(h.blocks));
  for (std::size_t i = 0; i < static_cast<std::size_t>(h.blocks); ++i) {
    Layer layer;
    layer.kind = kind_of(h, i);
    const bool attends = layer.kind == LayerKind::full_attention ||
                         layer.kind == LayerKind::sliding_window || layer.kind == LayerKind::latent_attention;
    if (attends) {
      layer.heads = narrow(h.heads[i]);
      layer.kv_heads = narrow(h.kv_heads[i]);
      layer.key_length = narrow(h.key_length[i]);
      layer.value_length = narrow(h.value_length[i]);
    }
    layer.shares_kv = attends && h.shares_kv[i];
    layer.indexer = h.indexed[i];
    layer.experts = h.expert_layer[i];
    const bool dense_beside_experts = a.name == "gemma4";
    const bool mixer_alone = a.recurrence != Recurrence::none &&
                             a.feed_forward_norm == FeedForwardNorm::none && layer.kind != LayerKind::none;
    if ((!layer.experts || dense_beside_experts) && !mixer_alone) {
      layer.feed_forward = narrow(h.feed_forward[i]);
    }
    layer.draft = static_cast<std::int64_t>(i) >= h.trunk();
    layer.state_too = a.both_mixers;
    shape.layers.push_back(layer);
  }

  if (!is_countable(inventory_of(h))) {
    ShapeRefusal refusal;
    refusal.architecture = shape.architecture;
    refusal.contradictory.push_back("the tensors multiply past 64 bits");
    return refusal;
  }
  return shape;
}

}  // namespace jobfit
