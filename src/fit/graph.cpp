#include "fit/graph.hpp"

#include <cassert>

namespace jobfit {
namespace {

void set_sources(GraphTensor& t, GraphIndex first, std::initializer_list<GraphIndex> others) {
  std::size_t at = 0;
  if (first != kNone) t.sources[at++] = first;
  for (GraphIndex other : others) {
    if (other != kNone) t.sources[at++] = other;
  }
}

}  // namespace

void lay_out(GraphTensor& t) {
  t.stride[0] = t.type->block_bytes;
  t.stride[1] = t.stride[0] * (t.size[0] / t.type->block_values);
  t.stride[2] = t.stride[1] * t.size[1];
  t.stride[3] = t.stride[2] * t.size[2];
}

Bytes GraphTensor::bytes() const {
  for (std::int64_t n : size) {
    if (n <= 0) return 0;
  }
  Bytes total = 0;
  if (type->block_values == 1) {
    total = type->block_bytes;
    for (std::size_t d = 0; d < 4; ++d) total += (size[d] - 1) * stride[d];
  } else {
    total = size[0] * stride[0] / type->block_values;
    for (std::size_t d = 1; d < 4; ++d) total += (size[d] - 1) * stride[d];
  }
  return total;
}

GraphIndex Graph::push(const GraphTensor& tensor) {
  tensors_.push_back(tensor);
  return static_cast<GraphIndex>(tensors_.size()) - 1;
}

GraphTensor Graph::made(const GgmlType* type, Sizes size) const {
  GraphTensor t;
  t.type = type;
  t.size = size;
  lay_out(t);
  return t;
}

GraphIndex Graph::weight(Sizes size, GraphOwner owner) {
  static const GgmlType* const kFloat = ggml_type("f32");
  GraphTensor t = made(kFloat, size);
  t.external = t.weight = true;
  t.owner = owner;
  return push(t);
}

GraphIndex Graph::cache(const GgmlType& type, Sizes size, GraphOwner owner) {
  GraphTensor t = made(&type, size);
  t.external = true;
  t.owner = owner;
  return push(t);
}

GraphIndex Graph::input(const char* type, Sizes size) {
  GraphTensor t = made(ggml_type(type), size);
  t.input = true;
  return push(t);
}

GraphIndex Graph::leaf(const char* type, Sizes size) { return push(made(ggml_type(type), size)); }

GraphIndex Graph::view_from(GraphIndex a, GraphTensor& view) {
  view.op = GraphOp::view;
  view.view_of = at(a).view_of != kNone ? at(a).view_of : a;
  view.sources[0] = a;
  return push(view);
}

GraphIndex Graph::reshape(GraphIndex a, Sizes size) {
  GraphTensor t = made(at(a).type, size);
  return view_from(a, t);
}

GraphIndex Graph::view(GraphIndex a, Sizes size, std::array<std::int64_t, 3> strides) {
  GraphTensor t = made(at(a).type, size);
  for (std::size_t d = 0; d < 3; ++d) t.stride[d + 1] = strides[d];
  return view_from(a, t);
}

GraphIndex Graph::permute(GraphIndex a, int x, int y, int z, int w) {
  GraphTensor t = made(at(a).type, at(a).size);
  const std::array<int, 4> to = {x, y, z, w};
  for (std::size_t d = 0; d < 4; ++d) {
    t.size[static_cast<std::size_t>(to[d])] = at(a).size[d];
    t.stride[static_cast<std::size_t>(to[d])] = at(a).stride[d];
  }
  return view_from(a, t);
}

GraphIndex Graph::fresh(const char* type, Sizes size, std::initializer_list<GraphIndex> sources) {
  GraphTensor t = made(ggml_type(type), size);
  t.op = GraphOp::compute;
  t.rows = size[1] * size[2] * size[3];
  set_sources(t, kNone, sources);
  return push(t);
}

GraphIndex Graph::mul_mat(GraphIndex a, GraphIndex b) {
  const GraphIndex result =
      fresh("f32", {at(a).size[1], at(b).size[1], at(b).size[2], at(b).size[3]}, {a, b});
  at(result).rows = at(b).size[1];
  return result;
}

GraphIndex Graph::mul_mat_id(GraphIndex experts, GraphIndex b, GraphIndex chosen) {
  const GraphIndex result =
      fresh("f32", {at(experts).size[1], at(chosen).size[0], at(b).size[2], 1}, {experts, b, chosen});
  at(result).rows = at(b).size[2];
  return result;
}

GraphIndex Graph::like(GraphIndex a, std::initializer_list<GraphIndex> others) {
  GraphTensor t = made(at(a).type, at(a).size);
  t.op = GraphOp::compute;
  t.rows = t.size[1] * t.size[2] * t.size[3];
  set_sources(t, a, others);
  return push(t);
}

GraphIndex Graph::same(GraphIndex a, std::initializer_list<GraphIndex> others) {
  const GraphIndex result = like(a, others);
  at(result).in_place = true;
  return result;
}

GraphIndex Graph::rope(GraphIndex a, GraphIndex positions, GraphIndex factors) {
  const GraphIndex result = same(a, {positions, factors});
  at(result).steers = false;
  return result;
}

GraphIndex Graph::get_rows(GraphIndex a, GraphIndex rows) {
  const GraphTensor &from = at(a), &by = at(rows);
  const GraphIndex result = fresh("f32", {from.size[0], by.size[0], by.size[1], by.size[2]}, {a, rows});
  at(result).rows = 0;  // too little work to move
  return result;
}

GraphIndex Graph::write(GraphIndex to, std::initializer_list<GraphIndex> from) {
  GraphTensor t = at(to);
  t.op = GraphOp::compute;
  t.view_of = t.view_of != kNone ? t.view_of : to;
  t.external = t.weight = t.input = t.output = false;
  t.sources.fill(kNone);
  set_sources(t, kNone, from);
  for (GraphIndex& source : t.sources) {
    if (source == kNone) {
      source = to;
      break;
    }
  }
  return push(t);
}

GraphIndex Graph::contiguous(GraphIndex a, Sizes size) {
  GraphTensor t = made(at(a).type, size);
  t.op = GraphOp::compute;
  t.sources[0] = a;
  return push(t);
}

GraphIndex Graph::flash_attention(GraphIndex q, GraphIndex k, GraphIndex v, GraphIndex mask,
                                  GraphIndex sinks) {
  const Sizes query = at(q).size;
  const GraphIndex result =
      fresh("f32", {at(v).size[0], query[2], query[1], query[3]}, {q, k, v, mask, sinks});
  at(result).steers = false;
  return result;
}

void Graph::expand(GraphIndex t) {
  // Depth first, sources from the left: the order of evaluation is the order of need.
  seen_.resize(tensors_.size(), 0);
  if (seen_[static_cast<std::size_t>(t)]) return;
  auto& stack = steps_;  // kept, as most calls add a handful
  stack.assign(1, {t, 0});
  seen_[static_cast<std::size_t>(t)] = 1;
  while (!stack.empty()) {
    Step& step = stack.back();
    const GraphTensor& tensor = at(step.tensor);
    if (step.next < tensor.sources.size()) {
      const GraphIndex source = tensor.sources[step.next++];
      if (source == kNone) step.next = tensor.sources.size();
      if (source == kNone || seen_[static_cast<std::size_t>(source)]) continue;
      seen_[static_cast<std::size_t>(source)] = 1;
      stack.push_back({source, 0});
      continue;
    }
    (tensor.op == GraphOp::none ? leafs_ : nodes_).push_back(step.tensor);
    stack.pop_back();
  }
}

}  // namespace jobfit
