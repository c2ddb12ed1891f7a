#include "machine/cgroup.hpp"

#include "support/test.hpp"

using namespace jobfit;

TEST_CASE("lines of /proc/self/cgroup name hierarchies and paths", "[machine]") {
  const auto entries = parse_cgroup("12:memory:/docker/x\n1:name=systemd:/\n0::/user.slice/a:b\n");
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].controllers == std::vector<std::string>{"memory"});
  CHECK(entries[0].path == "/docker/x");
  CHECK(entries[2].controllers.empty());
  CHECK(entries[2].path == "/user.slice/a:b");
}

TEST_CASE("lines that are no control groups are passed over", "[machine]") {
  CHECK(parse_cgroup("::::\nnonsense\n5\n:memory:/x\n3:memory:x\n").empty());
  CHECK(parse_cgroup("").empty());
}

TEST_CASE("mountinfo tells where the hierarchies lie and what of them is mounted", "[machine]") {
  const auto mounts = parse_cgroup_mounts(
      "24 1 0:22 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
      "35 30 0:31 /docker/x /mnt/with\\040space ro - cgroup cgroup rw,memory\n"
      "36 30 8:1 / / rw - ext4 /dev/sda1 rw\nbroken line\n37 - cgroup\n");
  REQUIRE(mounts.size() == 2);
  CHECK(mounts[0].v2);
  CHECK(mounts[0].point == "/sys/fs/cgroup");
  CHECK(mounts[1].root == "/docker/x");
  CHECK(mounts[1].point == "/mnt/with space");
}

TEST_CASE("no limit is written in several ways", "[machine]") {
  CHECK_FALSE(parse_cgroup_limit("max\n"));
  CHECK_FALSE(parse_cgroup_limit("9223372036854771712\n"));
  CHECK_FALSE(parse_cgroup_limit("18446744073709551615\n"));
  CHECK_FALSE(parse_cgroup_limit("-1\n"));
  CHECK_FALSE(parse_cgroup_limit("plenty"));
  CHECK_FALSE(parse_cgroup_limit(""));
  CHECK(parse_cgroup_limit("4294967296\n") == Bytes{4294967296});
  CHECK(parse_cgroup_limit("0\n") == Bytes{0});
}

TEST_CASE("cpu.max is a quota in CPUs", "[machine]") {
  CHECK(parse_cpu_max("200000 100000\n").value() == Approx(2.0));
  CHECK(parse_cpu_max("50000 100000\n").value() == Approx(0.5));
  CHECK(parse_cpu_max("150000\n").value() == Approx(1.5));
  CHECK_FALSE(parse_cpu_max("max 100000\n"));
  CHECK_FALSE(parse_cpu_max("-1 100000"));
  CHECK_FALSE(parse_cpu_max("100000 0"));
  CHECK_FALSE(parse_cpu_max(""));
}
