#include "machine/anonymous.hpp"

#include "machine/scan.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cctype>

namespace jobfit {
namespace {

using nlohmann::json;

bool is_hex(char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

void replace_word(std::string& text, const std::string& word, std::string_view by) {
  if (word.size() < 2 || word == "root" || word == "user" || word == "localhost" || word == "/" ||
      word == "/root")
    return;
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;) {
    const bool starts = at == 0 || !is_word(text[at - 1]) || !is_word(word.front());
    const std::size_t end = at + word.size();
    const bool ends = end >= text.size() || !is_word(text[end]);
    if (starts && ends) {
      text.replace(at, word.size(), by);
      at += by.size();
    } else {
      at = end;
    }
  }
}

/// "8-4-4-4-12" hexadecimal digits from `at` on.
bool is_uuid(std::string_view text, std::size_t at) {
  constexpr std::array<std::size_t, 5> kGroups = {8, 4, 4, 4, 12};
  for (std::size_t group = 0; group < kGroups.size(); ++group) {
    if (group > 0 && (at >= text.size() || text[at++] != '-')) return false;
    for (std::size_t digit = 0; digit < kGroups[group]; ++digit) {
      if (at >= text.size() || !is_hex(text[at++])) return false;
    }
  }
  return true;
}

std::string without_identifiers(std::string_view text) {
  constexpr std::size_t kUuid = 36, kLong = 32;
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    if (is_hex(text[at]) && (at == 0 || !is_hex(text[at - 1]))) {
      if (is_uuid(text, at)) {
        result += "00000000-0000-0000-0000-000000000000";
        at += kUuid;
        continue;
      }
      std::size_t end = at;
      while (end < text.size() && is_hex(text[end])) ++end;
      result += end - at >= kLong ? std::string_view("identifier") : text.substr(at, end - at);
      at = end;
      continue;
    }
    result += text[at++];
  }
  return result;
}

std::string kept_lines(std::string_view text, bool (*keep)(std::string_view)) {
  std::string result;
  for (const std::string_view line : lines(text)) {
    if (keep(line)) result.append(line).push_back('\n');
  }
  return result;
}

/// Only these values of system_profiler's entries are read.
json kept_values(const json& entries, std::initializer_list<const char*> keys) {
  json result = json::array();
  if (!entries.is_array()) return result;
  for (const json& entry : entries) {
    json kept = json::object();
    for (const char* key : keys) {
      if (entry.is_object() && entry.contains(key) && entry[key].is_string()) kept[key] = entry[key];
    }
    result.push_back(std::move(kept));
  }
  return result;
}

}  // namespace

std::string anonymous(std::string_view text, const Names& names) {
  std::string result(text);
  replace_word(result, names.home, "/home/user");
  replace_word(result, names.user, "user");
  replace_word(result, names.host, "host");
  return without_identifiers(result);
}

std::string anonymous_file(std::string_view path, std::string_view text, const Names& names) {
  if (path == "/proc/cpuinfo") {
    return anonymous(kept_lines(text, [](std::string_view line) { return !line.starts_with("Serial"); }),
                     names);
  }
  if (path == "/proc/self/mountinfo") {
    const std::string kept = kept_lines(
        text, [](std::string_view line) { return line.find(" - cgroup") != std::string_view::npos; });
    return anonymous(kept, names);
  }
  if (path == "/run/udev/data/+dmi:id") {
    // Makers, part numbers and serial numbers of the modules stay at home.
    const std::string kept = kept_lines(text, [](std::string_view line) {
      constexpr std::array<std::string_view, 6> kKeys = {
          "_DATA_WIDTH=", "_SPEED_MTS=", "_LOCATOR=", "_PRESENT=", "_SIZE=", "_TYPE="};
      return line.starts_with("E:MEMORY_DEVICE_") &&
             std::any_of(kKeys.begin(), kKeys.end(),
                         [&](std::string_view key) { return line.find(key) != std::string_view::npos; });
    });
    return anonymous(kept, names);
  }
  return anonymous(text, names);
}

std::string anonymous_output(std::string_view command, std::string_view output, const Names& names) {
  if (command == "sysctl") {
    const std::string kept = kept_lines(output, [](std::string_view line) {
      return line.starts_with("hw.") || line.starts_with("machdep.cpu.") || line.starts_with("iogpu.") ||
             line.starts_with("debug.iogpu.");
    });
    return anonymous(kept, names);
  }
  if (command == "system_profiler") {
    const json said = json::parse(output, nullptr, false);
    json kept = json::object();
    if (said.is_object()) {
      kept["SPHardwareDataType"] = kept_values(
          said.value("SPHardwareDataType", json::array()),
          {"chip_type", "cpu_type", "physical_memory", "machine_name", "machine_model", "number_processors"});
      kept["SPDisplaysDataType"] =
          kept_values(said.value("SPDisplaysDataType", json::array()),
                      {"sppci_model", "sppci_cores", "sppci_bus", "spdisplays_vendor", "spdisplays_vram",
                       "spdisplays_vram_shared"});
    }
    return kept.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
  }
  return anonymous(output, names);
}

}  // namespace jobfit
