// Writes small GGUF files for tests: right ones, and ones wrong in a chosen way.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "jobfit/shape.hpp"

namespace jobfit {

/// A directory of its own, gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string made = (std::filesystem::temp_directory_path() / "jobfit-XXXXXX").string();
    path_ = mkdtemp(made.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string file(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

/// Bytes of a header, put down one after the other.
class GgufBytes {
 public:
  std::string bytes;

  template <typename T>
  GgufBytes& put(T value) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    bytes.append(raw, sizeof(T));
    return *this;
  }
  GgufBytes& text(std::string_view value) {
    put(static_cast<std::uint64_t>(value.size()));
    bytes += value;
    return *this;
  }
  GgufBytes& start(std::uint64_t tensors, std::uint64_t keys, std::uint32_t version = 3) {
    bytes += "GGUF";
    return put(version).put(tensors).put(keys);
  }
  GgufBytes& key(std::string_view name, std::string_view value) { return text(name).put(8u).text(value); }
  GgufBytes& key(std::string_view name, std::uint32_t value) { return text(name).put(4u).put(value); }
  GgufBytes& tensor(std::string_view name, const std::vector<std::uint64_t>& dimensions, std::uint32_t type,
                    std::uint64_t offset) {
    text(name).put(static_cast<std::uint32_t>(dimensions.size()));
    for (auto size : dimensions) put(size);
    return put(type).put(offset);
  }
  /// Pads to `alignment`, then leaves a hole of `weights` bytes: the file takes no room on the disk.
  void save(const std::string& path, std::uint64_t weights = 0, std::uint64_t alignment = 32) const {
    std::ofstream(path, std::ios::binary) << bytes;
    const std::uint64_t data = (bytes.size() + alignment - 1) / alignment * alignment;
    if (weights > 0) std::filesystem::resize_file(path, data + weights);
  }
};

/// A whole model's file: its keys and its tensors, without weights on the disk.
inline void save_model(const std::string& path, const Hyperparameters& keys,
                       const std::vector<Tensor>& tensors) {
  GgufBytes out;
  std::string architecture = std::get<std::string>(*keys.find("architecture"));
  std::vector<std::pair<std::string, Hyperparameters::Value>> kept;
  for (const auto& [name, value] : keys.values)
    if (name != "architecture" && name != "vocab_size" && name != "tie_word_embeddings")
      kept.emplace_back(name, value);
  out.start(tensors.size(), kept.size() + 1).key("general.architecture", architecture);
  for (const auto& [name, value] : kept) {
    out.text(architecture + "." + name);
    if (const auto* number = std::get_if<std::int64_t>(&value))
      out.put(4u).put(static_cast<std::uint32_t>(*number));
    else if (const auto* real = std::get_if<double>(&value)) out.put(6u).put(static_cast<float>(*real));
    else if (const auto* flag = std::get_if<bool>(&value)) out.put(7u).put(static_cast<std::uint8_t>(*flag));
    else if (const auto* word = std::get_if<std::string>(&value)) out.put(8u).text(*word);
    else {
      const auto& list = std::get<std::vector<std::int64_t>>(value);
      out.put(9u).put(5u).put(static_cast<std::uint64_t>(list.size()));
      for (auto item : list) out.put(static_cast<std::int32_t>(item));
    }
  }
  std::uint64_t offset = 0;
  for (const Tensor& tensor : tensors) {
    std::vector<std::uint64_t> dimensions(tensor.dimensions.begin(), tensor.dimensions.end());
    const bool f32 = tensor.type == "f32";
    std::uint64_t bytes = f32 ? 4 : 2;
    for (auto size : dimensions) bytes *= size;
    out.tensor(tensor.name, dimensions, f32 ? 0 : 30, offset);  // f32 or bf16
    offset += (bytes + 31) / 32 * 32;
  }
  out.save(path, offset);
}

}  // namespace jobfit
