// Reading the kernel's small text files: lines, fields, numbers, lists of CPUs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jobfit {

std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
/// Lines without their ends ("\n" or "\r\n"); a last empty line does not count.
std::vector<std::string_view> lines(std::string_view text);
/// Words parted by spaces and tabs.
std::vector<std::string_view> words_of(std::string_view text);

/// A whole decimal number, optionally "0x" for hexadecimal; nullopt for anything else or out of range.
std::optional<std::int64_t> to_integer(std::string_view text);
std::optional<std::int64_t> to_hex(std::string_view text);  ///< with or without "0x"

/// "0-3,8" → 0 1 2 3 8. nullopt: not such a list, or a CPU beyond 65535.
std::optional<std::vector<int>> parse_cpu_list(std::string_view text);

/// The value after `key` and a colon or equals sign: "model name\t: x" with key "model name" → "x".
std::optional<std::string_view> field(std::string_view line, std::string_view key, char separator);

/// "KEY=value" lines, as uevent files and kfd's properties ("key value") hold them.
std::string value_of(std::string_view text, std::string_view key, char separator);

/// Whether `text` holds what no text file of the kernel does: NUL or other control characters.
bool is_binary(std::string_view text);

}  // namespace jobfit
