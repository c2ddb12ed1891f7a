#include "jobfit/shape.hpp"
#include "support/test.hpp"

using namespace jobfit;

namespace {

std::int64_t number(const Hyperparameters& values, std::string_view key) {
  const auto* value = values.find(key);
  const auto* whole = value ? std::get_if<std::int64_t>(value) : nullptr;
  return whole ? *whole : -1;
}

bool any(const ConfigRead& read, std::string_view part) {
  for (const auto& problem : read.problems)
    if (problem.message.find(part) != std::string::npos) return true;
  for (const auto& problem : read.problems)
    UNSCOPED_INFO(problem.place.line << ":" << problem.place.column << " " << problem.message);
  return false;
}

}  // namespace

TEST_CASE("a config.json becomes GGUF keys", "[fit]") {
  const ConfigRead read = read_config(R"({
    "architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "num_hidden_layers": 36, "hidden_size": 4096,
    "intermediate_size": 12288, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
    "max_position_embeddings": 40960, "vocab_size": 151936, "tie_word_embeddings": false})",
                                      "config.json");
  REQUIRE(read.problems.empty());
  CHECK(number(read.hyperparameters, "block_count") == 36);
  CHECK(number(read.hyperparameters, "attention.head_count_kv") == 8);
  CHECK(number(read.hyperparameters, "attention.key_length") == 128);
  CHECK(number(read.hyperparameters, "context_length") == 40960);
  CHECK(std::holds_alternative<Shape>(make_shape(read.hyperparameters)));
}

TEST_CASE("a language model inside a picture model's config is found", "[fit]") {
  const ConfigRead read = read_config(R"({
    "architectures": ["Gemma3ForConditionalGeneration"], "vision_config": {"hidden_size": 1152},
    "text_config": {"num_hidden_layers": 34, "hidden_size": 2560, "intermediate_size": 10240,
      "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256, "sliding_window": 1024,
      "max_position_embeddings": 131072, "vocab_size": 262208}})", "config.json");
  REQUIRE(read.problems.empty());
  CHECK(number(read.hyperparameters, "embedding_length") == 2560);
  CHECK(number(read.hyperparameters, "attention.sliding_window") == 1024);
  CHECK(std::get<bool>(*read.hyperparameters.find("tie_word_embeddings")));
}

TEST_CASE("every value of the wrong kind is named with its line and column", "[fit]") {
  const ConfigRead read = read_config(
      "{\"architectures\": [\"LlamaForCausalLM\"],\n"
      " \"num_hidden_layers\": \"32\",\n"
      " \"hidden_size\": 40.5,\n"
      "   \"vocab_size\": 99999999999999999999999,\n"
      " \"tie_word_embeddings\": \"no\"}\n", "c.json");
  REQUIRE(read.problems.size() == 4);
  CHECK(read.problems[0].place == Place{"c.json", 2, 23});
  CHECK(any(read, "'num_hidden_layers' is a string, not a"));
  CHECK(read.problems[1].place == Place{"c.json", 3, 17});
  CHECK(any(read, "'hidden_size' is a fraction, not a whole number"));
  CHECK(any(read, "'vocab_size' is past 63 bits"));
  CHECK(any(read, "'tie_word_embeddings' is a string, not true or false"));
}

TEST_CASE("what is no config.json is refused with its place", "[fit]") {
  const auto problem = [](std::string_view text) {
    const ConfigRead read = read_config(text, "c.json");
    REQUIRE(read.problems.size() == 1);
    return read.problems[0];
  };
  CHECK(problem("").place.line == 1);
  CHECK(problem("{\n \"a\": ,\n}").place.line == 2);
  CHECK(problem("[1, 2]").message == "is not a JSON object");
  CHECK(problem("{} {}").place.line == 1);
  CHECK(problem("{\"architectures\": [\"NobodyKnowsForCausalLM\"]}").message.find("NobodyKnowsForCausalLM") !=
        std::string::npos);
  CHECK(problem("{\"hidden_size\": 1}").message.find("architecture") != std::string::npos);
  CHECK(problem("{\"architectures\": [\"LlamaForCausalLM\"], \"text_config\": 3}").place.line == 1);
  const std::string deep = std::string(100000, '[') + std::string(100000, ']');
  CHECK_FALSE(read_config("{\"a\": " + deep + "}", "c.json").problems.empty());
  CHECK_FALSE(read_config(std::string("{\"a\xff\": 1}"), "c.json").problems.empty());
}
