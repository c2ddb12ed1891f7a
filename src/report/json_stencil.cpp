#include "report/json_stencil.hpp"

#include "report/json_parts.hpp"

namespace jobfit {
namespace {

/// No profile has it for a name: a control character does not survive the reading of one.
constexpr const char* kOpen = "\x01";

std::string in_one_line(const json::Json& value) {
  std::string text = json::dump(value, JsonForm::one_line);
  text.pop_back();  // the line break
  return text;
}

std::vector<std::string> parts_of(std::string_view text, std::string_view open) {
  std::vector<std::string> parts;
  for (std::size_t at = text.find(open); at != std::string_view::npos; at = text.find(open)) {
    parts.emplace_back(text.substr(0, at));
    text.remove_prefix(at + open.size());
  }
  parts.emplace_back(text);
  return parts;
}

}  // namespace

Machine without_particulars(Machine machine) {
  machine.name = kOpen;
  machine.model.clear();
  machine.memory.available_bytes = 0;
  machine.disk_free_bytes = 0;
  machine.installed.clear();
  machine.sources.clear();
  return machine;
}

JsonStencil::JsonStencil(const Advice& advice, const Catalog& catalog, const Words& words, int top) {
  const std::string text = json_report(advice, catalog, words, top, JsonForm::one_line);
  const std::string machine = in_one_line(json::machine(advice.machines.front(), words));
  const std::string name = in_one_line(kOpen);
  const std::size_t at = text.find(machine);
  before_ = parts_of(std::string_view(text).substr(0, at), name);
  after_ = parts_of(std::string_view(text).substr(at + machine.size()), name);
  bytes_ = text.size();
}

void JsonStencil::fill(const Machine& machine, const Words& words, std::string& text) const {
  text.clear();
  const std::string name = in_one_line(machine.name);
  const auto add = [&](const std::vector<std::string>& parts) {
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) text += name;
      text += parts[i];
    }
  };
  add(before_);
  text += in_one_line(json::machine(machine, words));
  add(after_);
}

}  // namespace jobfit
