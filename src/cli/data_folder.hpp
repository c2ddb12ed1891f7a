// A data folder as the catalog's reader wants it.
#pragma once

#include "jobfit/catalog.hpp"

#include <optional>
#include <string>
#include <vector>

namespace jobfit {

/// Every YAML file of a data folder, in order of name, named FOLDER/relative/path.yaml with
/// FOLDER the folder's own name. nullopt and `error`: the folder or a file cannot be read.
std::optional<std::vector<SourceFile>> read_data_folder(const std::string& folder, std::string& error);

}  // namespace jobfit
