// metrics.yaml, capabilities.yaml, languages.yaml, quantizations.yaml, glossary.yaml.
#include "catalog/draft.hpp"
#include "catalog/language_tag.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

constexpr std::string_view kBetter[] = {"lower", "higher"};
constexpr std::string_view kFormats[] = {"gguf", "mlx", "safetensors"};
constexpr std::string_view kLimits[] = {"memory", "bandwidth", "compute", "disk", "none"};

void read_scale(Map& map, Metric& metric) {
  const auto at = map.find("scale");
  if (!at) return;
  const std::vector<Value> ends = read_list(*at);
  if (ends.size() != 2) {
    if (at->is(YamlNode::Kind::list)) at->complain("a scale is [lowest, highest]");
    return;
  }
  const auto low = read_number(ends[0], -kAnyNumber, kAnyNumber);
  const auto high = read_number(ends[1], -kAnyNumber, kAnyNumber);
  if (!low || !high) return;
  if (*low >= *high) {
    at->complain("a scale is [lowest, highest]");
    return;
  }
  metric.min = *low;
  metric.max = *high;
}

void read_measures(Map& map, const Catalog& catalog, Metric& metric) {
  const auto at = map.find("measures");
  if (!at) return;
  Map measures(*at, "measures");
  if (!measures.readable()) return;
  metric.measures.clear();
  const auto& children = at->tree().children;
  for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
    const Value key{at->document, at->problems, children[i], kNoNode};
    const Value weight{at->document, at->problems, children[i + 1], children[i]};
    if (!key.is(YamlNode::Kind::scalar)) continue;
    const bool known = check_capability(catalog, key);
    const auto number = read_number(weight, 0, 1);
    if (known && number) metric.measures.push_back({key.tree().text, *number});
  }
  if (children.empty()) at->complain("a metric must measure something");
}

void read_metric(Draft& draft, const Value& entry) {
  Map map(entry, "a metric");
  const auto id = map.need("id");
  if (!id || !read_text(*id)) return;
  Metric scratch;
  bool is_new = false;
  Metric& metric = record_for(draft, draft.catalog.metrics, &Metric::id, *id, "metric", is_new, scratch);
  if (is_new) {
    for (const char* key : {"name", "what", "scale", "measures"}) map.need(key);
  }
  map.text("name", metric.name);
  map.text("what", metric.what);
  map.text("unit", metric.unit);
  read_scale(map, metric);
  map.choice("better", metric.higher_is_better, kBetter);
  map.number("noise", metric.noise, 0, kAnyNumber);
  map.number("saturates_at", metric.saturates_at, -kAnyNumber, kAnyNumber);
  read_measures(map, draft.catalog, metric);
  map.text("url", metric.url);
  map.text("caveat", metric.caveat);
  const auto saturates = map.find("saturates_at");
  map.finish();
  if (saturates && metric.saturates_at != 0 &&
      (metric.saturates_at < metric.min || metric.saturates_at > metric.max)) {
    saturates->complain(fmt::format("{} is outside the scale of '{}'", metric.saturates_at, metric.id));
  }
}

void read_language(Draft& draft, const Value& entry) {
  Map map(entry, "a language");
  const auto tag = map.need("tag");
  if (!tag || !read_text(*tag)) return;
  if (!well_formed_tag(tag->tree().text)) {
    tag->complain(fmt::format("'{}' is no BCP 47 tag", tag->tree().text));
  }
  Language scratch;
  bool is_new = false;
  Language& language =
      record_for(draft, draft.catalog.languages, &Language::tag, *tag, "language", is_new, scratch);
  if (is_new) {
    map.need("english");
    map.need("own");
  }
  map.text("english", language.english);
  map.text("own", language.own);
  map.texts("also", language.also);
  map.text("script", language.script);
  map.text("family", language.family);
  map.texts("related", language.related);
  map.number("tokens_per_english", language.tokens_per_english, 0.1, 100);
  map.text("source", language.source);
  if (const auto related = map.find("related"); related && related->is(YamlNode::Kind::list)) {
    for (const Value& item : read_list(*related)) draft.related_languages.push_back(item);
  }
  map.finish();
}

void read_quantization(Draft& draft, const Value& entry) {
  Map map(entry, "a quantization");
  const auto name = map.need("name");
  if (!name || !read_text(*name)) return;
  Quantization scratch;
  bool is_new = false;
  Quantization& quantization = record_for(draft, draft.catalog.quantizations, &Quantization::name, *name,
                                          "quantization", is_new, scratch);
  if (is_new) {
    for (const char* key : {"format", "loss", "source"}) map.need(key);
  }
  map.choice("format", quantization.format, kFormats);
  map.number("bits_per_weight", quantization.bits_per_weight, 0.5, 64);
  map.number("loss", quantization.loss, 0, 100);
  const bool unsure = map.find("loss_low").has_value() || map.find("loss_high").has_value();
  map.number("loss_low", quantization.loss_low, 0, 100);
  map.number("loss_high", quantization.loss_high, 0, 100);
  map.yes_no("dynamic", quantization.dynamic);
  map.text("what", quantization.what);
  map.text("source", quantization.source);
  map.finish();
  if (!unsure && is_new) quantization.loss_low = quantization.loss_high = quantization.loss;
  if (quantization.loss < quantization.loss_low || quantization.loss > quantization.loss_high) {
    entry.complain("'loss' must lie between 'loss_low' and 'loss_high'");
  }
}

}  // namespace

void read_metrics(Draft& draft, const Value& list) {
  for (const Value& entry : read_list(list)) read_metric(draft, entry);
}

void read_languages(Draft& draft, const Value& list) {
  for (const Value& entry : read_list(list)) read_language(draft, entry);
}

void read_quantizations(Draft& draft, const Value& list) {
  for (const Value& entry : read_list(list)) read_quantization(draft, entry);
}

void read_capabilities(Draft& draft, const Value& list) {
  for (const Value& entry : read_list(list)) {
    Map map(entry, "a capability");
    const auto id = map.need("id");
    map.need("what");
    if (!id || !read_text(*id)) continue;
    Capability scratch;
    bool is_new = false;
    Capability& capability =
        record_for(draft, draft.catalog.capabilities, &Capability::id, *id, "capability", is_new, scratch);
    map.text("what", capability.what);
    map.finish();
  }
}

void read_glossary(Draft& draft, const Value& list) {
  for (const Value& entry : read_list(list)) {
    Map map(entry, "a term");
    const auto id = map.need("id");
    if (!id || !read_text(*id)) continue;
    GlossaryTerm scratch;
    bool is_new = false;
    GlossaryTerm& term =
        record_for(draft, draft.catalog.glossary, &GlossaryTerm::id, *id, "term", is_new, scratch);
    if (is_new) map.need("limit");
    map.texts("also", term.also);
    map.choice("limit", term.limit, kLimits);
    map.texts("see", term.see);
    map.finish();
  }
}

}  // namespace jobfit
