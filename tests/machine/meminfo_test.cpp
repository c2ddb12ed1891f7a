#include "machine/meminfo.hpp"

#include "support/test.hpp"

using namespace jobfit;

TEST_CASE("meminfo gives total, available and set-aside huge pages", "[machine]") {
  const auto info = parse_meminfo(
      "MemTotal:       16155380 kB\nMemFree:         1000000 kB\nMemAvailable:   12000000 kB\n"
      "HugePages_Total:     512\nHugepagesize:       2048 kB\nHugetlb:         1048576 kB\n");
  REQUIRE(info);
  CHECK(info->total == 16155380 * kKiB);
  CHECK(info->available == 12000000 * kKiB);
  CHECK(info->huge_pages == kGiB);
}

TEST_CASE("a kernel without MemAvailable is answered with what is free or can be freed", "[machine]") {
  const auto info = parse_meminfo("MemTotal: 2000 kB\nMemFree: 100 kB\nBuffers: 20 kB\nCached: 300 kB\n");
  REQUIRE(info);
  CHECK(info->available == 420 * kKiB);
}

TEST_CASE("a kernel without Hugetlb counts pages of the default size", "[machine]") {
  const auto info = parse_meminfo("MemTotal: 16155380 kB\nHugePages_Total: 512\nHugepagesize: 2048 kB\n");
  REQUIRE(info);
  CHECK(info->huge_pages == kGiB);
}

TEST_CASE("meminfo without a sensible total is refused", "[machine]") {
  for (const char* text :
       {"", "MemTotal:", "MemTotal: lots kB\n", "MemTotal: -5 kB\n", "MemTotal: 0 kB\n",
        "MemTotal: 16155380\n", "MemTotal: 99999999999999999999 kB\n", "MemTotal 5 kB\n"}) {
    INFO(text);
    CHECK_FALSE(parse_meminfo(text));
  }
}

TEST_CASE("absurd huge pages never take more than there is", "[machine]") {
  const auto info = parse_meminfo(
      "MemTotal: 1000 kB\nHugePages_Total: 9223372036854775807\nHugepagesize: 1048576 kB\n"
      "Hugetlb: 1099511627776 kB\nMemAvailable: 1099511627776 kB\n");
  REQUIRE(info);
  CHECK(info->huge_pages <= info->total);
  CHECK(info->available <= info->total);
}
