// What a squeeze costs: rating points lost, and when it is too much.
#pragma once

#include "jobfit/fit.hpp"

#include <string_view>

namespace jobfit {

/// Rating points lost beyond which a build counts as not fitting: past this the next model down, less
/// squeezed, is the better answer.
inline constexpr double kQualityFloor = 4;

/// As its files name it ("qwen3moe"); empty where no shape is known.
std::string_view architecture_of(const Model& model);

/// Rating points lost to `build`'s quantization, for this model and job. A quantization that the catalog
/// lacks is judged by its nearest relative ("UD-Q4_K_XL" by Q4_K_M).
double quality_loss(const Model& model, const Build& build, const Catalog& catalog, const FitNeeds& needs);

/// The same for many builds of one model. Holds on to `model` and `catalog`.
class QualityLoss {
 public:
  QualityLoss(const Model& model, const Catalog& catalog, const FitNeeds& needs);
  struct Squeezed {
    double loss = 0;  ///< rating points
    double bits = 0;  ///< per weight, nominal; 0 unknown
  };
  Squeezed of(const Build& build) const;

 private:
  const Model& model_;
  const Catalog& catalog_;
  double size_, training_, job_;  ///< factors
};

/// How well a model bears its cache squeezed to q8_0.
enum class CacheTolerance { measured, unknown, refuted };
CacheTolerance cache_tolerance(const Model& model);
/// Rating points lost to a q8_0 cache.
double cache_loss(const Model& model, const FitNeeds& needs);

/// The llama.cpp mix whose types come closest: "UD-Q4_K_XL" → "Q4_K_M", "4bit" → "Q4_0".
std::string_view nearest_mix(std::string_view quantization);
/// Whether nothing was squeezed: BF16, F16, F32.
bool unsqueezed(std::string_view quantization);

}  // namespace jobfit
