// A catalog entry in YAML made from a GGUF file or a config.json.
#pragma once

#include <string>

namespace jobfit {

/// What the file says and no more: what it does not say is left for the user to add.
std::string catalog_entry(const std::string& path);

}  // namespace jobfit
