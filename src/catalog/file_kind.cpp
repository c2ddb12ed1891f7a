#include "catalog/file_kind.hpp"

#include <array>
#include <vector>

namespace jobfit {
namespace {

constexpr std::array<SectionName, 9> kSections = {{{"models", FileKind::models},
                                                   {"evidence", FileKind::evidence},
                                                   {"metrics", FileKind::metrics},
                                                   {"capabilities", FileKind::capabilities},
                                                   {"languages", FileKind::languages},
                                                   {"quantizations", FileKind::quantizations},
                                                   {"glossary", FileKind::glossary},
                                                   {"devices", FileKind::devices},
                                                   {"presets", FileKind::presets}}};

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto slash = path.find_first_of("/\\");
    parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

std::string_view without_ending(std::string_view name) {
  for (const std::string_view ending : {".yaml", ".yml", ".d"}) {
    if (name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return name;
}

}  // namespace

FilePlace place_of_file(std::string_view path) {
  const auto parts = parts_of(path);
  const std::string_view stem = without_ending(parts.back());
  const std::string_view folder = parts.size() > 1 ? parts[parts.size() - 2] : std::string_view{};
  const std::string_view above = parts.size() > 2 ? parts[parts.size() - 3] : std::string_view{};
  const std::string name(stem);
  if (folder == "models") return {FileKind::models, name};
  if (folder == "evidence") return {FileKind::evidence, name};
  if (folder == "questions") return {FileKind::question, name};
  if (folder == "machines") return {stem == "presets" ? FileKind::presets : FileKind::devices, name};
  if (folder == "words") return {FileKind::words, name};
  if (folder.ends_with(".d") && above == "words")
    return {FileKind::words, std::string(without_ending(folder))};
  for (const FileKind kind : {FileKind::metrics, FileKind::capabilities, FileKind::languages,
                              FileKind::quantizations, FileKind::glossary}) {
    for (const SectionName& section : kSections) {
      if (section.kind == kind && section.name == stem) return {kind, name};
    }
  }
  return {FileKind::mixed, name};
}

std::span<const SectionName> section_names() { return kSections; }

}  // namespace jobfit
