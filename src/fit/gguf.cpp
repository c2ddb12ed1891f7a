// A model in one or several GGUF files as a shape's hyperparameters and its weights.

#include "fit/architecture.hpp"
#include "fit/gguf_header.hpp"
#include "jobfit/shape.hpp"
#include "jobfit/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace jobfit {
namespace {

constexpr std::int64_t kMostParts = 1024;

/// llama.cpp's numbers for general.file_type.
std::string_view mix_of(std::int64_t file_type) {
  static const std::map<std::int64_t, std::string_view> kNames = {
      {0, "F32"},      {1, "F16"},     {2, "Q4_0"},     {3, "Q4_1"},    {7, "Q8_0"},    {8, "Q5_0"},
      {9, "Q5_1"},     {10, "Q2_K"},   {11, "Q3_K_S"},  {12, "Q3_K_M"}, {13, "Q3_K_L"}, {14, "Q4_K_S"},
      {15, "Q4_K_M"},  {16, "Q5_K_S"}, {17, "Q5_K_M"},  {18, "Q6_K"},   {19, "IQ2_XXS"}, {20, "IQ2_XS"},
      {21, "Q2_K_S"},  {22, "IQ3_XS"}, {23, "IQ3_XXS"}, {24, "IQ1_S"},  {25, "IQ4_NL"}, {26, "IQ3_S"},
      {27, "IQ3_M"},   {28, "IQ2_S"},  {29, "IQ2_M"},   {30, "IQ4_XS"}, {31, "IQ1_M"},  {32, "BF16"},
      {36, "TQ1_0"},   {37, "TQ2_0"},  {38, "MXFP4"}};
  const auto found = kNames.find(file_type & 1023);  // 1024 says "guessed"
  return found == kNames.end() ? std::string_view() : found->second;
}

/// The name under which most of the bytes are known.
std::string commonest_type(const std::vector<Tensor>& tensors) {
  std::map<std::string, Bytes> by_type;
  for (const Tensor& tensor : tensors) by_type[tensor.type] += tensor.bytes;
  const auto most = std::max_element(by_type.begin(), by_type.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == by_type.end()) return "";
  std::string name = most->first;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c); });
  return name;
}

/// "…-00002-of-00005.gguf" of part `part` (from 0); empty where `path` is not so named.
std::string part_path(const std::string& path, std::int64_t part, std::int64_t parts) {
  const std::string ending = fmt::format("-of-{:05}.gguf", parts);
  if (!path.ends_with(ending) || path.size() < ending.size() + 6) return "";
  const std::size_t number = path.size() - ending.size() - 5;
  if (path[number - 1] != '-') return "";
  return path.substr(0, number) + fmt::format("{:05}", part + 1) + ending;
}

Diagnostic problem(const std::string& path, std::string message) {
  Diagnostic d;
  d.place.file = neutralise(path);
  d.message = std::move(message);
  return d;
}

void set(Hyperparameters& values, std::string_view key, Hyperparameters::Value value) {
  for (auto& [name, old] : values.values) {
    if (name == key) {
      old = std::move(value);
      return;
    }
  }
  values.values.emplace_back(key, std::move(value));
}

/// What the metadata leaves to the tensors.
void complete(Hyperparameters& values, const std::vector<Tensor>& tensors, std::int64_t tokens) {
  bool output = false;
  std::set<std::int64_t> routed;
  std::int64_t rows = 0;
  for (const Tensor& tensor : tensors) {
    if (tensor.name == "token_embd.weight" && tensor.dimensions.size() > 1) rows = tensor.dimensions[1];
    if (tensor.name == "output.weight") output = true;
    if (tensor.name.starts_with("blk.") && tensor.name.ends_with(".ffn_down_exps.weight")) {
      std::int64_t layer = 0;
      std::from_chars(tensor.name.data() + 4, tensor.name.data() + tensor.name.size(), layer);
      routed.insert(layer);
    }
  }
  if (rows > 0) {
    set(values, "vocab_size", rows);
  } else if (!values.find("vocab_size") && tokens > 0) {
    set(values, "vocab_size", tokens);
  }
  if (rows > 0) set(values, "tie_word_embeddings", !output);
  const auto* name = std::get_if<std::string>(values.find("architecture"));
  const Architecture* a = name ? find_architecture(*name) : nullptr;
  const auto* blocks =
      values.find("block_count") ? std::get_if<std::int64_t>(values.find("block_count")) : nullptr;
  if (a && a->expert_layers == ExpertLayers::as_listed && blocks && *blocks > 0 && *blocks <= 4096) {
    std::vector<std::int64_t> layers(static_cast<std::size_t>(*blocks), 0);
    for (std::int64_t layer : routed) {
      if (layer >= 0 && layer < *blocks) layers[static_cast<std::size_t>(layer)] = 1;
    }
    set(values, "expert_layers", std::move(layers));
  }
}

}  // namespace

GgufRead read_gguf(const std::string& path) {
  GgufRead read;
  GgufHeader first = read_gguf_header(path);
  if (first.problem) {
    read.problems.push_back(problem(path, *first.problem));
    return read;
  }
  std::vector<std::string> others;
  if (first.parts > 1) {
    if (first.parts > kMostParts || part_path(path, 0, first.parts).empty()) {
      read.problems.push_back(
          problem(path, fmt::format("is one of {} parts, and its name does not say which: "
                                    "expected '...-00001-of-{:05}.gguf'",
                                    first.parts, first.parts)));
      return read;
    }
    if (first.part != 0) {  // the metadata is in the first part
      const std::string head = part_path(path, 0, first.parts);
      first = read_gguf_header(head);
      if (first.problem) {
        read.problems.push_back(problem(head, *first.problem));
        return read;
      }
    }
    for (std::int64_t part = 1; part < first.parts; ++part)
      others.push_back(part_path(path, part, first.parts));
  }

  std::set<std::string> names;
  for (const Tensor& tensor : first.tensors) names.insert(tensor.name);
  read.file_bytes = first.file_bytes;
  read.weights.tensors = std::move(first.tensors);
  for (const std::string& other : others) {
    GgufHeader part = read_gguf_header(other);
    if (part.problem) {
      read.problems.push_back(problem(other, *part.problem));
      continue;
    }
    read.file_bytes += part.file_bytes;
    for (Tensor& tensor : part.tensors) {
      if (!names.insert(tensor.name).second) {
        read.problems.push_back(
            problem(other, fmt::format("tensor '{}' is in an earlier part too", tensor.name)));
        continue;
      }
      read.weights.tensors.push_back(std::move(tensor));
    }
  }
  if (!read.problems.empty()) return read;

  for (const Tensor& tensor : read.weights.tensors) {
    if (__builtin_add_overflow(read.weights.total_bytes, tensor.bytes, &read.weights.total_bytes)) {
      read.problems.push_back(problem(path, "its tensors add up past 64 bits"));
      return read;
    }
  }
  read.name = first.name;
  read.quantization = first.file_type ? std::string(mix_of(*first.file_type)) : "";
  if (read.quantization.empty()) read.quantization = commonest_type(read.weights.tensors);
  if (first.architecture.empty()) {
    read.problems.push_back(problem(path, "does not say its architecture (general.architecture)"));
    return read;
  }
  read.hyperparameters.values.emplace_back("architecture", first.architecture);
  for (auto& value : first.values.values) read.hyperparameters.values.push_back(std::move(value));
  complete(read.hyperparameters, read.weights.tensors, first.tokens);
  return read;
}

}  // namespace jobfit
