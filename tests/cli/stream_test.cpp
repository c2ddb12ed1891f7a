// Many profiles on standard input, one answer a line.
#include "cli/shipped.hpp"
#include "cli/transcript.hpp"
#include "support/test.hpp"

#include <nlohmann/json.hpp>

#include <streambuf>

namespace jobfit {
namespace {

const char* const kAsked = "--job chat --language en --egress never --tolerate none --json --machine -";
const std::string kSmall = R"({"name": "small", "os": "linux", "memory": {"total_bytes": 8589934592}})";
const std::string kLarge = R"({"name": "large", "os": "linux", "memory": {"total_bytes": 68719476736}})";

/// Hands out a line at a time, and notes how much had been answered when each was asked for.
class OneByOne : public std::streambuf {
 public:
  OneByOne(std::vector<std::string> lines, const std::ostringstream& out)
      : lines_(std::move(lines)), out_(out) {}
  std::vector<std::size_t> answered;  ///< lines of output before each line was read

 protected:
  int_type underflow() override {
    const std::string so_far = out_.str();
    answered.push_back(static_cast<std::size_t>(std::count(so_far.begin(), so_far.end(), '\n')));
    if (next_ == lines_.size()) return traits_type::eof();
    std::string& line = lines_[next_++];
    setg(line.data(), line.data(), line.data() + line.size());
    return traits_type::to_int_type(line.front());
  }

 private:
  std::vector<std::string> lines_;
  const std::ostringstream& out_;
  std::size_t next_ = 0;
};

struct Streamed {
  std::vector<nlohmann::json> answers;
  std::vector<std::size_t> answered;
  std::string err;
  int code = 0;
};

Streamed streamed(const std::vector<std::string>& lines) {
  std::ostringstream out, err;
  OneByOne buffer(lines, out);
  std::istream in(&buffer);
  Terminal terminal{in, out, err, false, false, false, 80, {{"LANG", "en_US.UTF-8"}}};
  Streamed result;
  result.code = run(transcript::words_of(kAsked), terminal, shipped());
  std::istringstream written(out.str());
  for (std::string line; std::getline(written, line);) result.answers.push_back(nlohmann::json::parse(line));
  result.answered = buffer.answered;
  result.err = err.str();
  return result;
}

}  // namespace

TEST_CASE("a profile a line in, an answer a line out, in their order", "[cli]") {
  const Streamed found = streamed({kSmall + "\n", kLarge + "\n", "\n", kSmall});
  CHECK(found.code == kPick);
  REQUIRE(found.answers.size() == 3);
  CHECK(found.answers[0] == found.answers[2]);
  CHECK(found.answers[0] != found.answers[1]);
  for (const auto& answer : found.answers) CHECK(answer["schema"] == "jobfit.advice/1");
}

TEST_CASE("a bad line is told with its number, and the others are answered", "[cli]") {
  const Streamed found = streamed({kSmall + "\n", "{\"memory\": \n", kLarge + "\n"});
  CHECK(found.code == kInvalidFile);
  REQUIRE(found.answers.size() == 3);
  CHECK(found.answers[1].is_null());
  CHECK(found.answers[2]["picks"].size() > 0);
  CHECK(found.err.find("standard input line 2") != std::string::npos);
}

TEST_CASE("an answer does not wait for the next profile", "[cli]") {
  const Streamed found = streamed({kSmall + "\n", kLarge + "\n", kSmall + "\n", kLarge + "\n"});
  REQUIRE(found.answered.size() == 5);
  // Whether it is one profile or many, the second line tells; after it none is waited for.
  CHECK(found.answered == std::vector<std::size_t>{0, 0, 2, 3, 4});
}

TEST_CASE("of machines that are alike each is answered as if it had been asked alone", "[cli]") {
  using nlohmann::json;
  const json plain = {{"os", "linux"}, {"cpu", {{"cores", 8}}}, {"memory", {{"total_bytes", 17179869184}}}};
  json card = plain, noted = plain, busy = plain;
  card["gpus"] = {{{"name", "NVIDIA GeForce RTX 4090"}}};
  noted["notes"] = {"a note"};
  busy["memory"]["available_bytes"] = 1073741824;
  busy["model"] = "A \"quoted\" one";
  busy["disk"] = {{"free_bytes", 1000000}};
  busy["installed"] = {{{"store", "ollama"}, {"name", "qwen3:8b"}}};
  busy["sources"] = {{"memory.total_bytes", "a friend"}};
  std::vector<std::string> lines;
  const auto add = [&](json profile, const char* name) {
    profile["name"] = name;
    lines.push_back(profile.dump() + "\n");
  };
  add(plain, "first");
  add(card, "sec\x01ond");
  add(busy, "third");
  add(noted, "fourth");
  add(card, "fi\"fth");
  add(card, "\x01");
  add(plain, "seventh");
  const Streamed together = streamed(lines);
  REQUIRE(together.answers.size() == lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    INFO(lines[i]);
    std::istringstream in(lines[i]);
    std::ostringstream out, err;
    Terminal terminal{in, out, err, false, false, false, 80, {{"LANG", "en_US.UTF-8"}}};
    CHECK(run(transcript::words_of(kAsked), terminal, shipped()) == kPick);
    CHECK(err.str() == "");
    CHECK(together.answers[i] == json::parse(out.str()));
  }
  CHECK(together.answers[0]["machine"] != together.answers[2]["machine"]);
  CHECK(together.answers[1]["picks"][0]["machine"] != together.answers[4]["picks"][0]["machine"]);
}

}  // namespace jobfit
