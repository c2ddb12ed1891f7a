// Where runtimes keep models: what is free there, and what is there already.
#pragma once

#include "machine/findings.hpp"

#include <string_view>

namespace jobfit {

/// Bytes of all layers of an Ollama manifest; nullopt: it is not one.
std::optional<Bytes> parse_ollama_manifest(std::string_view json);

void probe_disk(const Findings& findings);

}  // namespace jobfit
