// One answer for all machines that are alike: fleets have hundreds of each.
#pragma once

#include "jobfit/report.hpp"

#include <string>
#include <vector>

namespace jobfit {

/// `machine` less what no advice depends on: what it is called, what is free on it just now, what is
/// installed, and where its figures are from. Machines of which the rest is equal get the same advice.
Machine without_particulars(Machine machine);

/// An answer in one line of JSON with those places left open.
class JsonStencil {
 public:
  /// `advice`: for a machine without particulars, the only one or the first.
  JsonStencil(const Advice& advice, const Catalog& catalog, const Words& words, int top);
  /// Sets `text` to what json_report would say in one line, had it been asked for `machine`.
  void fill(const Machine& machine, const Words& words, std::string& text) const;
  std::size_t bytes() const { return bytes_; }

 private:
  std::vector<std::string> before_, after_;  ///< the machine itself; within them, between the parts, its name
  std::size_t bytes_ = 0;
};

}  // namespace jobfit
