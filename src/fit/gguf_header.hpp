// One GGUF file's header: its metadata as far as it matters here, and its tensors.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "jobfit/shape.hpp"

namespace jobfit {

struct GgufHeader {
  std::string architecture, name;
  /// Keys with the architecture's prefix taken off; others are passed over.
  Hyperparameters values;
  std::optional<std::int64_t> file_type;
  std::int64_t part = 0, parts = 0;       ///< of a split file, counted from 0; parts 0: not split
  std::int64_t tokens = 0;                ///< entries of the token list; 0: none
  std::vector<Tensor> tensors;
  Bytes file_bytes = 0;
  std::optional<std::string> problem;     ///< what and where; nothing else is to be trusted
};

GgufHeader read_gguf_header(const std::string& path);

}  // namespace jobfit
