#include "cli/data_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace jobfit {
namespace {

namespace fs = std::filesystem;

/// What else lies in a data folder: schemas of the outputs, the manual, completions.
bool not_catalog(const fs::path& relative) {
  const std::string first = relative.begin()->string();
  return first == "schema" || first == "man" || first == "completions";
}

std::string folder_name(const fs::path& folder) {
  const fs::path clean = folder.lexically_normal();
  return (clean.filename().empty() ? clean.parent_path() : clean).filename().string();
}

}  // namespace

std::optional<std::vector<SourceFile>> read_data_folder(const std::string& folder, std::string& error) {
  std::error_code failed;
  std::vector<fs::path> paths;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed)) {
    const fs::path relative = at->path().lexically_relative(folder);
    if (at->is_regular_file(failed) && at->path().extension() == ".yaml" && !not_catalog(relative)) {
      paths.push_back(relative);
    }
  }
  if (failed) {
    error = folder + ": " + failed.message();
    return std::nullopt;
  }
  std::sort(paths.begin(), paths.end());
  std::vector<SourceFile> files;
  for (const fs::path& relative : paths) {
    std::ifstream in(fs::path(folder) / relative, std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in) {
      error = (fs::path(folder) / relative).string() + ": cannot be read";
      return std::nullopt;
    }
    files.push_back({(fs::path(folder_name(folder)) / relative).generic_string(), std::move(text)});
  }
  return files;
}

}  // namespace jobfit
