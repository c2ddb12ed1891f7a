#include "fit/flat_graph.hpp"

#include "fit/free_list.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// With so many rows to work on, weights in RAM are worth carrying to the first GPU.
constexpr std::int64_t kManyRows = 32;

/// Two tensors of a graph that differ in any of it share the number about once in 2^64.
std::uint64_t layout_of(const GraphTensor& tensor) {
  constexpr std::uint64_t kFactors[] = {0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9,
                                        0xD6E8FEB86659FD93, 0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53,
                                        0xBF58476D1CE4E5B9, 0x94D049BB133111EB};
  auto hash = static_cast<std::uint64_t>(tensor.type->number) * 0x2545F4914F6CDD1D;
  for (std::size_t d = 0; d < tensor.size.size(); ++d) {
    hash += static_cast<std::uint64_t>(tensor.size[d]) * kFactors[d];
    hash += static_cast<std::uint64_t>(tensor.stride[d]) * kFactors[d + 4];
  }
  return hash;
}

/// What draws a tensor to where it is worked out: its own memory, or the first weight that it reads.
GraphSite drawn_by(const GraphTensor& tensor, const FlatGraph& flat, const FlatGraph::Tensor& to) {
  if (to.lies != kNoSite) return to.lies;
  if (tensor.input) return kRamSite;
  if (!tensor.steers || tensor.op == GraphOp::view) return kNoSite;
  for (std::size_t s = 0; s < to.count; ++s) {
    const auto& from = flat.tensors[static_cast<std::size_t>(flat.sources[to.first + s])];
    if (from.weight) return static_cast<GraphSite>(from.lies + (tensor.rows >= kManyRows ? 1 : 0));
  }
  return kNoSite;
}

/// Memory without contents: no weight, no cache, no input.
bool is_bare(const FlatGraph::Tensor& tensor) {
  return tensor.op == GraphOp::none && tensor.drawn == kNoSite;
}

}  // namespace

FlatGraph flatten(const Graph& graph) {
  FlatGraph flat;
  flat.tensors.resize(graph.size());
  flat.uses.resize(graph.size());
  flat.sources.reserve(2 * graph.size());
  flat.nodes = graph.nodes();
  flat.leafs = graph.leafs();
  const auto index = [](GraphIndex i) { return static_cast<std::size_t>(i); };
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const GraphTensor& from = graph.at(static_cast<GraphIndex>(i));
    FlatGraph::Tensor& to = flat.tensors[i];
    to.bytes = FreeList::padded(from.bytes());
    to.view_of = from.view_of;
    to.layout = layout_of(from);  // of views and weights too: their copies on another backend have memory
    to.first = static_cast<std::uint32_t>(flat.sources.size());
    for (const GraphIndex source : from.sources) {
      if (source == kNone) break;
      flat.sources.push_back(source);
      ++to.count;
    }
    to.op = from.op;
    to.in_place = from.in_place;
    to.output = from.output;
    to.weight = from.weight;
    to.input = from.input;
    if (from.external) to.lies = site_of(from.owner);
    if (from.weight && from.size[1] > 1 && from.owner.block >= 0)
      flat.matrices.push_back({static_cast<GraphIndex>(i), from.owner.block, from.size});
    if (from.view_of != kNone) to.lies = flat.tensors[index(from.view_of)].lies;
    to.drawn = drawn_by(from, flat, to);
  }
  flat.worked.reserve(flat.nodes.size());
  for (const GraphIndex node : flat.nodes) {
    FlatGraph::Tensor& tensor = flat.tensors[index(node)];
    if (tensor.op != GraphOp::view) flat.worked.push_back(node);
    if (tensor.view_of == kNone) flat.largest = std::max(flat.largest, graph.at(node).bytes());
    if (tensor.view_of != kNone) ++flat.uses[index(tensor.view_of)].views;
    for (std::size_t s = 0; s < tensor.count; ++s) {
      const GraphIndex source = flat.sources[tensor.first + s];
      ++flat.uses[index(source)].readers;
      if (is_bare(flat.tensors[index(source)])) tensor.seats = true;
    }
  }
  return flat;
}

void hold(FlatGraph& graph, const std::vector<HeldMatrices>& by_block) {
  std::vector<std::vector<bool>> taken;
  for (const HeldMatrices& matrices : by_block) taken.emplace_back(matrices.size());
  for (const FlatGraph::Matrix& matrix : graph.matrices) {
    const auto block = static_cast<std::size_t>(matrix.block);
    if (block >= by_block.size()) continue;
    // A graph names no weights: of several with the same size they are taken in the order of the file.
    const HeldMatrix* held = nullptr;
    for (std::size_t i = 0; i < by_block[block].size(); ++i) {
      if (by_block[block][i].size != matrix.size) continue;
      held = &by_block[block][i];
      if (taken[block][i]) continue;
      taken[block][i] = true;
      break;
    }
    if (held == nullptr) continue;
    FlatGraph::Tensor& tensor = graph.tensors[static_cast<std::size_t>(matrix.tensor)];
    GraphTensor as_held;
    as_held.type = held->type;
    as_held.size = matrix.size;
    lay_out(as_held);
    tensor.bytes = FreeList::padded(as_held.bytes());
    tensor.layout = layout_of(as_held);
  }
}

}  // namespace jobfit
