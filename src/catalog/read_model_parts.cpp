#include "catalog/read_model_parts.hpp"

#include "catalog/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

constexpr std::string_view kCommercial[] = {"unknown", "no", "conditional", "yes"};
constexpr std::string_view kFormats[] = {"gguf", "mlx", "safetensors"};
constexpr Bytes kLargestFile = Bytes{64} * kTiB;

bool is_territory(const std::string& text) {
  return text.size() == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
}

void read_tokens_key(Map& map, std::string_view key, std::int64_t& into) {
  if (const auto at = map.find(key)) {
    if (const auto tokens = read_tokens(*at)) into = *tokens;
  }
}

void read_tags(Map& map, std::string_view key, const Catalog& catalog, std::vector<std::string>& into) {
  const auto at = map.find(key);
  if (!at || !read_texts(*at)) return;
  into.clear();
  for (const Value& item : read_list(*at)) {
    if (item.is(YamlNode::Kind::scalar) && check_language(catalog, item)) into.push_back(item.tree().text);
  }
}

Build read_build(const Value& entry) {
  Map map(entry, "a build");
  Build build;
  map.need("format");
  map.need("quantization");
  map.choice("format", build.format, kFormats);
  map.text("quantization", build.quantization);
  map.yes_no("qat", build.qat);
  map.integer("bytes", build.file_bytes, 1, kLargestFile);
  map.yes_no("rounded", build.rounded);
  map.text("repository", build.repository);
  map.text("file", build.file);
  map.text("ollama", build.ollama);
  map.text("source", build.source);
  map.finish();
  if (build.file_bytes > 0 && build.source.empty()) entry.complain("a build with a size needs 'source'");
  return build;
}

bool same_build(const Build& a, const Build& b) {
  return a.format == b.format && a.quantization == b.quantization && a.repository == b.repository &&
         a.file == b.file && a.qat == b.qat;
}

Hosting read_host(const Value& entry) {
  Map map(entry, "a hosting");
  Hosting host;
  for (const char* key : {"provider", "api_id", "source"}) map.need(key);
  map.text("provider", host.provider);
  map.text("api_id", host.api_id);
  map.known("under_contract", host.under_contract);
  map.text("source", host.source);
  map.finish();
  return host;
}

}  // namespace

std::optional<std::int64_t> read_tokens(const Value& value) {
  if (value.is(YamlNode::Kind::scalar)) {
    if (const auto tokens = parse_tokens(value.tree().text)) return tokens;
  }
  return read_integer(value, 1, std::int64_t{1} << 30);
}

void read_license(Map& model, License& license) {
  const auto at = model.find("license");
  if (!at) return;
  Map map(*at, "a license");
  if (license.id.empty()) map.need("id");
  map.text("id", license.id);
  map.choice("commercial", license.commercial, kCommercial);
  map.text("condition", license.condition);
  map.text("source", license.source);
  map.texts("excluded_territories", license.excluded_territories);
  map.finish();
  if (license.commercial == License::Commercial::conditional && license.condition.empty()) {
    at->complain("a license whose commercial use is conditional needs 'condition'");
  }
  if (const auto territories = map.find("excluded_territories");
      territories && territories->is(YamlNode::Kind::list)) {
    for (const Value& item : read_list(*territories)) {
      if (item.is(YamlNode::Kind::scalar) && !is_territory(item.tree().text)) {
        item.complain(fmt::format("'{}' is no territory: EU, or a country's two letters", item.tree().text));
      }
    }
  }
}

void read_context(Map& model, Context& context) {
  const auto at = model.find("context");
  if (!at) return;
  Map map(*at, "a context");
  read_tokens_key(map, "native", context.native);
  read_tokens_key(map, "extended", context.extended);
  read_tokens_key(map, "card", context.card);
  map.text("source", context.source);
  map.finish();
  if (context.extended > 0 && context.extended < context.native) {
    at->complain("the extended context is shorter than the native one");
  }
}

void read_language_claims(Map& model, const Catalog& catalog, LanguageClaims& claims) {
  const auto at = model.find("languages");
  if (!at) return;
  Map map(*at, "languages");
  read_tags(map, "listed", catalog, claims.listed);
  read_tags(map, "counted_out", catalog, claims.counted_out);
  map.integer("counted", claims.counted, 1, 8000);
  map.yes_no("only", claims.only);
  map.text("inherited_from", claims.inherited_from);
  map.text("source", claims.source);
  map.finish();
  for (const std::string& tag : claims.listed) {
    if (std::find(claims.counted_out.begin(), claims.counted_out.end(), tag) != claims.counted_out.end()) {
      at->complain(fmt::format("'{}' is both listed and counted out", tag));
    }
  }
}

void read_projector(Map& model, Model& into) {
  const auto at = model.find("projector");
  if (!at) return;
  Map map(*at, "a projector");
  map.need("bytes");
  map.need("source");
  map.integer("bytes", into.projector_bytes, 1, kLargestFile);
  map.text("source", into.projector_source);
  map.finish();
}

void read_builds(Map& model, std::vector<Build>& builds) {
  const auto at = model.find("builds");
  if (!at) return;
  std::vector<Build> here;
  for (const Value& entry : read_list(*at)) {
    Build build = read_build(entry);
    const auto same = [&](const Build& other) { return same_build(build, other); };
    if (std::any_of(here.begin(), here.end(), same)) {
      entry.complain(
          fmt::format("the build {} of '{}' is given twice", build.quantization, build.repository));
      continue;
    }
    here.push_back(build);
    // Laid over a base, a build that is already there is corrected, any other is added.
    const auto known = std::find_if(builds.begin(), builds.end(), same);
    if (known == builds.end()) {
      builds.push_back(std::move(build));
    } else {
      *known = std::move(build);
    }
  }
}

void read_hosting(Map& model, std::vector<Hosting>& hosting) {
  const auto at = model.find("hosting");
  if (!at) return;
  std::vector<Hosting> here;
  for (const Value& entry : read_list(*at)) {
    Hosting host = read_host(entry);
    const auto same = [&](const Hosting& other) {
      return host.provider == other.provider && host.api_id == other.api_id;
    };
    if (std::any_of(here.begin(), here.end(), same)) {
      entry.complain(fmt::format("'{}' at {} is given twice", host.api_id, host.provider));
      continue;
    }
    here.push_back(host);
    const auto known = std::find_if(hosting.begin(), hosting.end(), same);
    if (known == hosting.end()) {
      hosting.push_back(std::move(host));
    } else {
      *known = std::move(host);
    }
  }
}

}  // namespace jobfit
