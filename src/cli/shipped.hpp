// What the executable carries: the compiled catalog and its ratings.
#pragma once

#include "jobfit/cli.hpp"

namespace jobfit {

/// Views of the executable's own read-only data.
Shipped shipped();

}  // namespace jobfit
