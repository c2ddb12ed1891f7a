// Where each value of a JSON text stands, so that a problem can be shown at its place.
#pragma once

#include "jobfit/diagnostic.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

/// Offsets by path: "gpus[0].memory_bytes".
struct JsonPlace {
  std::size_t key = 0, value = 0, end = 0;
  bool has_key = false;
};
struct JsonPlaces {
  std::map<std::string, JsonPlace> places;
  std::vector<std::string> repeated;  ///< paths of keys that stand twice in their object
  bool too_deep = false;
};
/// Of a text that is JSON; of any other, as far as it goes.
JsonPlaces json_places(std::string_view text);

/// A problem at `offset` of `text`, `length` bytes wide.
Diagnostic problem_at(std::string_view text, const std::string& file, std::size_t offset, std::size_t length,
                      std::string message, std::string hint = {});

}  // namespace jobfit
