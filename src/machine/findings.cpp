#include "machine/findings.hpp"

#include "machine/scan.hpp"

#include <algorithm>

namespace jobfit {

void Findings::note(std::string key, std::vector<std::pair<std::string, std::string>> holes) const {
  // What goes into a hole was often read from a file or a driver.
  for (auto& [name, value] : holes) value = neutralise(value.size() > 200 ? value.substr(0, 200) : value);
  Sentence sentence{std::move(key), std::move(holes)};
  auto& notes = machine.notes;
  if (std::find(notes.begin(), notes.end(), sentence) == notes.end()) notes.push_back(std::move(sentence));
}

void Findings::source(std::string what, std::string where) const {
  for (auto& [known, place] : machine.sources) {
    if (known == what) {
      place = std::move(where);
      return;
    }
  }
  machine.sources.emplace_back(std::move(what), std::move(where));
}

std::optional<std::string> Findings::text(const std::string& path, std::size_t limit) const {
  FileRead file = host.read_file(path, limit);
  switch (file.status) {
    case ReadStatus::absent:
      return std::nullopt;
    case ReadStatus::denied:
      note("machine.note.denied", {{"file", path}});
      return std::nullopt;
    case ReadStatus::too_big:
      note("machine.note.too-big", {{"file", path}});
      return std::nullopt;
    case ReadStatus::not_a_file:
    case ReadStatus::failed:
      note("machine.note.unreadable", {{"file", path}});
      return std::nullopt;
    case ReadStatus::ok:
      break;
  }
  if (is_binary(file.text)) {
    note("machine.note.garbage", {{"file", path}});
    return std::nullopt;
  }
  return std::move(file.text);
}

std::optional<std::int64_t> Findings::number(const std::string& path) const {
  const auto content = text(path);
  if (!content) return std::nullopt;
  const auto value = to_integer(*content);
  if (!value) note("machine.note.garbage", {{"file", path}});
  return value;
}

}  // namespace jobfit
