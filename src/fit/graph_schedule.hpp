// Who computes what: weights draw the operations that use them, the rest follows its neighbours.
#pragma once

#include "fit/graph_memory.hpp"

#include <span>
#include <vector>

namespace jobfit {

/// The order of evaluation on each backend, with the copies of what crosses between them.
class GraphSchedule {
 public:
  GraphSchedule(const FlatGraph& graph, const GraphPlacement& placement);

  struct Step {
    GraphIndex tensor;
    std::int32_t backend;  ///< nothing is meant by a view's
  };
  const std::vector<Step>& steps() const { return steps_; }
  /// What is held from before the first step to after the last, where batches are pipelined.
  const std::vector<Step>& held() const { return held_; }
  int home(GraphIndex i) const { return home_[index(i)]; }

  /// The graph's tensors, then the copies.
  const FlatGraph::Tensor& at(GraphIndex i) const {
    const std::size_t k = index(i);
    return k < graph_.tensors.size() ? graph_.tensors[k] : copies_[k - graph_.tensors.size()];
  }
  std::span<const GraphIndex> sources(const FlatGraph::Tensor& tensor) const {
    return {sources_.data() + tensor.first, tensor.count};
  }
  /// By tensor, over all steps.
  const std::vector<FlatGraph::Uses>& uses() const { return uses_; }
  const FlatGraph& graph() const { return graph_; }

 private:
  using Home = std::int8_t;
  static std::size_t index(GraphIndex i) { return static_cast<std::size_t>(i); }
  void find_sites(const GraphPlacement& placement);
  void spread();
  template <bool down, bool gpus_only>
  void pass(std::vector<Home>& homes) const;
  void settle(GraphIndex node);
  void split();
  GraphIndex copy_to(GraphIndex source, Home backend);
  GraphIndex add_twin(FlatGraph::Tensor twin);
  void hold_input(GraphIndex source);
  void hold(GraphIndex twin, Home backend);
  void flush(std::size_t from, std::size_t to, int backend);

  const FlatGraph& graph_;
  const Home cpu_;
  const bool pipelined_;
  std::vector<Home> sites_;   // backend by site
  std::vector<Home> home_;    // backend by tensor: who computes it
  std::vector<Home> memory_;  // and in whose memory it lies
  std::vector<FlatGraph::Tensor> copies_;
  std::vector<GraphIndex> sources_;  // the graph's, with what was copied put in its place
  std::vector<FlatGraph::Uses> uses_;
  std::vector<Step> steps_, inputs_;
  std::vector<Step> held_, held_copies_;
  std::vector<bool> input_held_;                 // by tensor
  std::vector<std::vector<GraphIndex>> copied_;  // by backend and tensor
};

}  // namespace jobfit
