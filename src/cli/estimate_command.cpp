// Memory and speed of one build: of the catalog, of a GGUF file, of a config.json.
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/inputs.hpp"

namespace jobfit {
namespace {

/// What a user means who names no context: the main job's own default.
constexpr std::int64_t kContext = 8192;
constexpr const char* kQuantization = "Q4_K_M";

struct Subject {
  EstimateReport report;
  std::optional<Shape> shape;
  std::optional<WeightTable> weights;
  Bytes projector_bytes = 0;
};

[[noreturn]] void invalid(const std::string& message) { throw Stop{kInvalidFile, fmt::format("jobfit: {}\n", message)}; }

/// The shape, or exit 3 with the missing facts named.
Shape shape_of(const Hyperparameters& hyperparameters, const std::string& name) {
  auto made = make_shape(hyperparameters);
  if (Shape* shape = std::get_if<Shape>(&made)) return std::move(*shape);
  const ShapeRefusal& refusal = std::get<ShapeRefusal>(made);
  std::string message;
  if (refusal.unknown_architecture) {
    message = fmt::format("{}: the architecture '{}' is not known to this version, and memory is not guessed\n", name,
                          neutralise(refusal.architecture));
  }
  for (const std::string& key : refusal.missing) message += fmt::format("{}: {} is missing\n", name, neutralise(key));
  for (const std::string& what : refusal.contradictory) message += fmt::format("{}: {}\n", name, neutralise(what));
  throw Stop{kInvalidFile, message};
}

Subject of_gguf(const std::string& path) {
  GgufRead read = read_gguf(path);
  stop_on(read.problems, "nothing was estimated");
  Subject subject;
  const std::string name = std::filesystem::path(path).filename().string();
  subject.report.model_name = read.name.empty() ? neutralise(name) : read.name;
  subject.report.source = path;
  subject.report.fit.build.format = "gguf";
  subject.report.fit.build.quantization = read.quantization;
  subject.report.fit.build.file_bytes = read.file_bytes;
  subject.report.fit.build.file = name;
  subject.shape = shape_of(read.hyperparameters, path);
  subject.weights = std::move(read.weights);
  return subject;
}

void take_mix(Subject& subject, const std::string& quantization) {
  Build& build = subject.report.fit.build;
  build.format = "gguf";
  build.quantization = quantization;
  subject.weights = weights_from_mix(*subject.shape, quantization, build.qat);
  if (!subject.weights) {
    throw Stop{kUsage, fmt::format("jobfit: '{}' is not a mix that llama-quantize makes\n", neutralise(quantization))};
  }
  build.file_bytes = subject.weights->total_bytes;
  subject.report.fit.computed_size = true;
}

Subject of_config(const std::string& path, const std::string& quantization) {
  std::string error;
  const auto text = read_text_file(path, error);
  if (!text) invalid(error);
  ConfigRead read = read_config(*text, path);
  stop_on(read.problems, "nothing was estimated");
  Subject subject;
  subject.report.model_name = neutralise(std::filesystem::path(path).filename().string());
  subject.report.source = path;
  subject.shape = shape_of(read.hyperparameters, path);
  take_mix(subject, quantization.empty() ? kQuantization : quantization);
  return subject;
}

Subject of_model(const Session& session, const std::string& name, const Machine& machine, std::int64_t context) {
  const Catalog& catalog = session.knowledge.catalog;
  const std::uint32_t index = model_named(catalog, name);
  const Model& model = catalog.models[index];
  Subject subject;
  subject.report.model = index;
  subject.report.model_id = model.id;
  subject.report.model_name = model.name;
  if (model.shape.empty()) invalid(fmt::format("how much memory {} takes is not known: its layers are not published", model.name));
  subject.shape = shape_of(model.shape, model.id);
  subject.projector_bytes = model.projector_bytes;
  const std::string& wanted = session.options.quantization;
  if (wanted.empty()) {
    FitNeeds needs;
    needs.context = context;
    needs.runtime = session.options.runtime;
    const auto chosen = choose_build(model, catalog, machine, needs);
    if (const Fit* fit = std::get_if<Fit>(&chosen)) {
      subject.report.fit.build = fit->build;
      subject.report.fit.computed_size = fit->computed_size;
      subject.report.fit.quality_loss = fit->quality_loss;
      subject.weights = weights_for(*subject.shape, fit->build);
    }
    if (!subject.weights) take_mix(subject, kQuantization);
    return subject;
  }
  for (const Build& build : model.builds) {
    if (lower(build.quantization) != lower(wanted)) continue;
    subject.report.fit.build = build;
    subject.weights = weights_for(*subject.shape, build);
    if (subject.weights) {
      if (build.file_bytes == 0) subject.report.fit.build.file_bytes = subject.weights->total_bytes;
      subject.report.fit.computed_size = build.file_bytes == 0;
      return subject;
    }
  }
  take_mix(subject, wanted);
  return subject;
}

RunSettings settings_of(const Session& session) {
  const Options& o = session.options;
  RunSettings settings;
  settings.context = kContext;
  if (!o.context.empty()) {
    const auto tokens = parse_tokens(o.context);
    if (!tokens || *tokens < 1) throw Stop{kUsage, "jobfit: --context takes a number of tokens such as 32K\n"};
    settings.context = *tokens;
  }
  if (!o.kv_cache.empty()) settings.cache_type = o.kv_cache;
  using Flash = RunSettings::FlashAttention;
  if (o.flash_attention == "on") settings.flash_attention = Flash::on;
  if (o.flash_attention == "off") settings.flash_attention = Flash::off;
  if (o.micro_batch > 0) settings.micro_batch = o.micro_batch, settings.batch = std::max(settings.batch, o.micro_batch);
  if (o.parallel > 0) settings.parallel = o.parallel, settings.outputs = o.parallel;
  if (o.outputs >= 0) settings.outputs = o.outputs;
  for (const std::string& input : o.inputs) settings.projector |= input == "image" || input == "audio";
  return settings;
}

bool is_file(const std::string& argument) {
  std::error_code code;
  return argument.ends_with(".gguf") || argument.ends_with(".json") ||
         (std::filesystem::exists(argument, code) && !code);
}

bool looks_like_json(const std::string& path) { return path.ends_with(".json"); }

}  // namespace

ExitCode estimate_command(const Session& session, std::string& out) {
  need_arguments(session.options, 1, 1, "one MODEL, FILE.gguf or config.json");
  const std::string& argument = session.options.arguments.front();
  const RunSettings settings = settings_of(session);
  Machine machine = machines_from(session.options, session.knowledge.catalog, session.terminal).front();
  Subject subject = !is_file(argument)        ? of_model(session, argument, machine, settings.context)
                    : looks_like_json(argument) ? of_config(argument, session.options.quantization)
                                                : of_gguf(argument);
  const Bytes projector = settings.projector ? subject.projector_bytes : 0;
  Estimate estimate = estimate_build(*subject.shape, *subject.weights, settings, machine, projector);
  EstimateReport& report = subject.report;
  report.fit.placement = std::move(estimate.placement);
  report.fit.memory = std::move(estimate.memory);
  report.fit.speed = std::move(estimate.speed);
  report.settings = settings;
  report.shape = std::move(subject.shape);
  report.fits = estimate.fits;
  report.machine = std::move(machine);
  out = wants_json(session.options) ? estimate_json(report, session.knowledge.catalog, session.words)
                                    : estimate_text(report, session.knowledge.catalog, session.words, session.style);
  return estimate.fits ? kPick : kNoPick;
}

ExitCode plan_command(const Session& session, std::string& out) {
  need_arguments(session.options, 1, 1, "one MODEL");
  const Catalog& catalog = session.knowledge.catalog;
  PlanReport report;
  report.model = model_named(catalog, session.options.arguments.front());
  const Needs needs = answers_from(session.options, catalog).needs;
  if (needs.context > 0) report.context = needs.context;
  if (needs.min_speed > 0) report.min_speed = needs.min_speed;
  report.rows = plan(catalog.models[report.model], catalog, report.context, report.min_speed);
  out = wants_json(session.options) ? plan_json(report, catalog) : plan_text(report, catalog, session.words, session.style);
  return report.rows.empty() ? kNoPick : kPick;
}

}  // namespace jobfit
