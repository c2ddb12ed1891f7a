#include "jobfit/catalog.hpp"

#include "small_data.hpp"
#include "support/test.hpp"

#include <random>

using namespace jobfit;

TEST_CASE("a right data folder reads without a problem", "[catalog]") {
  const CatalogRead read = read_catalog(small_data());
  CHECK(format_diagnostics(read.problems) == "");
  CHECK(read.catalog.models.size() == 2);
  CHECK(read.catalog.scores.size() == 4);
  CHECK(read.catalog.tables.size() == 2);
  CHECK(read.catalog.questions.list.size() == 4);
  CHECK(read.catalog.words.size() == 2);
}

TEST_CASE("a model's facts arrive as they were written", "[catalog]") {
  const Catalog catalog = small_catalog();
  const Model& alpha = *catalog.model("alpha-8b");
  CHECK(alpha.name == "Alpha 8B");
  CHECK(alpha.released == Date{2026, 4, 22});
  CHECK(alpha.open_weights);
  CHECK(alpha.license.commercial == License::Commercial::yes);
  CHECK(alpha.parameters == 8.2e9);
  CHECK(alpha.context.native == 131072);
  CHECK(alpha.context.extended == 1010000);
  CHECK(alpha.inputs == std::vector<std::string>{"text", "image"});
  CHECK(alpha.thinking == Thinking::optional);
  CHECK(alpha.tools == Known::yes);
  CHECK(alpha.fill_in_middle == Known::no);
  CHECK(alpha.structured_output == Known::unknown);
  CHECK(alpha.mtp == "heads");
  CHECK(alpha.projector_bytes == 927600000);
  CHECK(alpha.builds.at(0).file_bytes == 5000000000);
  CHECK(alpha.hosting.at(0).under_contract == Known::no);
  CHECK(alpha.place.file == "data/models/alpha.yaml");
  CHECK(alpha.place.line == 1);
  CHECK_FALSE(catalog.model("beta-9b")->open_weights);
}

TEST_CASE("the language code no is Norwegian, not false", "[catalog]") {
  const Catalog catalog = small_catalog();
  CHECK(catalog.model("alpha-8b")->languages.listed == std::vector<std::string>{"th", "en", "no"});
  CHECK(catalog.language("no")->english == "Norwegian");
  const auto plain = read_catalog(edited("data/models/alpha.yaml", "[th, en, 'no']", "[th, en, no]"));
  CHECK(plain.problems.empty());
  CHECK(plain.catalog.model("alpha-8b")->languages.listed == std::vector<std::string>{"th", "en", "no"});
}

TEST_CASE("a shape keeps integers, fractions, yes and no, texts and lists apart", "[catalog]") {
  const Catalog catalog = small_catalog();
  const Hyperparameters& shape = catalog.model("alpha-8b")->shape;
  CHECK(std::get<std::string>(*shape.find("architecture")) == "qwen35");
  CHECK(std::get<std::int64_t>(*shape.find("block_count")) == 8);
  CHECK(std::get<std::int64_t>(*shape.find("rope.freq_base")) == 1000000);
  CHECK(std::get<bool>(*shape.find("tie_word_embeddings")));
  CHECK(std::get<std::vector<std::int64_t>>(*shape.find("attention.head_count_kv")) ==
        std::vector<std::int64_t>{0, 0, 0, 4, 0, 0, 0, 4});
  CHECK(shape.find("expert_count") == nullptr);
}

TEST_CASE("scores name their table and model by index", "[catalog]") {
  const Catalog catalog = small_catalog();
  for (const Score& score : catalog.scores) {
    REQUIRE(score.table < catalog.tables.size());
    REQUIRE(score.model < catalog.models.size());
    REQUIRE(score.setting < catalog.settings.size());
  }
  const auto thai = std::find_if(catalog.scores.begin(), catalog.scores.end(),
                                 [](const Score& score) { return score.value == 0.7; });
  REQUIRE(thai != catalog.scores.end());
  CHECK(catalog.models[thai->model].id == "alpha-8b");
  CHECK(catalog.tables[thai->table].language == "th");
  CHECK(catalog.tables[thai->table].id == "leaderboard#2");
  CHECK(catalog.tables[thai->table].reported_by == ReporterClass::maker);
}

TEST_CASE("devices and presets carry sizes as they are sold and decimal bandwidth", "[catalog]") {
  const Catalog catalog = small_catalog();
  const Device& device = catalog.devices.at(0);
  CHECK(device.memory == std::vector<Bytes>{24 * kGiB});
  CHECK(device.bandwidth == 1008e9);
  CHECK(device.pci == std::vector<std::string>{"10de:2684"});
  const Preset& preset = catalog.presets.at(0);
  CHECK(preset.memory == 64 * kGiB);
  CHECK(preset.gpus.size() == 2);
  CHECK(preset.memory_bandwidth == 89.6e9);
}

TEST_CASE("options say what they require, weigh, mind and keep open", "[catalog]") {
  const Catalog catalog = small_catalog();
  const Option& chat = *catalog.questions.option(Gate::job, "chat");
  CHECK(chat.requires_.at(0).require.at(0).values == std::vector<std::string>{"general", "roleplay"});
  CHECK(chat.weighs.at(0).capability == "language");
  CHECK(chat.minds == std::vector<std::string>{"confabulation"});
  CHECK(chat.name.key == "job.chat.name");
  const Option& code = *catalog.questions.option(Gate::job, "code");
  CHECK(code.context == 32768);
  CHECK(code.long_documents);
  CHECK(catalog.questions.option(Gate::egress, "never")->routes == std::vector<std::string>{"this-machine"});
  CHECK(catalog.questions.option(Gate::failure, "confabulation")->capability == "honesty");
  CHECK(catalog.questions.ids(Gate::job) == std::vector<std::string>{"chat", "code"});
  CHECK(catalog.questions.list[0].rules.at(0).when.at(0).fact == "route");
}

TEST_CASE("words of one language are joined from its files, English first", "[catalog]") {
  const Catalog catalog = small_catalog();
  CHECK(catalog.words.at(0).language == "en");
  CHECK(catalog.words.at(0).templates.at("fit.because.gpu") == "all of it fits on {gpu}");
  CHECK(catalog.words.at(1).templates.at("job.chat.name") == "สนทนา");
}

TEST_CASE("the version is the newest date and a hash of the content", "[catalog]") {
  const Catalog catalog = small_catalog();
  CHECK(catalog.as_of == Date{2026, 8, 0});
  CHECK(catalog.version.starts_with("2026.08.00+"));
  CHECK(catalog.version == small_catalog().version);
  const auto other = read_catalog(edited("data/models/beta.yaml", "Beta 9B", "Beta 9b"));
  CHECK(other.catalog.version != catalog.version);
}

TEST_CASE("the order of files changes nothing", "[catalog]") {
  const std::string expected = compile(small_catalog());
  std::vector<SourceFile> files = small_data();
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(files.begin(), files.end(), random);
    REQUIRE(compile(read_catalog(files).catalog) == expected);
  }
}

TEST_CASE("models, metrics, languages and scores come in the order of their names, however they were written",
          "[catalog]") {
  const Catalog catalog =
      read_catalog(
          std::vector<SourceFile>{
              {"metrics.yaml",
               "- {id: b, name: B, what: w, scale: [0, 1], measures: {code: 1}}\n"
               "- {id: a, name: A, what: w, scale: [0, 1], measures: {code: 1}}\n"},
              {"languages.yaml",
               "- {tag: th, english: Thai, own: ไทย}\n- {tag: en, english: English, own: English}\n"},
              {"models/m.yaml",
               "- {id: n, name: N, family: f, maker: m, sources: [s]}\n"
               "- {id: m, name: M, family: f, maker: m, sources: [s]}\n"},
              {"evidence/e.yaml",
               "- {source: s, reporter: r, reported_by: claim, metric: b, scores: [{model: n, score: 1},\n"
               "   {model: m, score: 0}]}\n"
               "- {source: s, reporter: r, reported_by: claim, metric: a, scores: [{model: n, score: 1}]}\n"},
          })
          .catalog;
  CHECK(catalog.metrics.at(0).id == "a");
  CHECK(catalog.languages.at(0).tag == "en");
  CHECK(catalog.models.at(0).id == "m");
  CHECK(catalog.tables.at(0).metric == "a");
  REQUIRE(catalog.scores.size() == 3);
  CHECK(catalog.scores[0].table == 0);
  CHECK(catalog.scores[1].model == 0);
  CHECK(catalog.scores[1].value == 0);
}
