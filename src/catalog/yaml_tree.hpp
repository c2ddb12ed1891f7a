// YAML text → a tree with the place of everything. Only yaml_tree.cpp knows yaml-cpp.
#pragma once

#include "jobfit/catalog.hpp"
#include "jobfit/diagnostic.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

inline constexpr std::uint32_t kNoNode = 0xFFFFFFFF;

struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, list, map };
  Kind kind = Kind::null;
  bool plain = true;                    ///< scalar: written without quotes
  int line = 0, column = 0;             ///< from 1; columns in bytes
  int width = 1;                        ///< bytes that the caret underlines
  std::string text;                     ///< scalar: always as written, `no` stays "no"
  std::vector<std::uint32_t> children;  ///< list: items; map: key, value, key, value, ...
};

/// One YAML file. An alias is the node it stands for, so this is a graph without circles.
struct YamlDocument {
  std::string file;
  std::string text;
  std::vector<std::size_t> line_starts;
  std::vector<YamlNode> nodes;
  std::uint32_t root = kNoNode;  ///< kNoNode: nothing could be read

  std::string_view line(int number) const;  ///< without its line end; empty when there is none
};

/// Total: what is not YAML, or would be too much of it (nesting, nodes, what aliases expand to,
/// lengths), is a problem with its place and leaves `root` at kNoNode.
YamlDocument parse_yaml(const SourceFile& file, std::vector<Diagnostic>& problems);

}  // namespace jobfit
