// What a file holds, by its place in a data folder.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace jobfit {

enum class FileKind {
  models,
  evidence,
  metrics,
  capabilities,
  languages,
  quantizations,
  glossary,
  devices,
  presets,
  words,
  question,
  mixed,  ///< none of the known places: sections, or a bare list
};

struct FilePlace {
  FileKind kind = FileKind::mixed;
  std::string name;  ///< stem; of words, the language
};

/// "models/qwen.yaml", "/home/me/data/metrics.yaml", "words/en.d/fit.yaml": by the end of the path.
FilePlace place_of_file(std::string_view path);

/// The key of a section in a file of one's own: "models".
struct SectionName {
  std::string_view name;
  FileKind kind;
};
std::span<const SectionName> section_names();

}  // namespace jobfit
