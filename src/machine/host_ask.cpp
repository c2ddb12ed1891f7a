// What Host may run and which libraries it may ask; and where a recording keeps
// the answers.
#include "jobfit/machine.hpp"

#include "machine/child.hpp"
#include "machine/files.hpp"
#include "machine/nvml.hpp"
#include "machine/vulkan_library.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <unistd.h>

namespace jobfit {
namespace {

using nlohmann::json;

/// A command that the probe may run: where it may lie, and what it is asked.
struct Command {
  std::string_view name;
  std::vector<std::string> paths;
  std::vector<std::string> arguments;
};

const std::vector<Command>& commands() {
  // WSL keeps its tool apart, NixOS and container images theirs.
  static const std::vector<std::string> kNvidiaSmi = {"/usr/bin/nvidia-smi",
                                                      "/usr/lib/wsl/lib/nvidia-smi",
                                                      "/usr/local/bin/nvidia-smi",
                                                      "/usr/local/nvidia/bin/nvidia-smi",
                                                      "/run/current-system/sw/bin/nvidia-smi",
                                                      "/opt/bin/nvidia-smi",
                                                      "/usr/sbin/nvidia-smi"};
  static const std::vector<Command> kCommands = {
      {"nvidia-smi",
       kNvidiaSmi,
       {"--query-gpu=index,name,uuid,memory.total,memory.used,driver_version,mig.mode.current",
        "--format=csv"}},
      {"nvidia-smi-list", kNvidiaSmi, {"-L"}},
      {"sysctl", {"/usr/sbin/sysctl", "/sbin/sysctl"}, {"hw", "machdep.cpu", "iogpu", "debug.iogpu"}},
      {"system_profiler",
       {"/usr/sbin/system_profiler"},
       {"-json", "-detailLevel", "mini", "SPHardwareDataType", "SPDisplaysDataType"}},
  };
  return kCommands;
}

CommandRun from_recording(const std::string& folder, const std::string& name,
                          const std::map<std::string, std::string>& said) {
  CommandRun result;
  for (const char* ending : {".txt", ".json"}) {
    FileRead file = read_regular_file(folder + "/commands/" + name + ending, kChildBytes, false);
    if (file.status == ReadStatus::absent) continue;
    result.status = file.status == ReadStatus::ok        ? CommandRun::Status::ok
                    : file.status == ReadStatus::too_big ? CommandRun::Status::too_big
                                                         : CommandRun::Status::failed;
    result.output = std::move(file.text);
    break;
  }
  if (const auto how = said.find(name); how != said.end()) {
    result.status = how->second == "timed out" ? CommandRun::Status::timed_out
                    : how->second == "too big" ? CommandRun::Status::too_big
                                               : CommandRun::Status::failed;
  }
  return result;
}

/// Text values of an object of machine.json.
std::map<std::string, std::string> texts(const json& object) {
  std::map<std::string, std::string> result;
  if (!object.is_object()) return result;
  for (const auto& [key, value] : object.items()) {
    if (value.is_string()) result[key] = value.get<std::string>();
  }
  return result;
}

std::map<std::string, Bytes> sizes(const json& object) {
  std::map<std::string, Bytes> result;
  if (!object.is_object()) return result;
  for (const auto& [key, value] : object.items()) {
    if (value.is_number_unsigned() && value.get<std::uint64_t>() <= static_cast<std::uint64_t>(1) << 60) {
      result[key] = value.get<Bytes>();
    }
  }
  return result;
}

const json& member(const json& object, const char* key) {
  static const json kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

/// Brackets nested deeper than any real answer: the parser's own stack is not to be tried.
bool too_deep(std::string_view text) {
  constexpr int kMostDepth = 64;
  int depth = 0;
  for (const char c : text) {
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    if (depth > kMostDepth) return true;
  }
  return false;
}

}  // namespace

Host Host::recording(std::string folder) {
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  Host host{std::map<std::string, std::string>{}};
  host.folder_ = std::move(folder);
  host.os_ = "linux";
  host.architecture_.clear();
  host.environment_["HOME"] = "/home/user";
  const std::string path = host.folder_ + "/machine.json";
  const FileRead file = read_regular_file(path, kChildBytes, false);
  if (file.status != ReadStatus::ok) {
    const bool any = access((host.folder_ + "/root").c_str(), F_OK) == 0;
    host.described_ = false;
    if (!any) host.problem_ = {"machine.recording.none", {{"folder", neutralise(host.folder_)}}};
    return host;
  }
  const json about = too_deep(file.text) ? json() : json::parse(file.text, nullptr, false);
  if (!about.is_object()) {
    host.problem_ = {"machine.recording.not-json", {{"file", neutralise(path)}}};
    return host;
  }
  const auto main = texts(about);
  if (const auto os = main.find("os"); os != main.end()) {
    if (os->second == "linux" || os->second == "macos" || os->second == "windows") {
      host.os_ = os->second;
    } else {
      host.problem_ = {"machine.recording.os", {{"file", neutralise(path)}, {"os", neutralise(os->second)}}};
    }
  }
  if (const auto architecture = main.find("architecture"); architecture != main.end()) {
    host.architecture_ = neutralise(architecture->second);
  }
  for (const auto& [name, value] : texts(member(about, "environment"))) host.environment_[name] = value;
  host.said_.commands = texts(member(about, "commands"));
  host.said_.free = sizes(member(about, "free_bytes"));
  host.said_.sizes = sizes(member(about, "file_bytes"));
  for (const char* library : {"nvml", "vulkan"}) {
    const json& said = member(about, library);
    if (!said.is_null())
      host.said_.libraries[library] = said.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  return host;
}

namespace {

CommandRun run_listed(const std::string& command) {
  for (const Command& known : commands()) {
    if (known.name != command) continue;
    for (const std::string& path : known.paths) {
      if (access(path.c_str(), X_OK) != 0) continue;
      std::vector<std::string> line = {path};
      line.insert(line.end(), known.arguments.begin(), known.arguments.end());
      return run_command(line);
    }
  }
  return {};
}

}  // namespace

CommandRun Host::ask(const std::string& command) const {
  CommandRun result =
      folder_.empty() ? run_listed(command) : from_recording(folder_, command, said_.commands);
  if (trace_ != nullptr) trace_->commands[command] = result;
  return result;
}

CommandRun Host::library(const std::string& name) const {
  CommandRun result;
  if (!folder_.empty()) {
    result = from_recording(folder_, name, said_.commands);
    if (result.status == CommandRun::Status::absent) {
      const auto said = said_.libraries.find(name);
      if (said != said_.libraries.end()) result = {CommandRun::Status::ok, said->second};
    }
  } else if (name == "nvml") {
    result = ask_in_child(ask_nvml);
  } else if (name == "vulkan") {
    result = ask_in_child(ask_vulkan);
  }
  // Nothing said: the library is not there.
  if (result.status == CommandRun::Status::ok && result.output.empty())
    result.status = CommandRun::Status::absent;
  if (trace_ != nullptr) trace_->libraries[name] = result;
  return result;
}

}  // namespace jobfit
