#include "cli/answer_stream.hpp"

#include "cli/inputs.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace jobfit {
namespace {

/// Answers kept, in bytes: some forty of them.
constexpr std::size_t kKept = 16 << 20;

}  // namespace

AnswerStream::AnswerStream(const Session& session, const Answers& answers, std::vector<Machine> servers)
    : session_(session),
      answers_(answers),
      servers_(std::move(servers)),
      shared_{Fitter(session.knowledge.catalog), {}} {}

const AnswerStream::Given& AnswerStream::given(const Machine& machine) {
  const auto known =
      std::find_if(given_.begin(), given_.end(), [&](const Given& one) { return one.machine == machine; });
  if (known != given_.end()) {
    given_.splice(given_.begin(), given_, known);
    return given_.front();
  }
  std::vector<Machine> machines{machine};
  machines.insert(machines.end(), servers_.begin(), servers_.end());
  AdviceInput input = advice_input(session_, answers_, std::move(machines));
  input.shared = &shared_;
  const Advice advice = advise(input);
  const int top = session_.options.top > 0 ? session_.options.top : 10;
  given_.push_front(
      {machine, JsonStencil(advice, session_.knowledge.catalog, session_.words, top), !advice.picks.empty()});
  bytes_ += given_.front().answer.bytes();
  while (bytes_ > kKept && given_.size() > 1) {
    bytes_ -= given_.back().answer.bytes();
    given_.pop_back();
  }
  return given_.front();
}

void AnswerStream::tell(const std::string& text) { session_.terminal.out << text << std::flush; }

void AnswerStream::answer(const std::string& line) {
  ++number_;
  if (line.find_first_not_of(" \t\r") == std::string::npos) return;
  const MachineRead read = machine_of_text(line, fmt::format("standard input line {}", number_),
                                           session_.options, session_.knowledge.catalog);
  if (!read.problems.empty()) {
    session_.terminal.err << format_diagnostics(read.problems) << std::flush;
    tell("null\n");  // keeps line and answer side by side
    worst_ = kInvalidFile;
    return;
  }
  const Given& given = this->given(without_particulars(read.machine));
  given.answer.fill(read.machine, session_.words, text_);
  tell(text_);
  if (!given.picks && worst_ == kPick) worst_ = kNoPick;
}

}  // namespace jobfit
