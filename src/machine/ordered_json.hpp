// JSON whose keys stay in the order they were set.
#pragma once

#include "jobfit/machine.hpp"

#include <nlohmann/json.hpp>

namespace jobfit::json {

/// Most objects here have up to a dozen keys: room for them is taken at once. One that grows further moves
/// its values, which a map of constant keys would copy, with all that they hold.
template <typename Key, typename Value, typename Less, typename Allocator>
struct RoomyMap : nlohmann::ordered_map<Key, Value, Less, Allocator> {
  using Base = nlohmann::ordered_map<Key, Value, Less, Allocator>;
  RoomyMap() { this->reserve(8); }
  template <typename Iterator>
  RoomyMap(Iterator first, Iterator last) : Base(first, last) {}

  template <typename NewKey, typename NewValue>
  auto emplace(NewKey&& key, NewValue&& value) {
    if (this->size() == this->capacity()) grow();
    return Base::emplace(std::forward<NewKey>(key), std::forward<NewValue>(value));
  }

 private:
  void grow() {
    typename Base::Container roomier;
    roomier.reserve(2 * this->size() + 1);
    for (auto& [key, value] : *this) roomier.emplace_back(key, std::move(value));
    this->swap(roomier);
  }
};

using Json = nlohmann::basic_json<RoomyMap>;

/// What write_machine writes, less its schema.
Json machine_profile(const Machine& machine, const Words* words);

}  // namespace jobfit::json
