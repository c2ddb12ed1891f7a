// The command line as typed. Only options.cpp knows CLI11.
#pragma once

#include <string>
#include <vector>

#include "jobfit/machine.hpp"

namespace jobfit {

struct Options {
  std::string command;                 ///< "" (advise), "why", "models show", "catalog check", ...
  std::vector<std::string> arguments;  ///< MODEL, FILE, TERM

  // Answers
  std::vector<std::string> jobs, languages, tolerates, inputs;
  std::string egress, context, min_speed, license, territory, thinking;
  std::string answers_file, save_answers, since;

  // The machine
  std::string machine, runtime, root;
  MachineFlags flags;
  std::vector<std::string> servers;
  std::string record;
  bool measure = false;

  // The catalog
  std::vector<std::string> catalogs, rules;
  std::string as_of;

  // One build
  std::string quantization, kv_cache, flash_attention;
  int micro_batch = 0, parallel = 0, outputs = -1;
  std::string model;                   ///< of explain --model

  // Output
  std::string format, lang, color = "auto", output;
  int top = 0;
  bool json = false, no_input = false, quiet = false;
};

/// What to do instead of running: text for stdout (help, version), or a usage error for stderr.
struct Parsed {
  Options options;
  bool stop = false;
  std::string out, error;
};

Parsed parse_options(const std::vector<std::string>& arguments);

/// The flags and commands, for the man page, completions and their tests.
struct FlagInfo { std::string names, group, what; bool takes_value = false; };
struct CommandInfo { std::string name, what; };
std::vector<FlagInfo> all_flags();
std::vector<CommandInfo> all_commands();

}  // namespace jobfit
