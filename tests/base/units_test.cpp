#include "jobfit/units.hpp"

#include "support/test.hpp"

using namespace jobfit;

TEST_CASE("memory is read as it is sold: GB and GiB both mean 2^30", "[base]") {
  CHECK(parse_memory_size("64GB") == 64 * kGiB);
  CHECK(parse_memory_size("64GiB") == 64 * kGiB);
  CHECK(parse_memory_size(" 64 gib ") == 64 * kGiB);
  CHECK(parse_memory_size("64G") == 64 * kGiB);
  CHECK(parse_memory_size("512MB") == 512 * kMiB);
  CHECK(parse_memory_size("1.5TB") == kTiB + kTiB / 2);
  CHECK(parse_memory_size("1PiB") == std::nullopt);
  CHECK(parse_memory_size("1024TB") == 1024 * kTiB);
}

TEST_CASE("a size without a unit, a negative, an absurd or an empty one is refused", "[base]") {
  for (const char* text :
       {"64", "-64GB", "0GB", "0.0 GiB", "", "GB", "64XB", "64GBB", "1e9GB", "infGB", "nan GB", "1025TB",
        "99999999999999999999999GB", "64 G B", "6,4GB", "1.2.3GB", "64GB/s"}) {
    CAPTURE(text);
    CHECK(parse_memory_size(text) == std::nullopt);
  }
}

TEST_CASE("bandwidth is decimal and always per second", "[base]") {
  CHECK(parse_bandwidth("936GB/s") == 936e9);
  CHECK(parse_bandwidth("936 GB/s") == 936e9);
  CHECK(*parse_bandwidth("1.8TB/s") == Approx(1.8e12));
  CHECK(parse_bandwidth("51200MB/s") == 51.2e9);
  for (const char* text : {"936GB", "936", "-1GB/s", "0GB/s", "GB/s", "/s", "9000TB/s", "936Gb/m"}) {
    CAPTURE(text);
    CHECK(parse_bandwidth(text) == std::nullopt);
  }
}

TEST_CASE("tokens are read as context lengths are named", "[base]") {
  CHECK(parse_tokens("32K") == 32768);
  CHECK(parse_tokens("32k") == 32768);
  CHECK(parse_tokens("131072") == 131072);
  CHECK(parse_tokens("1M") == 1048576);
  CHECK(parse_tokens("1.5K") == 1536);
  for (const char* text : {"0", "-1", "1.3", "32KB", "K", "", "999999M", "1e5", "32 K tokens"}) {
    CAPTURE(text);
    CHECK(parse_tokens(text) == std::nullopt);
  }
}

TEST_CASE("dates may stop at the month, and the calendar is checked", "[base]") {
  CHECK(parse_date("2026-04-22") == Date{2026, 4, 22});
  CHECK(parse_date("2026-04") == Date{2026, 4, 0});
  CHECK(parse_date("2026") == Date{2026, 0, 0});
  CHECK(parse_date("2024-02-29") == Date{2024, 2, 29});
  for (const char* text : {"2026-02-29", "2026-06-31", "2026-13", "2026-00", "2026-1-1", "26-01-01",
                           "2026/01/01", "2026-04-22T00:00", "", "abcd", "0000", "2026-4", "+026-01-01"}) {
    CAPTURE(text);
    CHECK(parse_date(text) == std::nullopt);
  }
}

TEST_CASE("bytes are printed with three significant figures and always a unit", "[base]") {
  CHECK(format_bytes(0) == "0 B");
  CHECK(format_bytes(1023) == "1023 B");
  CHECK(format_bytes(1024) == "1.00 KiB");
  CHECK(format_bytes(16213594112) == "15.1 GiB");
  CHECK(format_bytes(512 * kMiB) == "512 MiB");
  CHECK(format_bytes(kGiB - 1) == "1.00 GiB");
  CHECK(format_bytes(10 * kGiB - 1) == "10.0 GiB");
  CHECK(format_bytes(100 * kGiB - 1) == "100 GiB");
  CHECK(format_bytes(-3 * kGiB) == "-3.00 GiB");
}

TEST_CASE("tokens are printed short only where that is exact", "[base]") {
  CHECK(format_tokens(32768) == "32K");
  CHECK(format_tokens(1048576) == "1M");
  CHECK(format_tokens(1010000) == "1010000");
  CHECK(format_tokens(0) == "0");
}

TEST_CASE("parameters are printed as models are named", "[base]") {
  CHECK(format_parameters(27.8e9) == "27.8B");
  CHECK(format_parameters(0.9e9) == "0.9B");
  CHECK(format_parameters(1e12) == "1.0T");
  CHECK(format_parameters(270e6) == "0.27B");
  CHECK(format_parameters(0.9999e9) == "1.0B");
  CHECK(format_parameters(744e9) == "744B");
  CHECK(format_parameters(999.9e9) == "1.0T");
  CHECK(format_parameters(0) == "unknown");
}

TEST_CASE("a date prints as precisely as it is known and reads back", "[base]") {
  for (const char* text : {"2026-04-22", "2026-04", "2026"}) CHECK(format_date(*parse_date(text)) == text);
  CHECK(format_date({}) == "unknown");
}

TEST_CASE("days are counted from the civil epoch", "[base]") {
  CHECK(days_since_epoch({1970, 1, 1}) == 0);
  CHECK(days_since_epoch({2000, 3, 1}) == 11017);
  CHECK(days_since_epoch({2026, 11, 23}) == 20780);
  CHECK(days_since_epoch({2026, 11, 0}) == days_since_epoch({2026, 11, 1}));
  CHECK(days_since_epoch({1969, 12, 31}) == -1);
}
