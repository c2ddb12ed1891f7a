#include "fit/graph_schedule.hpp"

namespace jobfit {
namespace {

constexpr int kBatches = 4;  ///< under way at once where they are pipelined (GGML_SCHED_MAX_COPIES)

}  // namespace

GraphSchedule::GraphSchedule(const FlatGraph& graph, const GraphPlacement& placement)
    : graph_(graph),
      cpu_(static_cast<Home>(placement.cpu())),
      pipelined_(placement.pipelined),
      sources_(graph.sources),
      uses_(graph.uses) {
  steps_.reserve(graph.nodes.size() + graph.nodes.size() / 4);
  if (cpu_ == 0) {  // one backend: nothing to hand over
    home_.assign(graph.tensors.size(), 0);
    flush(0, graph.nodes.size(), 0);
    return;
  }
  find_sites(placement);
  for (const FlatGraph::Tensor& tensor : graph.tensors) home_.push_back(sites_[tensor.drawn]);
  spread();
  for (const GraphIndex node : graph.nodes) settle(node);
  copied_.assign(static_cast<std::size_t>(placement.backends),
                 std::vector<GraphIndex>(graph_.tensors.size(), kNone));
  if (pipelined_) input_held_.assign(graph_.tensors.size(), false);
  split();
  held_.insert(held_.end(), held_copies_.begin(), held_copies_.end());
}

void GraphSchedule::find_sites(const GraphPlacement& placement) {
  const auto add = [&](int backend) {
    sites_.push_back(static_cast<Home>(backend));
    sites_.push_back(static_cast<Home>(backend == cpu_ ? 0 : backend));  // many rows: to the first GPU
  };
  sites_.assign(2, -1);
  add(cpu_);
  for (const auto& block : placement.blocks) {
    add(block.backend);
    add(block.experts_in_ram ? cpu_ : block.backend);
  }
}

/// Along the order of evaluation or against it: what is free takes its neighbour's backend.
template <bool down, bool gpus_only>
void GraphSchedule::pass(std::vector<Home>& homes) const {
  Home current = -1;
  for (std::size_t k = 0; k < homes.size(); ++k) {
    Home& here = homes[down ? k : homes.size() - 1 - k];
    if (here == -1) here = current;
    current = gpus_only && here == cpu_ ? -1 : here;
  }
}

void GraphSchedule::spread() {
  std::vector<Home> homes;
  homes.reserve(graph_.worked.size());
  for (const GraphIndex node : graph_.worked) homes.push_back(home_[index(node)]);
  pass<true, true>(homes);
  pass<false, true>(homes);
  pass<true, false>(homes);
  pass<false, false>(homes);
  for (std::size_t k = 0; k < homes.size(); ++k) home_[index(graph_.worked[k])] = homes[k];
}

void GraphSchedule::settle(GraphIndex node) {
  const FlatGraph::Tensor& t = graph_.tensors[index(node)];
  Home& here = home_[index(node)];
  if (here == -1 && t.view_of != kNone) here = home_[index(t.view_of)];
  if (here == -1) here = cpu_;
  if (!t.seats) return;
  for (const GraphIndex source : sources(t))
    if (home_[index(source)] == -1) home_[index(source)] = here;
}

/// Nodes `from` to `to`, all on one backend, after the copies that they read.
void GraphSchedule::flush(std::size_t from, std::size_t to, int backend) {
  steps_.insert(steps_.end(), inputs_.begin(), inputs_.end());
  inputs_.clear();
  for (std::size_t k = from; k < to; ++k) steps_.push_back({graph_.nodes[k], backend});
}

GraphIndex GraphSchedule::add_twin(FlatGraph::Tensor twin) {
  copies_.push_back(twin);
  uses_.emplace_back();
  return static_cast<GraphIndex>(uses_.size() - 1);
}

/// `twin`, and as much again for every other batch that may be under way. One reader more than there are
/// keeps them to the end.
void GraphSchedule::hold(GraphIndex twin, Home backend) {
  std::vector<Step>& held = index(twin) < graph_.tensors.size() ? held_ : held_copies_;
  for (int batch = 0; batch < kBatches; ++batch) {
    const GraphIndex one = batch == 0 ? twin : add_twin(at(twin));
    ++uses_[index(one)].readers;
    held.push_back({one, backend});
  }
}

void GraphSchedule::hold_input(GraphIndex source) {
  if (index(source) >= graph_.tensors.size() || input_held_[index(source)]) return;
  const FlatGraph::Tensor& tensor = graph_.tensors[index(source)];
  if (!tensor.input) return;
  input_held_[index(source)] = true;
  hold(source, home_[index(source)]);
}

/// The copy of `source` on `backend`, made at the start of the run of nodes that first reads it.
GraphIndex GraphSchedule::copy_to(GraphIndex source, Home backend) {
  GraphIndex& copy = copied_[static_cast<std::size_t>(backend)][index(source)];
  --uses_[index(source)].readers;
  if (copy == kNone) {
    FlatGraph::Tensor twin = at(source);
    twin.op = GraphOp::none;
    twin.lies = kNoSite;
    twin.output = twin.weight = false;
    FlatGraph::Tensor needs = twin;  // keeps the original until it has been copied
    needs.view_of = twin.view_of != kNone ? twin.view_of : source;
    needs.first = static_cast<std::uint32_t>(sources_.size());
    needs.count = 1;
    sources_.push_back(source);
    ++uses_[index(source)].readers;
    twin.view_of = kNone;
    twin.count = 0;
    copy = add_twin(twin);
    inputs_.push_back({add_twin(needs), home_[index(source)]});
    inputs_.push_back({copy, backend});
    if (pipelined_) hold(copy, backend);
  }
  ++uses_[index(copy)].readers;
  return copy;
}

/// Runs of nodes on one backend; what a run reads from another is copied at its start.
void GraphSchedule::split() {
  memory_ = home_;
  for (std::size_t i = 0; i < memory_.size(); ++i) {
    const GraphSite lies = graph_.tensors[i].lies;
    if (lies != kNoSite) memory_[i] = sites_[lies];
  }
  Home current = -1;
  std::size_t begun = 0;
  for (std::size_t k = 0; k < graph_.nodes.size(); ++k) {
    const GraphIndex node = graph_.nodes[k];
    const FlatGraph::Tensor& t = graph_.tensors[index(node)];
    if (t.op == GraphOp::view) continue;
    const Home here = home_[index(node)];
    bool anew = here != current, reads_across = false;
    for (const GraphIndex source : sources(t)) {
      if (memory_[index(source)] == here) continue;
      reads_across = true;
      // Offloaded weights get a run of their own, so that the last ones can go.
      if (!inputs_.empty() && graph_.tensors[index(source)].weight) anew = true;
    }
    if (anew) {
      if (current != -1) {
        flush(begun, k, current);
        begun = k;
      }
      current = here;
    }
    for (std::size_t s = 0; pipelined_ && s < t.count; ++s) hold_input(sources_[t.first + s]);
    for (std::size_t s = 0; reads_across && s < t.count; ++s) {
      const GraphIndex source = sources_[t.first + s];
      if (memory_[index(source)] != here) sources_[t.first + s] = copy_to(source, here);
    }
  }
  flush(begun, graph_.nodes.size(), current);
}

}  // namespace jobfit
