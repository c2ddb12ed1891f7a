// The catalog as it lies in the executable.
#include "jobfit/catalog.hpp"

#include "catalog/archive.hpp"
#include "catalog/hash.hpp"

#include <cstring>

namespace jobfit {

// One function per record, for both directions. A field more or less: raise kFormat.
template <typename A>
void fields(A& a, typename A::template Record<Date> d) {
  a(d.year, d.month, d.day);
}
template <typename A>
void fields(A& a, typename A::template Record<Place> p) {
  a(p.file, p.line, p.column);
}
template <typename A>
void fields(A& a, typename A::template Record<Sentence> s) {
  a(s.key, s.holes);
}
template <typename A>
void fields(A& a, typename A::template Record<Words> w) {
  a(w.language, w.templates);
}

template <typename A>
void fields(A& a, typename A::template Record<Hyperparameters> h) {
  a(h.values);
}
template <typename A>
void fields(A& a, typename A::template Record<License> l) {
  a(l.id, l.commercial, l.condition, l.excluded_territories, l.source);
}
template <typename A>
void fields(A& a, typename A::template Record<Context> c) {
  a(c.native, c.extended, c.card, c.source);
}
template <typename A>
void fields(A& a, typename A::template Record<LanguageClaims> l) {
  a(l.listed, l.counted_out, l.counted, l.only, l.inherited_from, l.source);
}
template <typename A>
void fields(A& a, typename A::template Record<Build> b) {
  a(b.format, b.quantization, b.qat, b.file_bytes, b.rounded, b.repository, b.file, b.ollama, b.source);
}
template <typename A>
void fields(A& a, typename A::template Record<Hosting> h) {
  a(h.provider, h.api_id, h.under_contract, h.source);
}
template <typename A>
void fields(A& a, typename A::template Record<Model> m) {
  a(m.id, m.name, m.family, m.maker, m.huggingface, m.also, m.released, m.retired, m.kind, m.open_weights,
    m.license, m.parameters, m.active_parameters, m.context, m.inputs, m.thinking, m.tools, m.fill_in_middle,
    m.structured_output, m.mtp, m.drafter, m.languages, m.shape, m.projector_bytes, m.projector_source,
    m.builds, m.hosting, m.ollama, m.superseded_by, m.derived_from, m.sources, m.note, m.place);
}

template <typename A>
void fields(A& a, typename A::template Record<Measure> m) {
  a(m.capability, m.weight);
}
template <typename A>
void fields(A& a, typename A::template Record<Metric> m) {
  a(m.id, m.name, m.what, m.unit, m.min, m.max, m.higher_is_better, m.noise, m.saturates_at, m.measures,
    m.url, m.caveat);
}
template <typename A>
void fields(A& a, typename A::template Record<EvidenceTable> t) {
  a(t.id, t.source, t.reporter, t.reported_by, t.metric, t.language, t.date, t.noise, t.note, t.place);
}
template <typename A>
void fields(A& a, typename A::template Record<Setting> s) {
  a(s.mode, s.quantization, s.measured);
}
template <typename A>
void fields(A& a, typename A::template Record<Score> s) {
  a(s.table, s.model, s.setting, s.value);
}
template <typename A>
void fields(A& a, typename A::template Record<Quantization> q) {
  a(q.name, q.format, q.bits_per_weight, q.loss, q.loss_low, q.loss_high, q.dynamic, q.what, q.source);
}
template <typename A>
void fields(A& a, typename A::template Record<Language> l) {
  a(l.tag, l.english, l.own, l.also, l.script, l.family, l.related, l.tokens_per_english, l.source);
}
template <typename A>
void fields(A& a, typename A::template Record<GlossaryTerm> g) {
  a(g.id, g.also, g.limit, g.see);
}
template <typename A>
void fields(A& a, typename A::template Record<Capability> c) {
  a(c.id, c.what);
}
template <typename A>
void fields(A& a, typename A::template Record<Device> d) {
  a(d.name, d.also, d.vendor, d.kind, d.generation, d.pci, d.laptop, d.memory, d.bandwidth, d.tflops_fp16,
    d.tops_int8, d.year, d.source);
}
template <typename A>
void fields(A& a, typename A::template Record<Preset> p) {
  a(p.id, p.what, p.os, p.architecture, p.cpu, p.cores, p.memory, p.memory_bandwidth, p.gpus, p.gpu_memory,
    p.source);
}

template <typename A>
void fields(A& a, typename A::template Record<Predicate> p) {
  a(p.fact, p.op, p.values, p.place);
}
template <typename A>
void fields(A& a, typename A::template Record<Rule> r) {
  a(r.id, r.gate, r.when, r.require, r.because, r.note, r.place);
}
template <typename A>
void fields(A& a, typename A::template Record<Weight> w) {
  a(w.capability, w.weight);
}
template <typename A>
void fields(A& a, typename A::template Record<Option> o) {
  a(o.id, o.requires_, o.weighs, o.minds, o.excuses, o.routes, o.capability, o.weight, o.context, o.min_speed,
    o.input, o.long_documents, o.name, o.what, o.example);
}
template <typename A>
void fields(A& a, typename A::template Record<Question> q) {
  a(q.gate, q.options, q.rules);
}
template <typename A>
void fields(A& a, typename A::template Record<Questions> q) {
  a(q.list);
}
template <typename A>
void fields(A& a, typename A::template Record<Catalog> c) {
  a(c.version, c.as_of, c.models, c.capabilities, c.metrics, c.tables, c.settings, c.scores, c.quantizations,
    c.languages, c.glossary, c.devices, c.presets, c.questions, c.words, c.files);
}

namespace {

constexpr char kMagic[8] = {'j', 'o', 'b', 'f', 'i', 't', 'C', '\n'};
constexpr std::uint64_t kFormat = 2;  // read on a machine of the other byte order, it is another

struct Header {
  char magic[8];
  std::uint64_t format, length, checksum;
};

bool indexes_fit(const Catalog& catalog) {
  for (const Score& score : catalog.scores) {
    if (score.table >= catalog.tables.size() || score.model >= catalog.models.size() ||
        score.setting >= catalog.settings.size())
      return false;
  }
  return true;
}

}  // namespace

std::string compile(const Catalog& catalog) {
  Packer packer;
  packer(catalog);
  const std::string body = packer.finish();
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.format = kFormat;
  header.length = body.size();
  header.checksum = hash_text(body);
  std::string blob(sizeof header, '\0');
  std::memcpy(blob.data(), &header, sizeof header);
  return blob + body;
}

std::optional<Catalog> decompile(std::string_view blob) {
  Header header{};
  if (blob.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, blob.data(), sizeof header);
  const std::string_view body = blob.substr(sizeof header);
  const bool ours = std::memcmp(header.magic, kMagic, sizeof kMagic) == 0 && header.format == kFormat;
  if (!ours || header.length != body.size() || header.checksum != hash_text(body)) return std::nullopt;
  Unpacker unpacker(body);
  std::optional<Catalog> catalog(std::in_place);
  unpacker(*catalog);
  if (!unpacker.at_end() || !indexes_fit(*catalog)) return std::nullopt;
  return catalog;
}

}  // namespace jobfit
