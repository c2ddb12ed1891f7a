// Child processes with a time limit and a bound on what they may say.
#pragma once

#include "jobfit/machine.hpp"

#include <string>
#include <vector>

namespace jobfit {

inline constexpr int kChildMilliseconds = 3000;
inline constexpr std::size_t kChildBytes = std::size_t{1} << 20;

/// Runs `arguments[0]`, an absolute path, without a shell: no input, C locale, its own process group,
/// stdout and stderr together. What has not ended in `milliseconds` is killed with all it started.
CommandRun run_command(const std::vector<std::string>& arguments, int milliseconds = kChildMilliseconds,
                       std::size_t limit = kChildBytes);

/// Calls `ask` in a forked child and gives back the text it returned.
CommandRun ask_in_child(std::string (*ask)(), int milliseconds = kChildMilliseconds,
                        std::size_t limit = kChildBytes);

}  // namespace jobfit
