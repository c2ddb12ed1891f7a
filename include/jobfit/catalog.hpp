// What is known: models, builds, measurements, words. Read from YAML, validated,
// compiled into the executable; user overlays are laid on top at run time.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "jobfit/devices.hpp"
#include "jobfit/diagnostic.hpp"
#include "jobfit/questions.hpp"
#include "jobfit/text.hpp"
#include "jobfit/units.hpp"

namespace jobfit {

/// A fact that may be unknown, and is then said to be.
enum class Known { unknown, no, yes };

/// What occupies memory, as GGUF metadata keys without the architecture prefix:
/// {"architecture", "qwen35"}, {"block_count", 64}, {"attention.head_count_kv",
/// [0,0,0,4,...]}. The one form that a catalog entry, a GGUF header and a
/// config.json are all brought to; src/fit makes a Shape of it. Insertion order
/// is kept. Absent means unknown.
struct Hyperparameters {
  using Value = std::variant<std::int64_t, double, bool, std::string, std::vector<std::int64_t>>;
  std::vector<std::pair<std::string, Value>> values;
  const Value* find(std::string_view key) const;
  bool empty() const { return values.empty(); }
};

struct License {
  std::string id;                 ///< SPDX where there is one, else the licence's own name
  enum class Commercial { unknown, no, conditional, yes } commercial = Commercial::unknown;
  std::string condition;          ///< what "conditional" means, in one line
  std::vector<std::string> excluded_territories;  ///< "EU", "GB", "KR", ISO 3166 codes
  std::string source;
};

struct Context {
  std::int64_t native = 0;        ///< trained window in tokens as the config says: gates use this. 0 unknown
  std::int64_t extended = 0;      ///< with RoPE scaling, as the maker documents; 0 none
  std::int64_t card = 0;          ///< what the card says where it differs; 0 same
  std::string source;
};

enum class Thinking { unknown, none, optional, always };

/// What the maker says about languages. A claim lifts a gate and adds no score.
struct LanguageClaims {
  std::vector<std::string> listed;   ///< BCP 47 tags the maker names
  std::vector<std::string> counted_out;  ///< tags the maker says it does not serve
  int counted = 0;                   ///< "140+ languages" without a list
  bool only = false;                 ///< true: the list is exhaustive ("English only intended")
  std::string inherited_from;        ///< model id or family whose claim this repeats
  std::string source;
};

/// One published (or makeable) file or repository of a model.
struct Build {
  std::string format;             ///< gguf | mlx | safetensors
  std::string quantization;       ///< "Q4_K_M", "UD-Q4_K_XL", "MXFP4", "BF16", "FP8", "AWQ-INT4", "4bit"
  bool qat = false;               ///< trained to tolerate this squeeze
  Bytes file_bytes = 0;           ///< 0: not known, computed from the shape
  bool rounded = false;           ///< file_bytes was published rounded
  std::string repository;         ///< Hugging Face repository; empty: user makes it with llama-quantize
  std::string file;               ///< name within the repository where known
  std::string ollama;             ///< Ollama tag that is this very build
  std::string source;
};

/// Somebody else's computer that runs this model for money.
struct Hosting {
  std::string provider;           ///< "OpenAI API", "AWS Bedrock", "OpenRouter"
  std::string api_id;             ///< what to put in the `model` field
  Known under_contract = Known::unknown;  ///< offers terms: no training on, no keeping of, the data
  std::string source;
};

struct Model {
  std::string id;                 ///< "qwen3.6-27b": lower case slug
  std::string name;               ///< "Qwen3.6 27B"
  std::string family, maker;
  std::string huggingface;        ///< "Qwen/Qwen3.6-27B"; empty for closed models
  std::vector<std::string> also;  ///< other names in benchmarks and tags
  Date released, retired;         ///< retired: the API is switched off, or the maker withdrew it
  std::string kind = "general";   ///< general | coder | translator | ocr | math | roleplay | base
  bool open_weights = true;
  License license;
  double parameters = 0, active_parameters = 0;  ///< counts, not billions; 0 unknown
  Context context;
  std::vector<std::string> inputs;  ///< text, image, audio, video
  Thinking thinking = Thinking::unknown;
  Known tools = Known::unknown, fill_in_middle = Known::unknown, structured_output = Known::unknown;
  std::string mtp;                ///< "heads" (in the weights) | "drafter" (separate file) | "none" | "" unknown
  std::string drafter;            ///< Hugging Face repository of the drafter, if separate
  LanguageClaims languages;
  Hyperparameters shape;          ///< empty for closed models and where not published
  Bytes projector_bytes = 0;      ///< F16 vision/audio projector file; 0 unknown or none
  std::string projector_source;
  std::vector<Build> builds;
  std::vector<Hosting> hosting;
  std::string ollama;             ///< library name ("qwen3.6:27b"), empty where not there
  std::string superseded_by;      ///< model id
  std::string derived_from;       ///< model id of what it was tuned from
  std::vector<std::string> sources;
  std::string note;
  Place place;                    ///< where it was read
};

// --- Evidence -----------------------------------------------------------------

enum class ReporterClass { third_party, maker, competitor, aggregator, claim };

/// One ability a metric speaks of, and how directly (1: that very thing).
struct Measure {
  std::string capability;         ///< one of Catalog::capabilities, or "language" (of the record's language)
  double weight = 1;
};

struct Metric {
  std::string id, name, what;     ///< what: one line, what it measures
  std::string unit;               ///< "%", "Elo", "0-1", "tokens"
  double min = 0, max = 100;      ///< scale; a score outside is an error
  bool higher_is_better = true;
  double noise = 0;               ///< one standard error of a typical score, in the metric's unit; 0 unknown
  double saturates_at = 0;        ///< beyond this it no longer tells models apart; 0 none
  std::vector<Measure> measures;
  std::string url, caveat;
};

/// One published table: only scores of one table compare with each other.
struct EvidenceTable {
  std::string id;                 ///< file stem, with #n when a file holds several
  std::string source;             ///< where it was read, with commit where there is one
  std::string reporter;           ///< who
  ReporterClass reported_by = ReporterClass::aggregator;
  std::string metric;             ///< Metric::id
  std::string language;           ///< BCP 47; "" = English or not language-bound
  Date date;
  double noise = 0;               ///< overrides the metric's; 0: not stated
  std::string note;
  Place place;
};

/// What a score was taken of. Twenty scores share one.
struct Setting {
  std::string mode;               ///< "thinking" | "no-thinking" | effort words | ""
  std::string quantization;       ///< of the measured build; "" = full or unstated
  std::string measured;           ///< the checkpoint as the source names it
  auto operator<=>(const Setting&) const = default;
};

/// One score. `table` indexes Catalog::tables, `model` Catalog::models, `setting` Catalog::settings.
struct Score {
  std::uint32_t table = 0;
  std::uint32_t model = 0;
  std::uint32_t setting = 0;
  double value = 0;
};

/// A quantization as data: what it costs.
struct Quantization {
  std::string name;               ///< "Q4_K_M"
  std::string format;             ///< gguf | mlx | safetensors
  double bits_per_weight = 0;     ///< nominal, only for display; sizes come from shapes
  double loss = 0;                ///< quality lost against BF16 in rating points (0..100) for a mid-size model
  double loss_low = 0, loss_high = 0;
  bool dynamic = false;           ///< mix chosen per tensor by the publisher ("UD-"): size only from the file
  std::string what, source;
};

struct Language {
  std::string tag;                ///< BCP 47: "th", "zh-Hant", "pt-BR"
  std::string english, own;       ///< "Thai", "ไทย"
  std::vector<std::string> also;  ///< other names people type
  std::string script;             ///< ISO 15924: "Thai", "Latn"
  std::string family;             ///< "Tai-Kadai"
  std::vector<std::string> related;  ///< tags whose measurements lend weak evidence
  double tokens_per_english = 0;  ///< tokens for the same text over English's; 0 unknown
  std::string source;
};

/// A word of a spec sheet, explained. Its sentences are in data/words.
struct GlossaryTerm {
  std::string id;                 ///< "kv-cache"
  std::vector<std::string> also;  ///< "kv cache", "key-value cache"
  std::string limit;              ///< the hardware limit it meets: memory | bandwidth | compute | disk | none
  std::vector<std::string> see;   ///< other term ids
};

/// A capability that jobs weigh: "persona", "code", "faithfulness", ...
struct Capability {
  std::string id;
  std::string what;               ///< one line
};

/// The whole of what is known. Order of models: by id. Order never changes advice.
struct Catalog {
  std::string version;            ///< content version: "2026.11.23"
  Date as_of;                     ///< newest date of anything in it
  std::vector<Model> models;
  std::vector<Capability> capabilities;
  std::vector<Metric> metrics;
  std::vector<EvidenceTable> tables;
  std::vector<Setting> settings;
  std::vector<Score> scores;
  std::vector<Quantization> quantizations;
  std::vector<Language> languages;
  std::vector<GlossaryTerm> glossary;
  std::vector<Device> devices;    ///< GPUs and SoCs by name
  std::vector<Preset> presets;    ///< whole machines by name
  Questions questions;
  std::vector<Words> words;       ///< en first
  std::vector<std::string> files; ///< what it was read from
  std::string_view worked_out;    ///< figures of the shapes, reckoned beforehand (src/fit/worked_out.hpp)

  const Model* model(std::string_view id) const;
  const Metric* metric(std::string_view id) const;
  const Language* language(std::string_view tag) const;
  const Quantization* quantization(std::string_view name) const;
};

/// One YAML text to read: its name in messages, and its bytes.
struct SourceFile {
  std::string name;
  std::string text;
};

/// What reading gave: the catalog as far as it could be read, and every problem.
struct CatalogRead {
  Catalog catalog;
  std::vector<Diagnostic> problems;
};

/// All files of a data folder (models/, evidence/, questions/, ...), each known by
/// its folder or name. References across files are checked (superseded_by, metric
/// ids, language tags, cycles, duplicates). File order does not matter.
CatalogRead read_catalog(std::span<const SourceFile> files);

/// `files` laid over `base`: a model with a known id corrects the fields it names,
/// an unknown id adds a model; evidence adds, or corrects the same table's score.
CatalogRead overlay(const Catalog& base, std::span<const SourceFile> files);

/// A team's own rules: same predicates, same checks as data/questions.
struct RulesRead { std::vector<Rule> rules; std::vector<Diagnostic> problems; };
RulesRead read_rules(const SourceFile& file, const Catalog& catalog);

/// An answers file (--answers). Values are checked against the questions.
struct AnswersRead { Answers answers; std::vector<Diagnostic> problems; };
AnswersRead read_answers(const SourceFile& file, const Catalog& catalog);
/// The YAML that read_answers reads back to the same answers.
std::string write_answers(const Answers& answers);

/// The compiled form: host-endian, versioned; a blob of another version or cut
/// short is refused with nullopt.
std::string compile(const Catalog& catalog);
std::optional<Catalog> decompile(std::string_view blob);

/// The index of the model meant by `name`: slug, Hugging Face id, Ollama tag, another name or
/// an unambiguous part. Otherwise the names it could mean (several: ambiguous) or a near miss.
struct ModelLookup {
  std::optional<std::size_t> index;
  std::vector<std::string> candidates;
};
ModelLookup find_model(const Catalog& catalog, std::string_view name);

/// The language meant: a BCP 47 tag (any well-formed one; matched to the nearest entry:
/// "th-TH" is "th", "zh-TW" is "zh-Hant"), or its English or own name. nullopt: not a language.
std::optional<std::string> find_language(const Catalog& catalog, std::string_view text);

}  // namespace jobfit
