// From flags, files and the person at the terminal to answers and machines.
#pragma once

#include "cli/knowledge.hpp"
#include "jobfit/advice.hpp"

namespace jobfit {

/// Answers of --answers with the flags laid over. Values are checked; missing ones stay empty.
Answers answers_from(const Options& options, const Catalog& catalog);

/// The same, and what is missing is asked for where a person is at the terminal. Otherwise Stop
/// with kUsage names the flag. `asked` says whether anything was asked.
Answers complete_answers(const Options& options, const Knowledge& knowledge, Terminal& terminal, bool& asked);

/// [0] this machine (probed, recorded, a preset, a profile), then the servers.
std::vector<Machine> machines_from(const Options& options, const Catalog& catalog, Terminal& terminal);

/// One profile, as --machine - reads them.
MachineRead machine_of_text(const std::string& text, const std::string& file, const Options& options,
                            const Catalog& catalog);

/// The index of the model meant; Stop with a did-you-mean otherwise.
std::uint32_t model_named(const Catalog& catalog, const std::string& name);

}  // namespace jobfit
