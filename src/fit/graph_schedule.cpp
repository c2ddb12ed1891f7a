#include "fit/graph_schedule.hpp"

namespace jobfit {

GraphSchedule::GraphSchedule(const FlatGraph& graph, const GraphPlacement& placement)
    : graph_(graph),
      placement_(placement),
      cpu_(static_cast<Home>(placement.cpu())),
      sources_(graph.sources) {
  home_.assign(graph.tensors.size(), cpu_ == 0 ? 0 : -1);
  steps_.reserve(graph.nodes.size() + graph.nodes.size() / 4);
  if (cpu_ == 0) {  // one backend: nothing to hand over
    for (const GraphIndex node : graph.nodes) steps_.push_back({node, 0});
    return;
  }
  for (const GraphIndex leaf : graph.leafs) home_[index(leaf)] = own(leaf);
  for (const GraphIndex node : graph.nodes) home_[index(node)] = own(node);
  spread();
  for (const GraphIndex node : graph.nodes) settle(node);
  split();
}

GraphSchedule::Home GraphSchedule::own(GraphIndex i) const {
  const FlatGraph::Tensor& t = graph_.tensors[index(i)];
  const FlatGraph::Tensor& root = root_of(t);
  if (root.external) return static_cast<Home>(placement_.home(root.owner));
  if (t.input) return cpu_;
  if (!t.steers || t.op == GraphOp::view) return -1;
  for (const GraphIndex source : sources(t)) {
    const FlatGraph::Tensor& from = graph_.tensors[index(source)];
    if (!from.weight) continue;
    const auto home = static_cast<Home>(placement_.home(from.owner));
    return home == cpu_ && t.many_rows ? 0 : home;
  }
  return -1;
}

void GraphSchedule::pass(bool down, bool gpus_only) {
  Home current = -1;
  const auto& nodes = graph_.worked;
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    const GraphIndex node = nodes[down ? k : nodes.size() - 1 - k];
    Home& here = home_[index(node)];
    if (here != -1) {
      current = gpus_only && here == cpu_ ? -1 : here;
    } else if (current != -1) {
      here = current;
    }
  }
}

void GraphSchedule::spread() {
  pass(true, true);
  pass(false, true);
  pass(true, false);
  pass(false, false);
}

void GraphSchedule::settle(GraphIndex node) {
  const FlatGraph::Tensor& t = graph_.tensors[index(node)];
  Home& here = home_[index(node)];
  if (here == -1 && t.view_of != kNone) here = home_[index(t.view_of)];
  if (here == -1) here = cpu_;
  for (const GraphIndex source : sources(t)) {
    Home& there = home_[index(source)];
    if (there != -1) continue;
    const GraphIndex root = graph_.tensors[index(source)].view_of;
    there = root != kNone && home_[index(root)] != -1 ? home_[index(root)] : here;
  }
}

GraphSchedule::Home GraphSchedule::memory_of(GraphIndex i) const {
  const FlatGraph::Tensor& t = graph_.tensors[index(i)];
  const FlatGraph::Tensor& root = root_of(t);
  if (root.external) return static_cast<Home>(placement_.home(root.owner));
  if (home_[index(i)] != -1) return home_[index(i)];
  return t.view_of != kNone ? home_[index(t.view_of)] : cpu_;
}

void GraphSchedule::flush() {
  steps_.insert(steps_.end(), inputs_.begin(), inputs_.end());
  steps_.insert(steps_.end(), body_.begin(), body_.end());
  inputs_.clear();
  body_.clear();
}

/// The copy of `source` on `backend`, made at the start of the run of nodes that first reads it.
GraphIndex GraphSchedule::copy_to(GraphIndex source, int backend) {
  GraphIndex& copy = copied_[static_cast<std::size_t>(backend)][index(source)];
  if (copy != kNone) return copy;
  FlatGraph::Tensor twin = at(source);
  twin.op = GraphOp::none;
  twin.external = twin.input = twin.output = twin.weight = false;
  FlatGraph::Tensor needs = twin;  // keeps the original until it has been copied
  needs.view_of = twin.view_of != kNone ? twin.view_of : source;
  needs.first = static_cast<std::uint32_t>(sources_.size());
  needs.count = 1;
  sources_.push_back(source);
  twin.view_of = kNone;
  twin.count = 0;
  copy = static_cast<GraphIndex>(size());
  copies_.push_back(twin);
  home_.push_back(static_cast<Home>(backend));
  const auto dependency = static_cast<GraphIndex>(size());
  copies_.push_back(needs);
  home_.push_back(home_[index(source)]);
  inputs_.push_back({dependency, home_[index(source)]});
  inputs_.push_back({copy, backend});
  return copy;
}

/// Runs of nodes on one backend; what a run reads from another is copied at its start.
void GraphSchedule::split() {
  copied_.assign(static_cast<std::size_t>(placement_.backends),
                 std::vector<GraphIndex>(graph_.tensors.size(), kNone));
  memory_.resize(graph_.tensors.size());
  for (std::size_t i = 0; i < memory_.size(); ++i) memory_[i] = memory_of(static_cast<GraphIndex>(i));
  int current = -1;
  for (const GraphIndex node : graph_.nodes) {
    const FlatGraph::Tensor& t = graph_.tensors[index(node)];
    const int here = home_[index(node)];
    if (t.op == GraphOp::view) {
      body_.push_back({node, here});
      continue;
    }
    bool anew = here != current;
    if (!anew && !inputs_.empty()) {
      // Offloaded weights get a run of their own, so that the last ones can go.
      for (const GraphIndex source : sources(t)) {
        if (at(source).weight && memory_[index(source)] != here) anew = true;
      }
    }
    if (anew) {
      if (current != -1) flush();
      current = here;
    }
    for (std::size_t s = 0; s < t.count; ++s) {
      const GraphIndex source = sources_[t.first + s];
      if (memory_[index(source)] != here) sources_[t.first + s] = copy_to(source, here);
    }
    body_.push_back({node, here});
  }
  flush();
}

}  // namespace jobfit
