// Every recorded machine against what is to be found on it.
#include "jobfit/machine.hpp"

#include "support/devices.hpp"
#include "support/test.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <dirent.h>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace jobfit;
using nlohmann::json;

namespace {

const std::string kZoo = std::string(JOBFIT_TESTS_DIR) + "/fixtures/machines";

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> recordings() {
  std::vector<std::string> names;
  DIR* folder = opendir(kZoo.c_str());
  while (const dirent* entry = folder != nullptr ? readdir(folder) : nullptr) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  if (folder != nullptr) closedir(folder);
  std::sort(names.begin(), names.end());
  return names;
}

/// Where `found` differs from what `expected` names: lists in full length, notes by key, objects by the keys
/// named.
void compare(const json& expected, const json& found, const std::string& path,
             std::vector<std::string>& differences) {
  if (path == "notes") {
    for (const json& key : expected) {
      const bool there =
          std::any_of(found.begin(), found.end(), [&](const json& note) { return note["key"] == key; });
      if (!there) differences.push_back("no note " + key.dump());
    }
  } else if (expected.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      if (found.is_object() && found.contains(key)) {
        compare(value, found[key], path.empty() ? key : path + "." + key, differences);
      } else {
        differences.push_back(path + "." + key + " is missing");
      }
    }
  } else if (expected.is_array() && found.is_array() && expected.size() == found.size()) {
    for (std::size_t at = 0; at < expected.size(); ++at) {
      compare(expected[at], found[at], path + "[" + std::to_string(at) + "]", differences);
    }
  } else if (expected != found) {
    differences.push_back(path + ": expected " + expected.dump() + ", found " + found.dump());
  }
}

}  // namespace

TEST_CASE("every recorded machine is seen as it is", "[machine]") {
  const std::vector<std::string> names = recordings();
  REQUIRE(names.size() >= 30);
  for (const std::string& name : names) {
    const std::string folder = kZoo + "/" + name;
    const json expected = json::parse(text_of(folder + "/expected.json"), nullptr, false);
    REQUIRE_FALSE(expected.is_discarded());
    const Host host = Host::recording(folder);
    CHECK(host.problem().empty());
    const Machine machine = probe(host, test::some_devices());
    std::vector<std::string> differences;
    compare(expected, json::parse(write_machine(machine)), "", differences);
    std::string all;
    for (const std::string& difference : differences) all += "  " + difference + "\n";
    INFO(name << "\n" << all);
    CHECK(differences.empty());
  }
}

TEST_CASE("every recorded machine names its source", "[machine]") {
  for (const std::string& name : recordings()) {
    INFO(name);
    CHECK(text_of(kZoo + "/" + name + "/SOURCE.md").size() > 40);
  }
}

TEST_CASE("usable memory never exceeds what is there, on any recorded machine", "[machine]") {
  for (const std::string& name : recordings()) {
    INFO(name);
    const Machine machine = probe(Host::recording(kZoo + "/" + name), test::some_devices());
    CHECK(machine.memory.usable_bytes <= machine.memory.total_bytes);
    for (const Gpu& gpu : machine.gpus) CHECK(gpu.usable_bytes <= gpu.memory_bytes);
  }
}

TEST_CASE("a machine written as JSON reads back the same, for every recorded machine", "[machine]") {
  for (const std::string& name : recordings()) {
    INFO(name);
    const Machine machine = probe(Host::recording(kZoo + "/" + name), test::some_devices());
    if (machine.memory.total_bytes == 0 && machine.gpus.empty())
      continue;  // refused as a profile: it describes nothing
    const std::string text = write_machine(machine);
    const MachineRead back = read_machine(text, "machine.json", test::some_devices());
    CHECK(format_diagnostics(back.problems) == "");
    CHECK(write_machine(back.machine) == text);
  }
}

TEST_CASE("a recording of a recording is the same machine", "[machine]") {
  for (const std::string& name : recordings()) {
    INFO(name);
    const Host original = Host::recording(kZoo + "/" + name);
    std::string folder = "/tmp/jobfit-zoo-XXXXXX";
    REQUIRE(mkdtemp(folder.data()) != nullptr);
    const Recorded recorded = record(original, folder);
    CHECK(recorded.error.empty());
    const std::vector<Device>& devices = test::some_devices();
    json before = json::parse(write_machine(probe(original, devices)));
    json after = json::parse(write_machine(probe(Host::recording(folder), devices)));
    if (name.starts_with("hostile")) {
      for (json* machine : {&before, &after})
        machine->erase("notes");  // what could not be read was not copied
    }
    for (json* machine : {&before, &after}) {
      for (const char* kept_back : {"name", "installed", "disk"}) machine->erase(kept_back);  // people's own
    }
    CHECK(before == after);
    for (auto file = recorded.files.rbegin(); file != recorded.files.rend(); ++file)
      std::remove((folder + "/" + *file).c_str());
  }
}
