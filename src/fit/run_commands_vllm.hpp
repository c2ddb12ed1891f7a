// vLLM's line, which is long enough for a file of its own.
#pragma once

#include "jobfit/fit.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace jobfit {

/// "vllm serve ..." for the largest published safetensors build that lies whole in the GPUs at this context;
/// empty where there is none, or vLLM does not run on this machine.
std::string vllm_command(const Model& model, const Fit& fit, const Machine& machine, bool tools,
                         bool thinking_off, std::string_view worked_out);

/// What vLLM calls the parsers of a model's family; empty: it has none, or it takes more than a name.
struct ParserNames {
  std::string_view tools, reasoning;
  std::string_view thinking_off;  ///< JSON for --default-chat-template-kwargs
};
ParserNames parsers_of(const Model& model);

/// A build and how many equal cards hold it: `cards` in each of `machines` machines.
struct Served {
  Build build;
  std::size_t cards = 0, machines = 1;
};

/// Indexes of the equal NVIDIA or AMD cards of a machine, the only ones that tensor parallelism wants.
std::vector<std::size_t> equal_cards(const Machine& machine);

/// The largest safetensors build of `model` for `card`, with 1, 2, 4 ... up to `most_cards` of them in each
/// of `machines` machines; across machines all of their cards.
std::optional<Served> served_by(const Model& model, const Gpu& card, std::size_t most_cards,
                                std::size_t machines, std::int64_t context,
                                std::string_view worked_out = {});

/// " --enable-auto-tool-choice ..." and what else follows from the model's family.
std::string vllm_chat_flags(const Model& model, bool tools, bool thinking_off);

}  // namespace jobfit
