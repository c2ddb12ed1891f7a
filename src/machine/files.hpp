// One regular file of the real file system, bounded.
#pragma once

#include "jobfit/machine.hpp"

#include <string>

namespace jobfit {

/// At most `limit` bytes; anything but a regular file is refused. `follow` false: no symbolic link at the
/// end.
FileRead read_regular_file(const std::string& path, std::size_t limit, bool follow);

}  // namespace jobfit
