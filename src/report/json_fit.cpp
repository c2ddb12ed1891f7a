// A build on a machine as JSON: which, where, how much memory, how fast.
#include "report/json_parts.hpp"

namespace jobfit::json {
namespace {

Json range(const Range& value) {
  return {{"low", positive(value.low)}, {"mid", positive(value.mid)}, {"high", positive(value.high)}};
}

}  // namespace

Json build(const Build& value) {
  Json object;
  object["format"] = value.format;
  object["quantization"] = value.quantization;
  object["qat"] = value.qat;
  object["file_bytes"] = bytes(value.file_bytes);
  object["source"] = text(value.source);
  object["repository"] = text(value.repository);
  object["file"] = text(value.file);
  return object;
}

Json build(const Build& value, double quality_loss, bool computed_size) {
  Json object;
  object["format"] = value.format;
  object["quantization"] = value.quantization;
  object["qat"] = value.qat;
  object["file_bytes"] = bytes(value.file_bytes);
  object["source"] = text(value.source);
  object["quality_loss"] = number(quality_loss);
  object["repository"] = text(value.repository);
  object["file"] = text(value.file);
  object["computed_size"] = computed_size;
  return object;
}

Json placement(const Placement& value) {
  Json object;
  object["kind"] = kPlacementNames[static_cast<int>(value.kind)];
  object["gpu_layers"] = value.gpu_layers;
  object["context_tokens"] = value.context_tokens;
  object["kv_cache"] = value.kv_cache;
  object["expert_layers_in_ram"] = value.expert_layers_in_ram;
  object["longest_context"] = count(static_cast<double>(value.longest_context));
  object["gpu_shares"] = Json::array();
  for (const double share : value.gpu_shares) object["gpu_shares"].push_back(number(share));
  return object;
}

Json cloud_placement(std::int64_t context) {
  Placement cloud;
  cloud.kind = Placement::Kind::cloud;
  Json object = placement(cloud);
  object["gpu_layers"] = nullptr;
  object["context_tokens"] = count(static_cast<double>(context));
  object["kv_cache"] = nullptr;
  object["expert_layers_in_ram"] = nullptr;
  return object;
}

Json memory(const MemoryUse& value) {
  Json object;
  object["weights_bytes"] = value.weights_bytes;
  object["kv_cache_bytes"] = value.kv_cache_bytes;
  object["state_bytes"] = value.state_bytes;
  object["compute_bytes"] = value.compute_bytes;
  object["output_bytes"] = value.output_bytes;
  object["projector_bytes"] = value.projector_bytes;
  object["total_bytes"] = value.total_bytes;
  object["gpu_bytes"] = value.gpu_bytes;
  object["ram_bytes"] = value.ram_bytes;
  object["overhead_bytes"] = value.overhead_bytes;
  object["available_bytes"] = bytes(value.available_bytes);
  object["drafter_bytes"] = value.drafter_bytes;
  object["per_gpu"] = value.per_gpu;
  return object;
}

Json speed(const Speed& value, const Words& words) {
  Json object;
  object["decode"] = range(value.decode);
  object["prefill"] = range(value.prefill);
  object["bound_by"] = value.bound_by.empty() ? "unknown" : value.bound_by;
  object["mtp"] = {{"useful", value.mtp.useful}, {"because", sentence(words, value.mtp.because)}};
  return object;
}

Json run_commands(const RunCommands& value) {
  return {{"ollama", text(value.ollama)},
          {"llama_cpp", text(value.llama_cpp)},
          {"vllm", text(value.vllm)},
          {"mlx", text(value.mlx)},
          {"api", text(value.api)}};
}

Json fix(const Fix& value, const Words& words) {
  return {{"kind", value.kind},
          {"value", text(value.value)},
          {"bytes", bytes(value.bytes)},
          {"what", sentence(words, value.what)}};
}

}  // namespace jobfit::json

namespace jobfit {

std::string estimate_json(const EstimateReport& report, const Catalog& catalog, const Words& words) {
  json::Json document;
  document["schema"] = "jobfit.estimate/1";
  if (report.model) {
    document["model"] = json::model(catalog.models[*report.model]);
  } else {
    Model nameless;
    nameless.id = report.model_id;
    nameless.name = report.model_name;
    document["model"] = json::model(nameless);
    document["model"]["id"] = json::text(report.model_id);
  }
  document["build"] = json::build(report.fit.build, report.fit.quality_loss, report.fit.computed_size);
  document["placement"] = json::placement(report.fit.placement);
  document["memory"] = json::memory(report.fit.memory);
  document["speed"] = json::speed(report.fit.speed, words);
  document["fits"] = report.fits;
  document["source"] = json::text(report.source);
  document["notes"] = json::sentences(words, report.notes);
  return json::dump(document);
}

}  // namespace jobfit
