// Rules of the squeeze, from the measurements named in data/quantizations.yaml. The catalog's loss is for a
// model of middling size, in English, in short texts; these factors move it.
#include "fit/squeeze.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace jobfit {
namespace {

/// The size that the catalog's losses are told for.
constexpr double kMiddlingParameters = 20e9;

/// Small models have less to spare: at the same four bits the perplexity of a 3B model moves more than twice
/// as far as that of a 70B of its generation. Experts do not protect each other by being many, so a mixture
/// counts by the geometric mean of all and active, but no lower than half of all: large mixtures bear low
/// bits best.
double size_factor(const Model& model) {
  double parameters = model.parameters > 0 ? model.parameters : kMiddlingParameters;
  if (model.active_parameters > 0 && model.active_parameters < parameters)
    parameters = std::max(std::sqrt(parameters * model.active_parameters), parameters / 2);
  return std::clamp(std::pow(kMiddlingParameters / parameters, 0.3), 0.55, 2.5);
}

/// Longer training packs more into each weight: Llama 3 70B loses 4.8 % of perplexity at Q4_K_M where Llama 2
/// 70B lost 1.2 %, and 69 % against 9 % at Q2_K. The catalog's figures are of the later kind, so only models
/// from before 2024 get a discount.
double training_factor(const Model& model) {
  return model.released.known() && model.released.year < 2024 ? 0.5 : 1;
}

/// Divergence from the unsqueezed model, measured by kind of text on Gemma 4 31B at Q8_0: long documents
/// 0.466 and non-Latin scripts 0.222 against 0.16 over all. Divergence grows with the square of the error,
/// hence the roots.
constexpr double kLongDocuments = 1.7, kNonLatin = 1.18;

/// Training with the squeeze in the loop took 54 % off what rounding afterwards cost (Gemma 3, Q4_0).
constexpr double kQat = 0.46;

double job_factor(const FitNeeds& needs) {
  return (needs.long_documents ? kLongDocuments : 1) * (needs.non_latin ? kNonLatin : 1);
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

/// Weights that the maker trained and released in few bits (gpt-oss in MXFP4, Kimi in INT4) are the model
/// itself: there is nothing they were squeezed from.
bool released_squeezed(const Model& model, const Build& build) {
  const auto& name = build.quantization;
  if (starts_with(name, "MXFP4") && architecture_of(model) == "gpt-oss") return true;
  return build.qat && (starts_with(name, "MXFP4") || name == "INT4" || name == "NVFP4" || name == "FP8");
}

using Nearest = std::pair<std::string_view, std::string_view>;
constexpr auto kNearest = [] {
  auto nearest = std::to_array<Nearest>({
      {"2bit", "Q2_K"},      {"3bit", "Q3_K_S"},     {"4bit", "Q4_0"},     {"5bit", "Q5_K_S"},
      {"6bit", "Q6_K"},      {"8bit", "Q8_0"},       {"bf16", "BF16"},     {"fp16", "F16"},
      {"FP16", "F16"},       {"FP8", "Q8_0"},        {"INT8", "Q8_0"},     {"AWQ-INT4", "Q4_0"},
      {"GPTQ-INT4", "Q4_0"}, {"INT4", "Q4_0"},       {"AWQ", "Q4_0"},      {"GPTQ", "Q4_0"},
      {"NVFP4", "Q4_0"},     {"MXFP4_MOE", "MXFP4"}, {"Q8_K_XL", "Q8_0"},  {"Q6_K_XL", "Q6_K"},
      {"Q6_K_L", "Q6_K"},    {"Q6_K_S", "Q6_K"},     {"Q6_K_M", "Q6_K"},   {"Q5_K_XL", "Q5_K_M"},
      {"Q5_K_L", "Q5_K_M"},  {"Q4_K_XL", "Q4_K_M"},  {"Q4_K_L", "Q4_K_M"}, {"Q3_K_XL", "Q3_K_L"},
      {"Q2_K_XL", "Q2_K"},   {"Q2_K_L", "Q2_K"},     {"MXFP8", "Q8_0"},    {"8bit-DWQ", "Q8_0"},
      {"4bit-DWQ", "Q4_0"},  {"mxfp4", "MXFP4"},     {"mxfp8", "Q8_0"},    {"4bit-mxfp4", "MXFP4"},
      {"nvfp4", "Q4_0"},     {"Q4_K", "Q4_K_M"},     {"Q5_K", "Q5_K_M"},   {"Q3_K", "Q3_K_M"},
  });
  std::ranges::sort(nearest);
  return nearest;
}();

bool is_unsqueezed(std::string_view mix) { return mix == "BF16" || mix == "F16" || mix == "F32"; }

}  // namespace

std::string_view architecture_of(const Model& model) {
  const auto* value = model.shape.find("architecture");
  const auto* name = value ? std::get_if<std::string>(value) : nullptr;
  return name ? std::string_view(*name) : std::string_view();
}

std::string_view nearest_mix(std::string_view quantization) {
  if (starts_with(quantization, "UD-")) quantization.remove_prefix(3);
  const auto found = std::ranges::lower_bound(kNearest, quantization, {}, &Nearest::first);
  return found != kNearest.end() && found->first == quantization ? found->second : quantization;
}

bool unsqueezed(std::string_view quantization) { return is_unsqueezed(nearest_mix(quantization)); }

QualityLoss::QualityLoss(const Model& model, const Catalog& catalog, const FitNeeds& needs)
    : model_(model),
      catalog_(catalog),
      size_(size_factor(model)),
      training_(training_factor(model)),
      job_(job_factor(needs)) {}

QualityLoss::Squeezed QualityLoss::of(const Build& build) const {
  const auto nearest = nearest_mix(build.quantization);
  const auto* known = catalog_.quantization(build.quantization);
  if (!known) known = catalog_.quantization(nearest);
  const double bits = known ? known->bits_per_weight : 0;
  if (is_unsqueezed(nearest) || released_squeezed(model_, build)) return {0, bits};
  // A name that nobody measured is taken for worse than what is in use, so that it is never chosen for its
  // silence.
  const double base = known ? known->loss : 2 * kQualityFloor;
  return {base * size_ * training_ * job_ * (build.qat ? kQat : 1), bits};
}

double quality_loss(const Model& model, const Build& build, const Catalog& catalog, const FitNeeds& needs) {
  return QualityLoss(model, catalog, needs).of(build).loss;
}

CacheTolerance cache_tolerance(const Model& model) {
  const auto kind = architecture_of(model);
  // Measured as divergence from an f16 cache: Qwen3.6 below 0.04, Gemma 4 31B 0.108, Gemma 4 26B-A4B 0.377.
  if (starts_with(kind, "gemma")) return CacheTolerance::refuted;
  if (starts_with(kind, "qwen35") || starts_with(kind, "qwen3next")) return CacheTolerance::measured;
  return CacheTolerance::unknown;
}

double cache_loss(const Model& model, const FitNeeds& needs) {
  switch (cache_tolerance(model)) {
    case CacheTolerance::measured:
      return 0.3 * job_factor(needs);
    case CacheTolerance::unknown:
      return 0.8 * job_factor(needs);
    case CacheTolerance::refuted:
      return 3 * job_factor(needs);
  }
  return 0;
}

}  // namespace jobfit
