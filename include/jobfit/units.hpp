// Sizes, rates and dates as people write them, and as we print them.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jobfit {

/// Bytes. Signed, so that a difference of two sizes is a size too.
using Bytes = std::int64_t;

inline constexpr Bytes kKiB = Bytes{1} << 10;
inline constexpr Bytes kMiB = Bytes{1} << 20;
inline constexpr Bytes kGiB = Bytes{1} << 30;
inline constexpr Bytes kTiB = Bytes{1} << 40;

/// A calendar date, possibly known only to the month or the year (`day` or
/// `month` 0). An all-zero date is unknown.
struct Date {
  int year = 0, month = 0, day = 0;
  bool known() const { return year != 0; }
  auto operator<=>(const Date&) const = default;
};

/// An estimate that says how sure it is. low <= mid <= high.
struct Range {
  double low = 0, mid = 0, high = 0;
  auto operator<=>(const Range&) const = default;
};

/// "64GB", "64 GiB", "64G", "512MB" → bytes; memory is sold in binary units, so
/// GB and GiB both mean 2^30. A bare number, zero (which means unknown elsewhere),
/// a negative or an absurd one (more than 1 PiB) is refused: nullopt.
std::optional<Bytes> parse_memory_size(std::string_view text);

/// "936GB/s", "936 GB/s", "1.8TB/s", "51200MB/s" → bytes per second, decimal.
std::optional<double> parse_bandwidth(std::string_view text);

/// "32K", "32k", "131072", "1M" → tokens. K is 1024 and M is 1024*1024, as
/// context lengths are named.
std::optional<std::int64_t> parse_tokens(std::string_view text);

/// "2026-04-22", "2026-04" or "2026"; the calendar is checked (no 31 June).
std::optional<Date> parse_date(std::string_view text);

/// "15.1 GiB": three significant figures, binary units, always with the unit.
std::string format_bytes(Bytes bytes);
/// "32K", "1M" where exact, plain digits otherwise.
std::string format_tokens(std::int64_t tokens);
/// ISO 8601, as precise as is known; "unknown" when it is not.
std::string format_date(const Date& date);
/// "27.8B", "0.9B", "1.0T".
std::string format_parameters(double parameters);
/// Days from the civil epoch; a date known to the month counts as its first day.
std::int64_t days_since_epoch(const Date& date);

}  // namespace jobfit
