// A computation graph without data: shapes, views and who reads whom. Built by the same steps as
// llama.cpp's, so that the allocator's peak can be followed without allocating anything.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include "fit/ggml_types.hpp"
#include "jobfit/units.hpp"

namespace jobfit {

using GraphIndex = std::int32_t;
inline constexpr GraphIndex kNone = -1;
using Sizes = std::array<std::int64_t, 4>;

/// Whose memory a weight or a cache lies in: that of the graph's Nth block, one more for the output layer, or
/// RAM wherever the blocks lie. Which backend that is, a placement says.
struct GraphOwner {
  std::int32_t block = -1;  ///< -1: RAM
  bool experts = false;     ///< routed experts, which may stay in RAM on their own
};

enum class GraphOp : std::uint8_t {
  none,      ///< a leaf: weight, cache or input
  view,      ///< reshape, view, permute, transpose: no bytes of its own, no backend of its own
  compute,   ///< anything else
};

struct GraphTensor {
  const GgmlType* type = nullptr;
  Sizes size{1, 1, 1, 1}, stride{0, 0, 0, 0};  ///< elements; bytes
  std::array<GraphIndex, 8> sources{kNone, kNone, kNone, kNone, kNone, kNone, kNone, kNone};
  GraphIndex view_of = kNone;                  ///< the tensor whose memory this is
  GraphOp op = GraphOp::none;
  bool in_place = false;                       ///< may take over the memory of a source
  bool input = false, output = false;
  bool external = false;                       ///< has memory already: a weight or a cache
  bool weight = false;
  bool steers = true;                          ///< runs where its weights lie (not RoPE, not flash attention)
  std::int64_t rows = 0;                       ///< worked on at once: many are worth a GPU's while
  GraphOwner owner;                            ///< of an external tensor

  Bytes bytes() const;
};
/// Strides of a tensor without gaps, from its type and size.
void lay_out(GraphTensor& tensor);

class Graph {
 public:
  Graph() { tensors_.reserve(2048); }

  /// A vector in floats, or a matrix: what that is held in is told later (flat_graph.hpp), where it matters.
  GraphIndex weight(Sizes size, GraphOwner owner);
  GraphIndex cache(const GgmlType& type, Sizes size, GraphOwner owner);
  GraphIndex input(const char* type, Sizes size);
  /// Memory without contents: what is filled in place.
  GraphIndex leaf(const char* type, Sizes size);

  // Views.
  GraphIndex reshape(GraphIndex a, Sizes size);
  GraphIndex view(GraphIndex a, Sizes size, std::array<std::int64_t, 3> strides);
  GraphIndex permute(GraphIndex a, int x, int y, int z, int w);
  GraphIndex transpose(GraphIndex a) { return permute(a, 1, 0, 2, 3); }

  // Operations with a result of their own.
  GraphIndex mul_mat(GraphIndex a, GraphIndex b);
  GraphIndex mul_mat_id(GraphIndex experts, GraphIndex b, GraphIndex chosen);
  /// Same shape as `a`; may work in place.
  GraphIndex same(GraphIndex a, std::initializer_list<GraphIndex> others = {});
  /// Same shape as `a`; never in place.
  GraphIndex like(GraphIndex a, std::initializer_list<GraphIndex> others = {});
  GraphIndex rope(GraphIndex a, GraphIndex positions, GraphIndex factors = kNone);
  GraphIndex get_rows(GraphIndex a, GraphIndex rows);
  /// Writes into `to`, whose memory it is.
  GraphIndex write(GraphIndex to, std::initializer_list<GraphIndex> from);
  GraphIndex contiguous(GraphIndex a, Sizes size);
  GraphIndex contiguous(GraphIndex a) { return contiguous(a, at(a).size); }
  GraphIndex fresh(const char* type, Sizes size, std::initializer_list<GraphIndex> sources);
  GraphIndex flash_attention(GraphIndex q, GraphIndex k, GraphIndex v, GraphIndex mask, GraphIndex sinks);

  GraphIndex add(GraphIndex a, GraphIndex b) { return same(a, {b}); }
  GraphIndex mul(GraphIndex a, GraphIndex b) { return same(a, {b}); }

  /// Adds `t` and whatever it needs to the order of evaluation.
  void expand(GraphIndex t);
  void mark_output(GraphIndex t) { at(t).output = true; }

  GraphTensor& at(GraphIndex i) { return tensors_[static_cast<std::size_t>(i)]; }
  const GraphTensor& at(GraphIndex i) const { return tensors_[static_cast<std::size_t>(i)]; }
  GraphIndex push(const GraphTensor& tensor);
  std::size_t size() const { return tensors_.size(); }
  const std::vector<GraphIndex>& nodes() const { return nodes_; }
  const std::vector<GraphIndex>& leafs() const { return leafs_; }

 private:
  GraphTensor made(const GgmlType* type, Sizes size) const;
  GraphIndex view_from(GraphIndex a, GraphTensor& view);
  std::vector<GraphTensor> tensors_;
  std::vector<GraphIndex> nodes_, leafs_;
  std::vector<char> seen_;
  struct Step {
    GraphIndex tensor;
    std::size_t next;
  };
  std::vector<Step> steps_;
};

}  // namespace jobfit
