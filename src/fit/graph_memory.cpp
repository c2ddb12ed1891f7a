#include "fit/graph_memory.hpp"

#include "fit/free_list.hpp"
#include "fit/graph_schedule.hpp"

#include <algorithm>

namespace jobfit {
namespace {

/// Vulkan hands out a GiB at a time, which shows where a single tensor is larger than that: attention without
/// flash over a long context. CUDA has no such bound, and takes less there. Past 4 GiB Vulkan cannot address
/// a tensor; it is then worked on in RAM, which has no bound either.
Bytes largest_chunk(const FlatGraph& graph) { return graph.largest >= 4 * kGiB ? FreeList::kEndless : kGiB; }

class Allocation {
 public:
  Allocation(const GraphSchedule& schedule, int backends)
      : schedule_(schedule),
        lists_(static_cast<std::size_t>(backends), FreeList(largest_chunk(schedule.graph()))),
        state_(schedule.uses().size()) {
    lists_.back() = FreeList();  // RAM has no largest buffer
    for (std::size_t i = 0; i < state_.size(); ++i) {
      state_[i].readers = schedule.uses()[i].readers;
      state_[i].views = schedule.uses()[i].views;
    }
  }

  std::vector<Bytes> run() {
    for (const auto& [tensor, backend] : schedule_.held()) place(tensor, backend);
    for (const GraphIndex leaf : schedule_.graph().leafs) place(leaf, schedule_.home(leaf));
    for (const auto& [node, backend] : schedule_.steps()) {
      const auto sources = schedule_.sources(schedule_.at(node));
      place(node, backend);  // its sources were placed before: each is a leaf or an earlier step
      for (const GraphIndex source : sources) release(source);
    }
    std::vector<Bytes> peaks;
    for (const FreeList& list : lists_) peaks.push_back(list.peak());
    return peaks;
  }

 private:
  using Tensor = FlatGraph::Tensor;
  struct State {
    std::int16_t readers = 0, views = 0;
    std::int16_t backend = 0;
    bool placed = false, own = false;
    Bytes offset = 0;
  };

  State& state(GraphIndex i) { return state_[static_cast<std::size_t>(i)]; }
  FreeList& list(const State& state) { return lists_[static_cast<std::size_t>(state.backend)]; }

  void take_over(const Tensor& t, State& mine, const Tensor& holder, State& theirs) {
    mine.backend = theirs.backend;
    mine.offset = theirs.offset;
    if (holder.bytes > t.bytes) list(mine).give(mine.offset + t.bytes, holder.bytes - t.bytes);
    theirs.own = false;
  }

  bool reuse(const Tensor& t, State& mine) {
    for (const GraphIndex parent : schedule_.sources(t)) {
      State& theirs = state(parent);
      // A view holds no memory of its own, so nothing is taken over from it.
      if (!theirs.own || theirs.readers != 1 || theirs.views != 0) continue;
      const Tensor& p = schedule_.at(parent);
      if (p.output || p.layout != t.layout) continue;
      take_over(t, mine, p, theirs);
      return true;
    }
    return false;
  }

  void place(GraphIndex node, int backend) {
    State& s = state(node);
    if (s.placed) return;
    const Tensor& t = schedule_.at(node);
    s.placed = true;
    if (t.lies != kNoSite || t.view_of != kNone) return;
    s.own = true;
    if (t.in_place && reuse(t, s)) return;
    s.backend = static_cast<std::int16_t>(backend);
    s.offset = list(s).take(t.bytes);
  }

  void free(GraphIndex node, State& s) {
    const Tensor& t = schedule_.at(node);
    if (t.output) return;
    list(s).give(s.offset, t.bytes);
    s.own = false;
  }

  void release(GraphIndex source) {
    State& s = state(source);
    --s.readers;
    if (s.readers != 0 || s.views != 0) return;
    if (s.own) return free(source, s);
    const GraphIndex root = schedule_.at(source).view_of;
    if (root == kNone) return;
    State& holder = state(root);
    --holder.views;
    if (holder.views == 0 && holder.readers == 0 && holder.own) free(root, holder);
  }

  const GraphSchedule& schedule_;
  std::vector<FreeList> lists_;
  std::vector<State> state_;
};

}  // namespace

std::vector<Bytes> graph_memory(const FlatGraph& graph, const GraphPlacement& placement) {
  const GraphSchedule schedule(graph, placement);
  return Allocation(schedule, placement.backends).run();
}

}  // namespace jobfit
