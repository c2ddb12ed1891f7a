#include "catalog/yaml_tree.hpp"

#include "jobfit/text.hpp"

#include "base/utf8.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>

namespace jobfit {
namespace {

// Far above anything a person writes, far below what hurts.
constexpr std::size_t kLargestFile = 16 << 20;
constexpr std::size_t kLongestScalar = 64 << 10;
constexpr std::size_t kMostNodes = 1'000'000;  // aliases counted as what they stand for
constexpr std::size_t kDeepest = 32;

/// What stops reading a file. Thrown by the builder through yaml-cpp, caught in parse_yaml.
struct Refusal {
  YAML::Mark mark;
  std::string message;
};

bool has_control_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const bool allowed = point.value == '\n' || point.value == '\t' || point.value == '\r';
    const std::string_view bytes = text.substr(at, point.bytes);
    if (!allowed && (!point.valid || neutralise(bytes) != bytes)) return true;
    at += point.bytes;
  }
  return false;
}

/// Builds the tree from yaml-cpp's events and keeps count.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(YamlDocument& document) : document_(document) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    leaf(add(mark, YamlNode::Kind::null, anchor));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (value.size() > kLongestScalar) throw Refusal{mark, "this text is too long to be meant"};
    if (has_control_character(value)) throw Refusal{mark, "a control character in a text"};
    const std::uint32_t index = add(mark, YamlNode::Kind::scalar, anchor);
    YamlNode& node = document_.nodes[index];
    refuse_tag(mark, tag);
    node.plain = tag != "!";
    node.text = value;
    const std::size_t width = value.size() + (node.plain ? 0 : 2);
    node.width = static_cast<int>(std::max<std::size_t>(width, 1));
    leaf(index);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(add(mark, YamlNode::Kind::list, anchor));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    refuse_tag(mark, tag);
    open(add(mark, YamlNode::Kind::map, anchor));
  }
  void OnMapEnd() override { close(); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refusal{mark, "an alias of nothing"};
    if (std::find(open_.begin(), open_.end(), found->second) != open_.end()) {
      throw Refusal{mark, "an alias of what it stands in"};
    }
    attach(found->second);
    count(mark, expanded_[found->second]);
  }

 private:
  static void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") throw Refusal{mark, "a tag has no meaning here"};
  }

  std::uint32_t add(const YAML::Mark& mark, YamlNode::Kind kind, YAML::anchor_t anchor) {
    if (document_.nodes.size() >= kMostNodes) throw Refusal{mark, "too much in one file"};
    const auto index = static_cast<std::uint32_t>(document_.nodes.size());
    YamlNode node;
    node.kind = kind;
    node.line = mark.line + 1;
    node.column = mark.column + 1;
    document_.nodes.push_back(std::move(node));
    expanded_.push_back(1);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = index;
    attach(index);
    mark_ = mark;
    return index;
  }

  void attach(std::uint32_t index) {
    if (open_.empty()) {
      document_.root = index;
    } else {
      document_.nodes[open_.back()].children.push_back(index);
    }
  }

  void leaf(std::uint32_t index) { count(mark_, expanded_[index]); }

  void open(std::uint32_t index) {
    if (open_.size() >= kDeepest) throw Refusal{mark_, "nested too deep to be meant"};
    open_.push_back(index);
  }

  void close() {
    const std::uint32_t index = open_.back();
    open_.pop_back();
    count(mark_, expanded_[index]);
  }

  /// Adds what a child expands to to the list or map it stands in.
  void count(const YAML::Mark& mark, std::size_t size) {
    if (open_.empty()) return;
    std::size_t& total = expanded_[open_.back()];
    total += size;
    if (total > kMostNodes) throw Refusal{mark, "aliases that expand to too much"};
  }

  YamlDocument& document_;
  YAML::Mark mark_;
  std::vector<std::uint32_t> open_;
  std::vector<std::size_t> expanded_;  ///< by node: nodes below it and itself, aliases followed
  std::map<YAML::anchor_t, std::uint32_t> anchors_;
};

void index_lines(YamlDocument& document) {
  document.line_starts.push_back(0);
  for (std::size_t at = 0; at < document.text.size(); ++at) {
    if (document.text[at] == '\n') document.line_starts.push_back(at + 1);
  }
}

Diagnostic problem_at(const YamlDocument& document, int line, int column, std::string message) {
  Diagnostic problem;
  problem.place = {document.file, line, column};
  problem.message = std::move(message);
  problem.source_line = std::string(document.line(line));
  return problem;
}

/// The first byte that is no part of a text file, as a problem.
bool check_bytes(const YamlDocument& document, std::vector<Diagnostic>& problems) {
  const std::string& text = document.text;
  int line = 1;
  std::size_t line_start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    const char32_t c = point.value;
    const bool control = (c < 0x20 && c != '\n' && c != '\t' && c != '\r') || (c >= 0x7F && c < 0xA0);
    if (!point.valid || control) {
      problems.push_back(problem_at(document, line, static_cast<int>(at - line_start) + 1,
                                    point.valid ? "a control character" : "not UTF-8"));
      return false;
    }
    at += point.bytes;
    if (c == '\n') {
      ++line;
      line_start = at;
    }
  }
  return true;
}

}  // namespace

std::string_view YamlDocument::line(int number) const {
  if (number < 1 || static_cast<std::size_t>(number) > line_starts.size()) return {};
  const std::size_t begin = line_starts[static_cast<std::size_t>(number) - 1];
  std::string_view rest = std::string_view(text).substr(begin);
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

YamlDocument parse_yaml(const SourceFile& file, std::vector<Diagnostic>& problems) {
  YamlDocument document;
  document.file = file.name;
  if (file.text.size() > kLargestFile) {
    problems.push_back(problem_at(document, 0, 0, "larger than 16 MiB"));
    return document;
  }
  document.text = file.text;
  index_lines(document);
  if (!check_bytes(document, problems)) return document;

  Builder builder(document);
  const auto refuse = [&](const YAML::Mark& mark, std::string message) {
    // yaml-cpp may point just beyond the end; the last line is where people look.
    const int last = static_cast<int>(document.line_starts.size());
    const int line = mark.is_null() ? 0 : std::min(mark.line + 1, last);
    problems.push_back(problem_at(document, line, mark.is_null() ? 0 : mark.column + 1, std::move(message)));
    document.root = kNoNode;
  };
  try {
    std::istringstream stream(file.text);
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      refuse(YAML::Mark::null_mark(), "there is nothing in this file");
    } else if (YamlDocument second; parser && document.root != kNoNode) {
      Builder other(second);
      if (parser.HandleNextDocument(other))
        refuse(YAML::Mark::null_mark(), "more than one document ('---') in a file");
    }
  } catch (const Refusal& refusal) {
    refuse(refusal.mark, refusal.message);
  } catch (const YAML::Exception& error) {
    refuse(error.mark, "not YAML: " + error.msg);
  }
  return document;
}

}  // namespace jobfit
