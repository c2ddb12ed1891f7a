// The one seam to the outside: files. Commands are in child.cpp, what a recording
// says besides its files in host_recording.cpp.
#include "jobfit/machine.hpp"

#include "machine/files.hpp"
#include "machine/scan.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <dirent.h>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char** environ;  // NOLINT: POSIX names it so

namespace jobfit {
namespace {

constexpr std::size_t kMostNames = 4096;
constexpr int kMostLinks = 40;

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      environment[std::string(text.substr(0, equals))] = text.substr(equals + 1);
  }
  return environment;
}

std::string system_name() {
#if defined(__APPLE__)
  return "macos";
#elif defined(_WIN32)
  return "windows";
#else
  return "linux";
#endif
}

}  // namespace

FileRead read_regular_file(const std::string& path, std::size_t limit, bool follow) {
  FileRead result;
  // Not blocking: a recording may hold a FIFO where a file is expected.
  const int file =
      open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
  if (file < 0) {
    result.status = errno == EACCES || errno == EPERM     ? ReadStatus::denied
                    : errno == ENOENT || errno == ENOTDIR ? ReadStatus::absent
                                                          : ReadStatus::failed;
    return result;
  }
  struct stat about {};
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
    close(file);
    result.status = ReadStatus::not_a_file;
    return result;
  }
  std::array<char, 16384> buffer{};
  result.status = ReadStatus::ok;
  for (;;) {
    const ssize_t got = ::read(file, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) result.status = errno == EACCES || errno == EPERM ? ReadStatus::denied : ReadStatus::failed;
    if (got <= 0) break;
    if (result.text.size() + static_cast<std::size_t>(got) > limit) {
      result.status = ReadStatus::too_big;
      break;
    }
    result.text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  close(file);
  if (result.status != ReadStatus::ok) result.text.clear();
  return result;
}

Host::Host() : Host(process_environment()) {}

Host::Host(std::map<std::string, std::string> environment)
    : os_(system_name()), environment_(std::move(environment)) {
  utsname system{};
  if (uname(&system) == 0) architecture_ = system.machine;
}

std::optional<std::string> Host::resolve(const std::string& path, bool last) const {
  if (folder_.empty()) return path;
  const std::string root = folder_ + "/root";
  std::deque<std::string> pending;
  for (const std::string_view part : split(path, '/')) pending.emplace_back(part);
  std::vector<std::string> inside;
  const auto joined = [&] {
    std::string result = root;
    for (const std::string& part : inside) result += "/" + part;
    return result;
  };
  for (int links = 0; !pending.empty();) {
    const std::string part = std::move(pending.front());
    pending.pop_front();
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!inside.empty()) inside.pop_back();
      continue;
    }
    inside.push_back(part);
    if (pending.empty() && !last) break;
    std::array<char, 4096> target{};
    const ssize_t length = readlink(joined().c_str(), target.data(), target.size());
    if (length <= 0) continue;
    if (++links > kMostLinks) return std::nullopt;
    inside.pop_back();
    if (target[0] == '/') inside.clear();  // absolute inside the recording
    const std::string_view text(target.data(), static_cast<std::size_t>(length));
    const std::vector<std::string_view> parts = split(text, '/');
    pending.insert(pending.begin(), parts.begin(), parts.end());
  }
  return joined();
}

FileRead Host::read_file(const std::string& path, std::size_t limit) const {
  const auto where = resolve(path);
  FileRead file = where ? read_regular_file(*where, limit, folder_.empty()) : FileRead{};
  if (trace_ != nullptr && file.status == ReadStatus::ok) trace_->files[path] = file.text;
  return file;
}

std::optional<std::string> Host::read(const std::string& path, std::size_t limit) const {
  FileRead file = read_file(path, limit);
  if (file.status != ReadStatus::ok) return std::nullopt;
  return std::move(file.text);
}

std::vector<std::string> Host::list(const std::string& folder) const {
  std::vector<std::string> names;
  const auto where = resolve(folder);
  DIR* stream = where ? opendir(where->c_str()) : nullptr;
  if (stream == nullptr) return names;
  while (const dirent* entry = readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    names.emplace_back(name);
    if (names.size() == kMostNames) break;
  }
  closedir(stream);
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> Host::link(const std::string& path) const {
  const auto where = resolve(path, false);
  std::array<char, 4096> target{};
  const ssize_t length = where ? readlink(where->c_str(), target.data(), target.size()) : -1;
  if (length <= 0) return std::nullopt;
  std::string result(target.data(), static_cast<std::size_t>(length));
  if (trace_ != nullptr) trace_->links[path] = result;
  return result;
}

bool Host::exists(const std::string& path) const {
  const auto where = resolve(path);
  struct stat about {};
  if (!where || stat(where->c_str(), &about) != 0) return false;
  if (trace_ != nullptr) trace_->seen[path] = S_ISDIR(about.st_mode);
  return true;
}

std::optional<Bytes> Host::file_bytes(const std::string& path) const {
  if (const auto said = said_.sizes.find(path); said != said_.sizes.end()) return said->second;
  const auto where = resolve(path);
  struct stat about {};
  if (!where || stat(where->c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  if (trace_ != nullptr) trace_->sizes[path] = about.st_size;
  return about.st_size;
}

std::optional<Bytes> Host::free_bytes(const std::string& folder) const {
  if (!folder_.empty()) {
    const auto said = said_.free.find(folder);
    if (said == said_.free.end()) return std::nullopt;
    if (trace_ != nullptr) trace_->free[folder] = said->second;
    return said->second;
  }
  struct statvfs about {};
  if (statvfs(folder.c_str(), &about) != 0) return std::nullopt;
  const double bytes = static_cast<double>(about.f_bavail) * static_cast<double>(about.f_frsize);
  if (bytes >= static_cast<double>(std::numeric_limits<Bytes>::max())) return std::nullopt;
  const Bytes free = static_cast<Bytes>(about.f_bavail) * static_cast<Bytes>(about.f_frsize);
  if (trace_ != nullptr) trace_->free[folder] = free;
  return free;
}

Host Host::traced(std::shared_ptr<HostTrace> trace) const {
  Host copy = *this;
  copy.trace_ = std::move(trace);
  return copy;
}

std::string Host::environment(const std::string& name) const {
  const auto found = environment_.find(name);
  return found == environment_.end() ? std::string() : found->second;
}

std::optional<std::string> Host::run(const std::string& command) const {
  CommandRun result = ask(command);
  if (result.status != CommandRun::Status::ok) return std::nullopt;
  return std::move(result.output);
}

}  // namespace jobfit
