// Files from outside: read whole within a bound, written whole or not at all.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobfit/catalog.hpp"

namespace jobfit {

/// A regular file of at most 64 MiB; otherwise `error` says why not.
std::optional<std::string> read_text_file(const std::string& path, std::string& error);
/// A file, or every YAML file of a folder.
std::optional<std::vector<SourceFile>> read_sources(const std::string& path, std::string& error);
/// Through a temporary file and a rename: an interrupted write leaves the old file.
bool write_text_file(const std::string& path, const std::string& text, std::string& error);

}  // namespace jobfit
