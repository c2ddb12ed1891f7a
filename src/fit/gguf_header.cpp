#include "fit/gguf_header.hpp"

#include "fit/ggml_types.hpp"
#include "fit/gguf_stream.hpp"
#include "jobfit/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace jobfit {
namespace {

// Value types of GGUF metadata, by number.
enum ValueType : std::uint32_t { u8, i8, u16, i16, u32, i32, f32, boolean, string, array, u64, i64, f64 };
constexpr int kValueBytes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

constexpr std::uint64_t kMostKeys = 1 << 16, kMostTensors = 1 << 17;
constexpr std::uint64_t kLongestKey = 65535, kLongestName = 1024, kLongestText = 1 << 24;
constexpr std::uint64_t kLongestList = 4096;  // per-layer lists; longer ones are vocabularies
constexpr int kDeepest = 4;

/// A metadata value: one of ours, or passed over.
using Value = std::optional<Hyperparameters::Value>;

std::optional<std::int64_t> integer(GgufStream& in, std::uint32_t type) {
  switch (type) {
    case u8: return in.read<std::uint8_t>();
    case i8: return in.read<std::int8_t>();
    case u16: return in.read<std::uint16_t>();
    case i16: return in.read<std::int16_t>();
    case u32: return in.read<std::uint32_t>();
    case i32: return in.read<std::int32_t>();
    case boolean: return in.read<std::uint8_t>() != 0;
    case i64: return in.read<std::int64_t>();
    case u64: {
      const auto value = in.read<std::uint64_t>();
      if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        in.fail(fmt::format("the number {} is past 63 bits", value));
      }
      return static_cast<std::int64_t>(value);
    }
    default: return std::nullopt;
  }
}

void skip_array(GgufStream& in, std::uint32_t type, std::uint64_t count, int depth) {
  if (type > f64) return in.fail(fmt::format("an array of unknown type {}", type));
  if (depth > kDeepest) return in.fail("arrays within arrays within arrays");
  if (type == string) {
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) in.skip(in.read<std::uint64_t>(), "a string");
  } else if (type == array) {
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
      const auto inner = in.read<std::uint32_t>();
      skip_array(in, inner, in.read<std::uint64_t>(), depth + 1);
    }
  } else {
    std::uint64_t bytes = 0;
    const auto each = static_cast<std::uint64_t>(kValueBytes[type]);
    if (__builtin_mul_overflow(count, each, &bytes)) {
      return in.fail(fmt::format("an array of {} values multiplies past 64 bits", count));
    }
    in.skip(bytes, fmt::format("an array of {} values", count));
  }
}

/// Reads the value; what we have no use for is skipped where it lies. `list_length` gets an array's count.
Value read_value(GgufStream& in, std::uint32_t type, bool wanted, std::uint64_t& list_length) {
  list_length = 0;
  if (type > f64) {
    in.fail(fmt::format("a value of unknown type {}", type));
    return std::nullopt;
  }
  if (type == string) {
    if (wanted) return in.string(kLongestText, "a string");
    in.skip(in.read<std::uint64_t>(), "a string");
    return std::nullopt;
  }
  if (type == array) {
    const auto of = in.read<std::uint32_t>();
    const auto count = in.read<std::uint64_t>();
    list_length = count;
    const bool whole = of <= boolean ? of != f32 : of == u64 || of == i64;
    if (!wanted || !whole || count > kLongestList) {
      skip_array(in, of, count, 0);
      return std::nullopt;
    }
    std::vector<std::int64_t> list;
    for (std::uint64_t i = 0; i < count && in.ok(); ++i) list.push_back(integer(in, of).value_or(0));
    return Hyperparameters::Value(std::move(list));
  }
  if (type == f32) return Hyperparameters::Value(static_cast<double>(in.read<float>()));
  if (type == f64) return Hyperparameters::Value(in.read<double>());
  if (type == boolean) return Hyperparameters::Value(in.read<std::uint8_t>() != 0);
  return Hyperparameters::Value(integer(in, type).value_or(0));
}

struct Metadata {
  std::uint64_t alignment = 32;
  std::vector<std::pair<std::string, Hyperparameters::Value>> values;
};

void read_metadata(GgufStream& in, std::uint64_t count, GgufHeader& out, Metadata& metadata) {
  std::set<std::string> seen;
  for (std::uint64_t i = 0; i < count && in.ok(); ++i) {
    const std::uint64_t start = in.position();
    std::string key = in.string(kLongestKey, "a key");
    const auto type = in.read<std::uint32_t>();
    if (!in.ok()) return;
    if (!seen.insert(key).second)
      return in.fail_at(start, fmt::format("the key '{}' twice", neutralise(key)));
    const bool tokenizer = key.starts_with("tokenizer.");
    std::uint64_t length = 0;
    const std::uint64_t value_at = in.position();
    Value value = read_value(in, type, !tokenizer, length);
    if (!in.ok()) return;
    if (key == "tokenizer.ggml.tokens") out.tokens = static_cast<std::int64_t>(length);
    if (!value) continue;
    const auto* number = std::get_if<std::int64_t>(&*value);
    const auto* text = std::get_if<std::string>(&*value);
    if (key == "general.alignment") {
      if (!number || *number <= 0 || (*number & (*number - 1)) != 0 || *number > (1 << 20)) {
        return in.fail_at(value_at, "general.alignment is not a power of two");
      }
      metadata.alignment = static_cast<std::uint64_t>(*number);
    }
    if (key == "general.architecture" && text) out.architecture = neutralise(*text);
    if (key == "general.name" && text) out.name = shorten(neutralise(*text), 200);
    if (key == "general.file_type" && number) out.file_type = *number;
    if (key == "split.no" && number) out.part = *number;
    if (key == "split.count" && number) out.parts = *number;
    metadata.values.emplace_back(std::move(key), std::move(*value));
  }
}

struct Extent {
  std::uint64_t offset = 0, bytes = 0, at = 0;
  std::size_t tensor = 0;
};

Tensor read_tensor(GgufStream& in, Extent& extent, std::uint64_t alignment) {
  Tensor tensor;
  extent.at = in.position();
  tensor.name = neutralise(in.string(kLongestName, "a tensor's name"));
  const auto refuse = [&](std::string_view why) {
    in.fail_at(extent.at, fmt::format("tensor '{}' {}", tensor.name, why));
  };
  const auto dimensions = in.read<std::uint32_t>();
  if (in.ok() && (dimensions == 0 || dimensions > 4)) refuse(fmt::format("has {} dimensions", dimensions));
  std::int64_t elements = 1;
  for (std::uint32_t d = 0; in.ok() && d < dimensions; ++d) {
    const auto size = in.read<std::uint64_t>();
    if (!in.ok()) break;  // cppcheck-suppress oppositeInnerCondition ; reading may fail
    if (size == 0 || size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      refuse(fmt::format("has a dimension of {}", size));
      break;
    }
    tensor.dimensions.push_back(static_cast<std::int64_t>(size));
    if (__builtin_mul_overflow(elements, static_cast<std::int64_t>(size), &elements)) {
      refuse("multiplies past 64 bits");
    }
  }
  const auto number = in.read<std::uint32_t>();
  extent.offset = in.read<std::uint64_t>();
  if (!in.ok()) return tensor;
  const GgmlType* type = ggml_type(number);
  if (!type) {
    refuse(fmt::format("has the unknown type {}", number));
    return tensor;
  }
  tensor.type = type->name;
  if (tensor.dimensions[0] % type->block_values != 0) {
    refuse(fmt::format("has rows of {} values, which {} blocks of {} cannot hold", tensor.dimensions[0],
                       type->name, type->block_values));
    return tensor;
  }
  const auto bytes = ggml_bytes(type->name, elements);
  if (!bytes) {
    refuse("multiplies past 64 bits");
    return tensor;
  }
  tensor.bytes = *bytes;
  extent.bytes = static_cast<std::uint64_t>(*bytes);
  if (extent.offset % alignment != 0) {
    refuse(fmt::format("starts at {}, which is not a multiple of {}", extent.offset, alignment));
  }
  return tensor;
}

void check_extents(GgufStream& in, std::vector<Extent> extents, const std::vector<Tensor>& tensors,
                   std::uint64_t data) {
  std::sort(extents.begin(), extents.end(), [](const Extent& a, const Extent& b) {
    return std::pair(a.offset, a.bytes) < std::pair(b.offset, b.bytes);
  });
  std::uint64_t end = 0;
  const Extent* last = nullptr;
  for (const Extent& extent : extents) {
    if (last && extent.offset < end) {
      return in.fail_at(extent.at, fmt::format("tensor '{}' overlaps '{}'", tensors[extent.tensor].name,
                                               tensors[last->tensor].name));
    }
    std::uint64_t stop = 0;
    if (__builtin_add_overflow(extent.offset, extent.bytes, &end) ||
        __builtin_add_overflow(end, data, &stop)) {
      return in.fail_at(extent.at, fmt::format("tensor '{}' ends past 64 bits", tensors[extent.tensor].name));
    }
    if (stop > in.size()) {
      return in.fail_at(in.size(), fmt::format("truncated: tensor '{}' ends at byte {}, and the file has {}",
                                               tensors[extent.tensor].name, stop, in.size()));
    }
    last = &extent;
  }
}

void read_header(GgufStream& in, GgufHeader& out) {
  const auto magic = in.read<std::uint32_t>();
  if (!in.ok()) return;
  if (magic == 0x47475546)
    return in.fail_at(0, "is a big-endian GGUF file; llama.cpp reads little-endian ones");
  if (magic != 0x46554747) return in.fail_at(0, "is not a GGUF file: it does not begin with 'GGUF'");
  const auto version = in.read<std::uint32_t>();
  if (!in.ok()) return;
  if (version != 0 && (version & 0xffff) == 0) {
    return in.fail_at(4, "is a big-endian GGUF file; llama.cpp reads little-endian ones");
  }
  if (version < 2 || version > 3) {
    return in.fail_at(4, fmt::format("has GGUF version {}; versions 2 and 3 are known", version));
  }
  const auto tensors = in.read<std::uint64_t>();
  if (in.ok() && (tensors > kMostTensors || tensors > in.left() / 24)) {
    return in.fail_at(8, fmt::format("claims {} tensors, more than it can hold", tensors));
  }
  const auto keys = in.read<std::uint64_t>();
  if (in.ok() && (keys > kMostKeys || keys > in.left() / 13)) {
    return in.fail_at(16, fmt::format("claims {} metadata keys, more than it can hold", keys));
  }
  Metadata metadata;
  read_metadata(in, keys, out, metadata);
  if (!in.ok()) return;
  const std::string prefix = out.architecture + ".";
  for (auto& [key, value] : metadata.values) {
    if (!out.architecture.empty() && key.starts_with(prefix)) {
      out.values.values.emplace_back(key.substr(prefix.size()), std::move(value));
    }
  }
  std::vector<Extent> extents;
  std::set<std::string_view> names;
  out.tensors.reserve(static_cast<std::size_t>(tensors));
  for (std::uint64_t i = 0; i < tensors && in.ok(); ++i) {
    Extent extent;
    extent.tensor = out.tensors.size();
    out.tensors.push_back(read_tensor(in, extent, metadata.alignment));
    if (!in.ok()) return;
    if (!names.insert(out.tensors.back().name).second) {
      return in.fail_at(extent.at, fmt::format("tensor '{}' twice", out.tensors.back().name));
    }
    extents.push_back(extent);
  }
  if (!in.ok()) return;
  const std::uint64_t data =
      (in.position() + metadata.alignment - 1) / metadata.alignment * metadata.alignment;
  check_extents(in, std::move(extents), out.tensors, data);
}

}  // namespace

GgufHeader read_gguf_header(const std::string& path) {
  GgufHeader out;
  GgufStream in(path);
  if (in.ok()) {
    out.file_bytes = static_cast<Bytes>(in.size());
    read_header(in, out);
  }
  if (!in.ok()) out.problem = in.problem();
  return out;
}

}  // namespace jobfit
