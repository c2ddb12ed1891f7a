// Many profiles on standard input: one answer a line.
#pragma once

#include "jobfit/advice.hpp"

#include "cli/commands.hpp"
#include "report/json_stencil.hpp"

#include <list>

namespace jobfit {

/// One profile per line in, one answer per line out as soon as it is known, however many: what is kept does
/// not grow with their number.
class AnswerStream {
 public:
  AnswerStream(const Session& session, const Answers& answers, std::vector<Machine> servers);
  void answer(const std::string& line);
  ExitCode worst() const { return worst_; }

 private:
  /// An answer given, for the machines that are alike.
  struct Given {
    Machine machine;  ///< without particulars
    JsonStencil answer;
    bool picks;
  };
  const Given& given(const Machine& machine);
  void tell(const std::string& text);

  const Session& session_;
  const Answers& answers_;
  std::vector<Machine> servers_;
  Shared shared_;
  std::list<Given> given_;  ///< the last asked for first
  std::size_t bytes_ = 0;   ///< of their answers
  std::string text_;        ///< told last, kept for its room
  ExitCode worst_ = kPick;
  int number_ = 0;
};

}  // namespace jobfit
