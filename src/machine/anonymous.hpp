// Taking out of a recording what names a person or one machine.
#pragma once

#include <string>
#include <string_view>

namespace jobfit {

/// What is to be taken out wherever it stands as a word of its own.
struct Names {
  std::string home, user, host;
};

/// `text` with home folder, user and host names, UUIDs and identifiers of 32 and more hexadecimal digits
/// replaced.
std::string anonymous(std::string_view text, const Names& names);
/// One file's text as it may be recorded: serial numbers dropped, of mountinfo only the control groups.
std::string anonymous_file(std::string_view path, std::string_view text, const Names& names);
/// A command's output likewise: of sysctl and system_profiler only what the probe reads.
std::string anonymous_output(std::string_view command, std::string_view output, const Names& names);

}  // namespace jobfit
