// vLLM's line, which is long enough for a file of its own.
#pragma once

#include "jobfit/fit.hpp"

#include <string>

namespace jobfit {

/// "vllm serve ..." for the largest published safetensors build that lies whole in the GPUs at this context;
/// empty where there is none, or vLLM does not run on this machine.
std::string vllm_command(const Model& model, const Fit& fit, const Machine& machine, bool tools,
                         bool thinking_off);

/// Name of vLLM's tool-call parser for `model`; empty where none is known.
std::string_view tool_call_parser(const Model& model);

}  // namespace jobfit
