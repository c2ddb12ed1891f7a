// Lists by layer, as config.json writes them and as GGUF keys want them.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "fit/config.hpp"

namespace jobfit {

using List = std::vector<std::int64_t>;

inline bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Layer types as the file lists them, one word each.
inline List where(ConfigSource& in, ConfigSource::Names names, std::initializer_list<std::string_view> words) {
  List out;
  for (const std::string& type : in.strings(names)) out.push_back(one_of(type, words));
  return out;
}

inline std::int64_t bounded_blocks(const ConfigKeys& out) {
  return std::clamp<std::int64_t>(out.get("block_count", 0), 0, 4096);
}

inline void per_layer_kv(ConfigKeys& out, const List& attends) {
  const std::int64_t kv = out.get("attention.head_count_kv", 0);
  List heads;
  for (std::int64_t here : attends) heads.push_back(here ? kv : 0);
  out.set("attention.head_count_kv", std::move(heads));
}

/// A draft block attends and has a feed-forward as the widest layer does.
inline void lengthen_lists(ConfigKeys& out, std::int64_t draft) {
  for (auto& [key, value] : out.values.values) {
    auto* list = std::get_if<List>(&value);
    if (!list || list->empty() || static_cast<std::int64_t>(list->size()) != out.get("block_count", 0)) continue;
    if (key != "feed_forward_length" && !key.starts_with("attention.head_count")) continue;
    list->insert(list->end(), static_cast<std::size_t>(draft), *std::max_element(list->begin(), list->end()));
  }
}

}  // namespace jobfit
