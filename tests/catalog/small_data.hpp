// A small data folder that is right in every file, for tests to break one thing at a time.
#pragma once

#include "jobfit/catalog.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace jobfit {

inline std::vector<SourceFile> small_data() {
  return {
      {"data/capabilities.yaml",
       "- {id: code, what: writes and repairs code}\n"
       "- {id: language, what: understands and produces the language asked for}\n"
       "- {id: honesty, what: does not make things up}\n"},
      {"data/metrics.yaml",
       "- id: aider\n  name: Aider polyglot\n  what: exercises solved\n  unit: \"%\"\n  scale: [0, 100]\n"
       "  better: higher\n  noise: 2.5\n  saturates_at: 90\n  measures: {code: 1}\n  url: "
       "https://aider.chat\n"
       "- id: thai-exam\n  name: Thai exam\n  what: knowledge in Thai\n  scale: [0, 1]\n  measures: "
       "{language: 0.5}\n"},
      {"data/languages.yaml",
       "- {tag: en, english: English, own: English, script: Latn}\n"
       "- {tag: th, english: Thai, own: ไทย, also: [siamese], script: Thai, related: [lo]}\n"
       "- {tag: lo, english: Lao, own: ລາວ, script: Laoo}\n"
       "- {tag: 'no', english: Norwegian, own: Norsk}\n"
       "- {tag: zh-Hans, english: Simplified Chinese, own: 简体中文}\n"
       "- {tag: zh-Hant, english: Traditional Chinese, own: 繁體中文}\n"
       "- {tag: pt, english: Portuguese, own: Português}\n"},
      {"data/quantizations.yaml",
       "- {name: Q4_K_M, format: gguf, bits_per_weight: 4.85, loss: 1.5, loss_low: 0.8, loss_high: 3, "
       "source: s}\n"
       "- {name: Q8_0, format: gguf, bits_per_weight: 8.5, loss: 0.1, source: s}\n"},
      {"data/glossary.yaml", "- {id: kv-cache, also: [kv cache], limit: memory, see: [kv-cache]}\n"},
      {"data/machines/gpus.yaml",
       "- {name: NVIDIA GeForce RTX 4090, also: [RTX 4090 24GB], vendor: nvidia, kind: gpu, generation: Ada "
       "Lovelace,\n"
       "   pci: [\"10de:2684\"], laptop: no, memory: [24GB], bandwidth: 1008GB/s, tflops_fp16: 165.2, year: "
       "2022,\n"
       "   source: s}\n"},
      {"data/machines/presets.yaml",
       "- {id: two-4090, what: a desktop with two, cores: 16, memory: 64GB, memory_bandwidth: 89.6GB/s,\n"
       "   gpus: [RTX 4090, rtx 4090], gpu_memory: [24GB, 24GB]}\n"},
      {"data/models/alpha.yaml",
       "- id: alpha-8b\n  name: Alpha 8B\n  family: alpha\n  maker: Ayla\n  huggingface: "
       "Ayla/Alpha-8B-Instruct\n"
       "  also: [alpha-8b-chat]\n  released: 2026-04-22\n  weights: open\n"
       "  license: {id: Apache-2.0, commercial: yes, source: card}\n"
       "  parameters: {total: 8.2e9, active: 8.2e9}\n"
       "  context: {native: 131072, extended: 1010000, source: config}\n  inputs: [text, image]\n"
       "  thinking: optional\n  tools: yes\n  fill_in_middle: no\n  mtp: heads\n"
       "  languages: {listed: [th, en, 'no'], counted: 201, source: card}\n"
       "  shape:\n    architecture: qwen35\n    block_count: 8\n    rope.freq_base: 1.0e6\n"
       "    tie_word_embeddings: yes\n    attention.head_count_kv: {pattern: [0, 0, 0, 4], repeat: 2}\n"
       "    source: config.json\n"
       "  projector: {bytes: 927600000, source: hub}\n"
       "  builds:\n"
       "    - {format: gguf, quantization: Q4_K_M, bytes: 5000000000, repository: u/Alpha-8B-GGUF,\n"
       "       file: Alpha-8B-Q4_K_M.gguf, ollama: \"alpha:8b\", source: hub}\n"
       "  hosting:\n    - {provider: OpenRouter, api_id: ayla/alpha-8b, under_contract: no, source: site}\n"
       "  ollama: \"alpha:8b\"\n  superseded_by: beta-9b\n  sources: [\"https://example.org\"]\n"},
      {"data/models/beta.yaml",
       "- {id: beta-9b, name: Beta 9B, family: beta, maker: Bo, weights: closed, released: 2026-08,\n"
       "   derived_from: alpha-8b, sources: [s]}\n"},
      {"data/evidence/leaderboard.yaml",
       "- source: github:o/r@c:README.md\n  reporter: o\n  reported_by: third-party\n  date: 2026-05-01\n"
       "  metric: aider\n  scores:\n"
       "    - {model: beta-9b, score: 61.5}\n"
       "    - {model: alpha-8b, measured: Alpha-8B-it, mode: thinking, score: 55}\n"
       "    - {model: alpha-8b, mode: no-thinking, quantization: Q4_K_M, score: 44}\n"
       "- source: github:o/r@c:README.md\n  reporter: o\n  reported_by: maker\n  metric: thai-exam\n  "
       "language: th\n"
       "  scores:\n    - {model: alpha-8b, score: 0.7}\n"},
      {"data/questions/1-job.yaml",
       "question: job\nrules:\n  - id: job.any.retired\n    when: [{fact: route, is: cloud}]\n"
       "    require: [{fact: retired, is: no}]\n    because: rule.retired\n"
       "options:\n  - id: chat\n    requires:\n"
       "      - {id: job.chat.kind, require: [{fact: kind, any_of: [general, roleplay]}], because: not a "
       "talker}\n"
       "    weighs: {language: 4}\n    minds: [confabulation]\n    context: 8192\n    min_speed: 5\n"
       "  - {id: code, weighs: {code: 4}, context: 32K, long_documents: yes, input: image}\n"},
      {"data/questions/2-language.yaml", "question: language\n"},
      {"data/questions/3-egress.yaml",
       "question: egress\noptions:\n  - {id: never, routes: [this-machine]}\n"
       "  - {id: anywhere, routes: [this-machine, own-server, cloud]}\n"},
      {"data/questions/4-failure.yaml",
       "question: failure\noptions:\n  - {id: confabulation, capability: honesty, weight: 2}\n"
       "  - {id: slowness, weight: 1}\n"},
      {"data/words/en.yaml", "rule.retired: \"{model} is switched off\"\njob.chat.name: conversation\n"},
      {"data/words/en.d/fit.yaml", "fit.because.gpu: \"all of it fits on {gpu}\"\n"},
      {"data/words/th.yaml", "job.chat.name: สนทนา\n"},
  };
}

/// `files` with the one called `name` replaced.
inline std::vector<SourceFile> with(std::vector<SourceFile> files, const std::string& name,
                                    std::string text) {
  for (SourceFile& file : files) {
    if (file.name == name) file.text = text;
  }
  return files;
}

/// The small data with one part of one file replaced.
inline std::vector<SourceFile> edited(const std::string& name, const std::string& from,
                                      const std::string& to) {
  std::vector<SourceFile> files = small_data();
  for (SourceFile& file : files) {
    if (file.name != name) continue;
    const std::size_t at = file.text.find(from);
    if (at == std::string::npos) return {};
    file.text.replace(at, from.size(), to);
  }
  return files;
}

inline Catalog small_catalog() { return read_catalog(small_data()).catalog; }

/// All messages, without places and lines, in order of place.
inline std::vector<std::string> messages(const std::vector<Diagnostic>& problems) {
  std::vector<std::string> texts;
  for (const Diagnostic& problem : problems) texts.push_back(problem.message);
  return texts;
}

}  // namespace jobfit
