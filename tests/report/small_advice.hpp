// A small catalog and an advice made by hand, of which every part holds something.
#pragma once

#include "jobfit/report.hpp"

#include "support/words.hpp"

namespace jobfit::test {

inline Model small_model(const char* id, const char* name, const char* repository, double parameters) {
  Model model;
  model.id = id;
  model.name = name;
  model.maker = "Maker of " + model.name;
  model.family = "family";
  model.huggingface = repository;
  model.released = {2026, 4, 22};
  model.license = {"Apache-2.0", License::Commercial::yes, "", {}, "https://example.org/license"};
  model.parameters = model.active_parameters = parameters;
  model.context = {262144, 1010000, 0, "card"};
  model.inputs = {"text", "image"};
  model.thinking = Thinking::optional;
  model.tools = Known::yes;
  model.languages.listed = {"en", "th"};
  return model;
}

inline Catalog small_catalog() {
  Catalog catalog;
  catalog.version = "2026.11.23";
  catalog.as_of = {2026, 11, 20};
  catalog.files = {"data/models/small.yaml"};
  catalog.models = {small_model("gemma-4-12b", "Gemma 4 12B", "google/gemma-4-12b-it", 12e9),
                    small_model("glm-5.2", "GLM-5.2", "zai-org/GLM-5.2", 744e9),
                    small_model("qwen3-coder-30b", "Qwen3 Coder 30B", "Qwen/Qwen3-Coder-30B", 30.5e9),
                    small_model("qwen3.6-27b", "Qwen3.6 27B", "Qwen/Qwen3.6-27B", 27.8e9)};
  catalog.models[1].hosting = {{"Z.ai", "glm-5.2", Known::no, "https://example.org/api"}};
  catalog.models[2].kind = "coder";
  catalog.models[3].builds = {{"gguf", "Q4_K_M", false, 16547400000, true, "unsloth/Qwen3.6-27B-GGUF",
                               "Qwen3.6-27B-Q4_K_M.gguf", "qwen3.6:27b", "https://example.org/files"}};
  catalog.capabilities = {{"persona", "holds a character"}, {"language", "understands the language"}};
  catalog.metrics = {{"sea-helm-knowledge",
                      "SEA-HELM knowledge",
                      "school knowledge",
                      "%",
                      0,
                      100,
                      true,
                      5,
                      0,
                      {{"language", 1}},
                      "https://example.org/sea-helm",
                      ""}};
  catalog.tables = {{"sea-helm-thai",
                     "https://example.org/sea-helm?a=1&b=2",
                     "a re-run",
                     ReporterClass::third_party,
                     "sea-helm-knowledge",
                     "th",
                     {2026, 4, 12},
                     5,
                     "",
                     {}}};
  catalog.settings = {{"thinking", "", "Qwen/Qwen3.6-27B"}, {"", "Q4_K_M", ""}};
  catalog.scores = {{0, 3, 0, 71.5}, {0, 0, 1, 64.25}};
  catalog.languages = {{"en", "English", "English", {}, "Latn", "Germanic", {}, 1, ""},
                       {"th", "Thai", "ไทย", {}, "Thai", "Tai-Kadai", {"lo"}, 2.1, ""}};
  catalog.glossary = {{"kv-cache", {"kv cache"}, "memory", {"context"}}, {"context", {}, "memory", {}}};
  catalog.presets = {{"laptop-16g",
                      "a laptop without a GPU of its own",
                      "linux",
                      "x86_64",
                      "Core i5-1340P",
                      12,
                      16 * kGiB,
                      51.2e9,
                      {},
                      {},
                      ""}};
  catalog.words = {english()};
  return catalog;
}

inline Machine small_machine() {
  Machine machine;
  machine.name = "desktop";
  machine.os = "linux";
  machine.cpu = {"AMD Ryzen 9 7900", "x86_64", 12, 24, 0, {"avx2"}};
  machine.memory = {64 * kGiB, 58 * kGiB, 58 * kGiB, "physical memory", 83.2e9};
  Gpu gpu;
  gpu.name = "NVIDIA GeForce RTX 4090";
  gpu.vendor = "nvidia";
  gpu.memory_bytes = 24 * kGiB;
  gpu.usable_bytes = 23 * kGiB;
  gpu.bandwidth_bytes_per_second = 1008e9;
  machine.gpus = {gpu};
  machine.notes = {{"machine.note.denied", {{"file", "/sys/firmware"}}}};
  machine.sources = {{"memory.total_bytes", "/proc/meminfo"}};
  return machine;
}

inline Standing small_standing(std::uint32_t model, double total, std::uint32_t rank) {
  Standing standing;
  standing.candidate = {model, Route::this_machine, 0};
  standing.rank = rank;
  standing.score.total = total;
  standing.score.low = total - 4;
  standing.score.high = total + 4;
  standing.score.parts = {
      {"persona", 4, total + 1, total - 5, total + 7, Basis::sibling, {}, {}},
      {"language", 4, total - 1, total - 4, total + 2, Basis::measured, {model == 3 ? 0u : 1u}, {}}};
  return standing;
}

inline Fit small_fit() {
  Fit fit;
  fit.build = {"gguf",
               "Q4_K_M",
               false,
               16547400000,
               true,
               "unsloth/Qwen3.6-27B-GGUF",
               "Qwen3.6-27B-Q4_K_M.gguf",
               "qwen3.6:27b",
               "https://example.org/files"};
  fit.quality_loss = 1.5;
  fit.placement = {Placement::Kind::gpu, 65, 0, 8192, 65536, "f16", {}};
  MemoryUse& memory = fit.memory;
  memory.weights_bytes = 16500000000;
  memory.kv_cache_bytes = 536870912;
  memory.state_bytes = 150000000;
  memory.compute_bytes = 520000000;
  memory.output_bytes = 1000000;
  memory.total_bytes = memory.weights_bytes + memory.kv_cache_bytes + memory.state_bytes +
                       memory.compute_bytes + memory.output_bytes;
  memory.gpu_bytes = memory.total_bytes - 400000000;
  memory.ram_bytes = 400000000;
  memory.overhead_bytes = 500000000;
  memory.available_bytes = 23 * kGiB;
  memory.per_gpu = {memory.gpu_bytes};
  fit.speed.decode = {31.5, 38, 44.25};
  fit.speed.prefill = {900, 1300, 1800};
  fit.speed.bound_by = "gpu memory bandwidth";
  fit.speed.mtp = {true, {"fit.mtp.pays", {}}};
  fit.because = {"fit.because.gpu",
                 {{"quantization", "Q4_K_M"},
                  {"gpu", "NVIDIA GeForce RTX 4090"},
                  {"size", "16.5 GiB"},
                  {"has", "23.0 GiB"}}};
  fit.cautions = {{"fit.caution.computed_size", {}}};
  return fit;
}

inline Drop small_drop(std::uint32_t model, Route route, const char* rule, const char* because) {
  return {{model, route, 0}, {{rule, {because, {}}, {0}, {"https://example.org/card"}}}};
}

inline Advice small_advice() {
  Advice advice;
  advice.answers = {{"chat"}, {"th"}, "never", {"confabulation"}, true, {}};
  advice.needs.context = 8192;
  advice.machines = {small_machine()};
  GateResult job{
      Gate::job, 5, 4, {small_drop(2, Route::this_machine, "job.chat.kind", "made for code alone")}};
  GateResult language{Gate::language, 4, 4, {}};
  GateResult egress{
      Gate::egress, 4, 3, {small_drop(1, Route::cloud, "egress.never.cloud", "the data must not leave")}};
  GateResult failure{Gate::failure, 3, 3, {}};
  advice.walk.gates = {job, language, egress, failure};
  advice.walk.ranked = {small_standing(3, 66, 1), small_standing(1, 64, 2), small_standing(0, 58, 3)};
  advice.walk.ranked[1].close_call = true;
  advice.walk.weights = {{"persona", 4}, {"language", 4}};
  advice.walk.minded = {"persona-drift", "language-slips"};
  advice.machine_gate = {
      Gate::machine, 3, 2, {small_drop(1, Route::this_machine, "machine.memory", "too big")}};
  Pick first;
  first.rank = 1;
  first.standing = advice.walk.ranked[0];
  first.confidence = Confidence::medium;
  first.because = {{"holds a character better than the others", {}}};
  first.cautions = {{"its Thai is measured once", {}}};
  first.fit = small_fit();
  first.run = {"ollama run qwen3.6:27b", "llama-server -hf unsloth/Qwen3.6-27B-GGUF:Q4_K_M -c 8192 -ngl 99",
               "", "", ""};
  Pick second = first;
  second.rank = 2;
  second.standing = advice.walk.ranked[2];
  second.confidence = Confidence::low;
  second.fit->memory.weights_bytes -= 9000000000;
  second.fit->memory.total_bytes -= 9000000000;
  second.fit->speed.decode = {};
  advice.picks = {first, second};
  Misfit misfit;
  misfit.best_build = Build{"gguf", "Q2_K", false, 250000000000, false, "", "", "", ""};
  misfit.needs_bytes = 260000000000;
  misfit.has_bytes = 81 * kGiB;
  misfit.smallest_fixes = {{"ram", "", 256 * kGiB, {"256 GiB of RAM in all for Q2_K", {}}}};
  misfit.what = {"too big for this machine", {}};
  advice.too_big = {{advice.walk.ranked[1], misfit}};
  advice.contrast.benchmark_leader = {1, "SWE-bench Pro", "machine", {"out of reach without the cloud", {}}};
  advice.contrast.machine_first = {0, {"it is the largest that fits the GPU twice", {}}};
  advice.flips = {{Flip::Kind::egress, {"anywhere"}, 0, 1},
                  {Flip::Kind::gpu, {}, 280000000000, 1},
                  {Flip::Kind::tolerate, {"confabulation", "slowness"}, 0, 0}};
  advice.robustness = 0.72;
  advice.notes = {{"two of four questions were given as flags", {}}};
  return advice;
}

}  // namespace jobfit::test
