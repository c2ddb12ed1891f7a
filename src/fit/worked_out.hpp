// Figures that depend on a shape alone, worked out when the catalog is compiled: most answers ask for the
// same few.
#pragma once

#include "jobfit/catalog.hpp"
#include "jobfit/fit.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// Equal for equal shapes only, but for an accident in 2^64.
std::uint64_t shape_number(const Hyperparameters& figures);

/// What is known of one shape.
class ShapeFigures {
 public:
  ShapeFigures() = default;
  explicit ShapeFigures(std::string_view bytes) : bytes_(bytes) {}
  /// Size of the file that llama-quantize makes; nullopt: not worked out.
  std::optional<Bytes> file_bytes(std::string_view quantization) const;
  /// Working memory by backend, the CPU's last, of a run with all other settings as they are by default;
  /// nothing or all of it on a GPU. Empty: not worked out.
  std::vector<Bytes> working(std::int64_t context, bool on_gpu) const;
  /// The same for any context, between two that were worked out or beyond the last, and by how much of itself
  /// it may be off.
  struct Near {
    std::vector<Bytes> bytes;
    double off = 0;
  };
  Near near(std::int64_t context, bool on_gpu) const;

 private:
  Bytes figure(std::size_t index) const;
  std::string_view bytes_;
};

/// All shapes of `catalog`.
std::string work_out(const Catalog& catalog);
/// Those of one shape in what work_out made; nothing is known where it is not there.
ShapeFigures figures_of(std::string_view worked_out, const Hyperparameters& shape);

}  // namespace jobfit
