#include "jobfit/machine.hpp"

#include "machine/child.hpp"
#include "support/test.hpp"

#include <cstdlib>
#include <fstream>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace jobfit;

namespace {

/// A recording in a folder of its own, taken away afterwards.
struct Folder {
  std::string path = "/tmp/jobfit-host-XXXXXX";
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { run_command({"/bin/rm", "-rf", path}); }
  void make(const std::string& relative) const {
    for (std::size_t at = 0; (at = relative.find('/', at)) != std::string::npos; ++at) {
      mkdir((path + "/" + relative.substr(0, at)).c_str(), 0755);
    }
  }
  void write(const std::string& relative, const std::string& text) const {
    make(relative);
    std::ofstream(path + "/" + relative) << text;
  }
};

}  // namespace

TEST_CASE("a recording answers with its own files and nothing else", "[machine]") {
  const Folder folder;
  folder.write("machine.json",
               R"({"os": "linux", "architecture": "aarch64", "environment": {"HOME": "/home/user"}})");
  folder.write("root/proc/meminfo", "MemTotal: 1 kB\n");
  const Host host = Host::recording(folder.path);
  CHECK(host.problem().empty());
  CHECK(host.architecture() == "aarch64");
  CHECK(host.read("/proc/meminfo") == "MemTotal: 1 kB\n");
  CHECK(host.read_file("/proc/cpuinfo").status == ReadStatus::absent);
  CHECK(host.ask("nvidia-smi").status == CommandRun::Status::absent);
  CHECK(host.library("nvml").status == CommandRun::Status::absent);
  CHECK(host.list("/proc") == std::vector<std::string>{"meminfo"});
  CHECK(host.environment("HOME") == "/home/user");
  CHECK(host.environment("PATH").empty());
  CHECK_FALSE(host.free_bytes("/home/user"));
}

TEST_CASE("no link and no dots lead out of a recording", "[machine]") {
  const Folder folder;
  folder.write("machine.json", R"({"os": "linux"})");
  folder.write("root/sys/inside", "in\n");
  folder.write("secret", "out\n");
  REQUIRE(symlink("../../secret", (folder.path + "/root/sys/up").c_str()) == 0);
  REQUIRE(symlink("/etc/passwd", (folder.path + "/root/sys/passwd").c_str()) == 0);
  REQUIRE(symlink("/sys/inside", (folder.path + "/root/sys/absolute").c_str()) == 0);
  REQUIRE(symlink("loop", (folder.path + "/root/sys/loop").c_str()) == 0);
  const Host host = Host::recording(folder.path);
  CHECK(host.read("/sys/absolute") == "in\n");
  CHECK_FALSE(host.read("/sys/up"));
  CHECK_FALSE(host.read("/sys/passwd"));
  CHECK_FALSE(host.read("/sys/loop"));
  CHECK_FALSE(host.read("/../secret"));
  CHECK_FALSE(host.read("/sys/../../../secret"));
  CHECK(host.read("/sys/../sys/inside") == "in\n");
  CHECK(host.link("/sys/absolute") == "/sys/inside");
}

TEST_CASE("only regular files are read, and only up to their limit", "[machine]") {
  const Folder folder;
  folder.write("machine.json", R"({"os": "linux"})");
  folder.write("root/big", std::string(5000, 'x'));
  folder.write("commands/sysctl.txt", std::string((1 << 20) + 1, 'x'));
  REQUIRE(mkfifo((folder.path + "/root/fifo").c_str(), 0644) == 0);
  const Host host = Host::recording(folder.path);
  CHECK(host.read_file("/big", 4999).status == ReadStatus::too_big);
  CHECK(host.read_file("/big", 5000).status == ReadStatus::ok);
  CHECK(host.read_file("/fifo").status == ReadStatus::not_a_file);
  CHECK(host.read_file("/").status == ReadStatus::not_a_file);
  CHECK(host.ask("sysctl").status == CommandRun::Status::too_big);
}

TEST_CASE("a recording that is none says so", "[machine]") {
  CHECK(Host::recording("/nonexistent/folder").problem().key == "machine.recording.none");
  const Folder folder;
  folder.write("root/proc/meminfo", "MemTotal: 4194304 kB\n");
  CHECK(Host::recording(folder.path).problem().empty());
  const Machine machine = probe(Host::recording(folder.path), {});
  CHECK(machine.memory.total_bytes == 4 * kGiB);
  CHECK(machine.notes.at(0).key == "machine.recording.no-machine-json");
  for (const std::string& text :
       {std::string("{"), std::string("[]"), std::string(100000, '['), std::string()}) {
    folder.write("machine.json", text);
    CHECK(Host::recording(folder.path).problem().key == "machine.recording.not-json");
  }
  folder.write("machine.json", R"({"os": "plan9"})");
  CHECK(Host::recording(folder.path).problem().key == "machine.recording.os");
}

TEST_CASE("commands end in time and in measure", "[machine]") {
  using Status = CommandRun::Status;
  CHECK(run_command({"/bin/echo", "hello"}).output == "hello\n");
  CHECK(run_command({"/bin/false"}).status == Status::failed);
  CHECK(run_command({"/nonexistent/tool"}).status == Status::failed);
  CHECK(run_command({"/bin/sleep", "60"}, 50).status == Status::timed_out);
  const CommandRun endless = run_command({"/usr/bin/yes"}, 5000, 100000);
  CHECK(endless.status == Status::too_big);
  CHECK(endless.output.empty());
  // What a driver says on the way out is kept.
  const CommandRun failed = run_command({"/bin/ls", "/nonexistent/folder"});
  CHECK(failed.status == Status::failed);
  CHECK(failed.output.find("nonexistent") != std::string::npos);
}

TEST_CASE("a library that hangs, crashes or chatters costs no more than its time", "[machine]") {
  using Status = CommandRun::Status;
  CHECK(ask_in_child([] { return std::string("answer"); }).output == "answer");
  CHECK(ask_in_child(
            [] {
              sleep(60);
              return std::string();
            },
            50)
            .status == Status::timed_out);
  CHECK(ask_in_child([]() -> std::string { abort(); }).status == Status::failed);
  CHECK(ask_in_child([] { return std::string(2000, 'x'); }, 3000, 1000).status == Status::too_big);
}

TEST_CASE("what was stopped is gone, with all it started", "[machine]") {
  const Folder folder;
  const std::string file = folder.path + "/pid";
  const CommandRun run = run_command({"/bin/sh", "-c", "echo $$ > " + file + "; exec sleep 60"}, 1000);
  CHECK(run.status == CommandRun::Status::timed_out);
  pid_t child = 0;
  std::ifstream(file) >> child;
  REQUIRE(child > 1);
  CHECK(kill(child, 0) != 0);
}

TEST_CASE("the environment is what it was given", "[machine]") {
  const Host host(std::map<std::string, std::string>{{"HOME", "/somewhere"}});
  CHECK(host.home() == "/somewhere");
  CHECK(host.environment("OLLAMA_MODELS").empty());
}
