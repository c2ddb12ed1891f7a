#include "cli/files.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "cli/data_folder.hpp"

namespace jobfit {
namespace {

constexpr std::uintmax_t kLargest = 64 << 20;

std::string cannot(const std::string& path, const char* what, const std::string& why) {
  return fmt::format("{}: cannot be {}: {}", neutralise(path), what, why);
}

/// All of `text` to `descriptor`, in as many pieces as it takes.
bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

std::optional<std::string> read_text_file(const std::string& path, std::string& error) {
  std::error_code code;
  const auto status = std::filesystem::status(path, code);
  if (code || !std::filesystem::exists(status)) {
    error = cannot(path, "read", "there is no such file");
    return std::nullopt;
  }
  if (!std::filesystem::is_regular_file(status)) {
    error = cannot(path, "read", std::filesystem::is_directory(status) ? "it is a folder" : "it is no regular file");
    return std::nullopt;
  }
  if (std::filesystem::file_size(path, code) > kLargest) {
    error = cannot(path, "read", "it is larger than 64 MiB");
    return std::nullopt;
  }
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) {
    error = cannot(path, "read", std::strerror(errno));
    return std::nullopt;
  }
  return text.str();
}

std::optional<std::vector<SourceFile>> read_sources(const std::string& path, std::string& error) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code)) return read_data_folder(path, error);
  const auto text = read_text_file(path, error);
  if (!text) return std::nullopt;
  return std::vector<SourceFile>{{path, *text}};
}

bool write_text_file(const std::string& path, const std::string& text, std::string& error) {
  struct stat existing {};
  const bool exists = stat(path.c_str(), &existing) == 0;
  if (exists && !S_ISREG(existing.st_mode)) {  // /dev/stdout, a pipe: nothing to replace
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) error = cannot(path, "written", std::strerror(errno));
    return static_cast<bool>(out);
  }
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkstemp(temporary.data());
  if (descriptor < 0) {
    error = cannot(path, "written", std::strerror(errno));
    return false;
  }
  const mode_t mask = umask(0);
  umask(mask);
  fchmod(descriptor, exists ? existing.st_mode & 0777 : 0666 & ~mask);
  const bool written = write_all(descriptor, text) && fsync(descriptor) == 0;
  const bool closed = close(descriptor) == 0;
  if (!written || !closed || std::rename(temporary.c_str(), path.c_str()) != 0) {
    error = cannot(path, "written", std::strerror(errno));
    unlink(temporary.c_str());
    return false;
  }
  return true;
}

}  // namespace jobfit
