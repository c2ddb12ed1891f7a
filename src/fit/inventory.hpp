// The tensors of an architecture, as llama.cpp's loader asks for them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "fit/hparams.hpp"
#include "jobfit/shape.hpp"

namespace jobfit {

/// Collects tensors; `block` names them "blk.N.name".
class Inventory {
 public:
  using Dimensions = std::initializer_list<std::int64_t>;
  void add(std::string_view name, Dimensions dimensions);
  void block(std::int64_t layer, std::string_view name, Dimensions dimensions);
  std::vector<Tensor> take() { return std::move(tensors_); }

 private:
  std::vector<Tensor> tensors_;
};

/// The token mixers that keep a state rather than a cache: Mamba, delta nets, convolutions.
void add_recurrent_mixer(Inventory& out, const Hparams& h, std::int64_t layer);

std::vector<Tensor> inventory_of(const Hparams& h);

/// Whether every tensor, and their sum, is less than 2^62 elements.
bool inventory_is_countable(const Hparams& h);

}  // namespace jobfit
