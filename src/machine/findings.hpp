// What the parts of the probe share: where they look, and where they put what they found.
#pragma once

#include "jobfit/machine.hpp"

#include <optional>
#include <span>
#include <string>

namespace jobfit {

struct Findings {
  const Host& host;
  std::span<const Device> devices;
  Machine& machine;

  void note(std::string key, std::vector<std::pair<std::string, std::string>> holes = {}) const;
  void source(std::string what, std::string where) const;
  /// The text of `path`; nullopt when it is not there, and with a note when it is there but is unreadable,
  /// too big, or binary.
  std::optional<std::string> text(const std::string& path, std::size_t limit = 1 << 20) const;
  /// The whole number in `path`; a note when the file holds something else.
  std::optional<std::int64_t> number(const std::string& path) const;
};

}  // namespace jobfit
