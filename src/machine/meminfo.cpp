#include "machine/meminfo.hpp"

#include "machine/scan.hpp"

#include <algorithm>

namespace jobfit {
namespace {

constexpr std::int64_t kMostKilobytes = std::int64_t{1} << 40;  // 1 PiB

/// "  16329920 kB" → bytes; nullopt: not a size.
std::optional<Bytes> kilobytes(std::string_view value) {
  if (!value.ends_with("kB")) return std::nullopt;
  const auto number = to_integer(value.substr(0, value.size() - 2));
  if (!number || *number < 0 || *number > kMostKilobytes) return std::nullopt;
  return *number * kKiB;
}

}  // namespace

std::optional<MemInfo> parse_meminfo(std::string_view text) {
  std::optional<Bytes> total, available, free, cached, buffers, hugetlb, page_size;
  std::int64_t pages = 0;
  for (const std::string_view line : lines(text)) {
    const auto take = [&](std::string_view key, std::optional<Bytes>& into) {
      if (into) return;
      if (const auto value = field(line, key, ':')) into = kilobytes(*value);
    };
    take("MemTotal", total);
    take("MemAvailable", available);
    take("MemFree", free);
    take("Cached", cached);
    take("Buffers", buffers);
    take("Hugetlb", hugetlb);
    take("Hugepagesize", page_size);
    if (const auto value = field(line, "HugePages_Total", ':')) {
      pages = std::clamp<std::int64_t>(to_integer(*value).value_or(0), 0, kMostKilobytes / 2048);
    }
  }
  if (!total || *total <= 0) return std::nullopt;
  MemInfo info;
  info.total = *total;
  info.available =
      std::min(*total, available.value_or(free.value_or(0) + cached.value_or(0) + buffers.value_or(0)));
  // Hugetlb (Linux 4.20) counts every size; before it only the default size can be known.
  const Bytes by_pages = page_size && *page_size <= kGiB * 16
                             ? std::min(pages, *total / std::max(*page_size, kKiB)) * *page_size
                             : 0;
  info.huge_pages = std::min(*total, hugetlb.value_or(by_pages));
  return info;
}

}  // namespace jobfit
