// The command that asks the same again.
#include "jobfit/report.hpp"

#include <fmt/format.h>

namespace jobfit {
namespace {

void add(std::string& command, const char* flag, const std::string& value) {
  if (!value.empty()) command += fmt::format(" {} {}", flag, shell_quote(value));
}

std::string joined(const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "" : ",") + value;
  return list;
}

}  // namespace

std::string one_shot_command(const Answers& answers) {
  std::string command = "jobfit";
  for (const std::string& job : answers.jobs) add(command, "--job", job);
  for (const std::string& language : answers.languages) add(command, "--language", language);
  add(command, "--egress", answers.egress);
  if (!answers.tolerates.empty()) {
    add(command, "--tolerate", joined(answers.tolerates));
  } else if (answers.tolerates_given) {
    command += " --tolerate none";
  }
  const Needs& needs = answers.needs;
  if (needs.context > 0) add(command, "--context", format_tokens(needs.context));
  if (needs.min_speed >= 0) add(command, "--min-speed", fmt::format("{}", needs.min_speed));
  add(command, "--input", joined(needs.inputs));
  add(command, "--license", needs.license);
  add(command, "--territory", needs.territory);
  if (needs.thinking != "any") add(command, "--thinking", needs.thinking);
  return command;
}

}  // namespace jobfit
