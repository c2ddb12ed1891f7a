#include <cmath>

#include "support/memory_figures.hpp"
#include "support/test.hpp"

using namespace jobfit;

namespace {

Shape dense(const char* architecture, int blocks, int embedding, int feed_forward, int heads, int kv_heads,
            int head, int vocabulary, bool tied) {
  const nlohmann::json keys = {
      {"architecture", architecture}, {"block_count", blocks}, {"context_length", 8192},
      {"embedding_length", embedding}, {"feed_forward_length", feed_forward}, {"attention.head_count", heads},
      {"attention.head_count_kv", kv_heads}, {"attention.key_length", head}, {"attention.value_length", head},
      {"vocab_size", vocabulary}, {"tie_word_embeddings", tied}, {"attention.sliding_window", 4096}};
  return std::get<Shape>(make_shape(figures::hyperparameters(keys)));
}

Shape llama_8b() { return dense("llama", 32, 4096, 14336, 32, 8, 128, 128256, false); }

std::string type_of(const WeightTable& table, std::string_view name) {
  for (const auto& tensor : table.tensors)
    if (tensor.name == name) return tensor.type;
  return "";
}

}  // namespace

TEST_CASE("the sizes of published files come out within a percent", "[fit]") {
  // Sizes of Ollama's files, tokenizer and all, as its library's pages say them.
  struct { Shape shape; const char* mix; Bytes published; } files[] = {
      {llama_8b(), "Q4_K_M", 4'920'738'944},
      {llama_8b(), "Q4_0", 4'661'211'424},
      {dense("llama", 80, 8192, 28672, 64, 8, 128, 128256, false), "Q4_K_M", 42'520'398'528},
      {dense("llama", 126, 16384, 53248, 128, 8, 128, 128256, false), "Q4_K_M", 243'069'610'720},
      {dense("llama", 28, 3072, 8192, 24, 8, 128, 128256, true), "Q4_K_M", 2'019'377'376},
      {dense("llama", 16, 2048, 8192, 32, 8, 64, 128256, true), "Q8_0", 1'321'082'688},
      {dense("llama", 40, 5120, 32768, 32, 8, 128, 131072, false), "Q4_K_M", 14'333'908'384},
      {dense("qwen2", 64, 5120, 27648, 40, 8, 128, 152064, false), "Q4_K_M", 19'851'336'288},
      {dense("qwen2", 28, 3584, 18944, 28, 4, 128, 152064, false), "Q4_K_M", 4'683'073'952},
      {dense("qwen2", 48, 5120, 13824, 40, 8, 128, 152064, false), "Q4_K_M", 8'988'110'688},
      {dense("gemma2", 42, 3584, 14336, 16, 8, 256, 256000, true), "Q4_0", 5'443'143'296},
      {dense("gemma2", 46, 4608, 36864, 32, 16, 128, 256000, true), "Q4_0", 15'628'378'336},
      {dense("phi3", 40, 5120, 17920, 40, 10, 128, 100352, false), "Q4_K_M", 9'053'114'464},
  };
  for (const auto& file : files) {
    const Bytes ours = weights_from_mix(file.shape, file.mix, false).value().total_bytes;
    CAPTURE(file.shape.architecture, file.shape.embedding, file.mix, ours, file.published);
    CHECK(std::fabs(double(ours) / double(file.published) - 1) < 0.01);
  }
}

TEST_CASE("Q4_K_M gives half the value and down matrices more bits, and the head most", "[fit]") {
  const auto table = weights_from_mix(llama_8b(), "Q4_K_M", false).value();
  CHECK(type_of(table, "output.weight") == "q6_K");
  CHECK(type_of(table, "token_embd.weight") == "q4_K");
  CHECK(type_of(table, "blk.0.attn_v.weight") == "q6_K");
  CHECK(type_of(table, "blk.5.attn_v.weight") == "q4_K");
  CHECK(type_of(table, "blk.5.attn_q.weight") == "q4_K");
  CHECK(type_of(table, "blk.31.ffn_down.weight") == "q6_K");
  CHECK(type_of(table, "blk.0.attn_norm.weight") == "f32");
}

TEST_CASE("every mix has its size, in order, and an unknown one has none", "[fit]") {
  const Shape shape = llama_8b();
  Bytes before = 0;
  for (const char* mix : {"Q2_K_S", "Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M", "Q5_K_S",
                          "Q5_K_M", "Q6_K", "Q8_0", "BF16", "F32"}) {
    CAPTURE(mix);
    const auto table = weights_from_mix(shape, mix, false);
    REQUIRE(table);
    CHECK(table->total_bytes > before);
    before = table->total_bytes;
    Bytes sum = 0;
    for (const auto& tensor : table->tensors) sum += tensor.bytes;
    CHECK(sum == table->total_bytes);
  }
  for (const char* mix :
       {"IQ1_S",  "IQ1_M",  "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ2_M", "IQ3_XXS", "IQ3_XS", "IQ3_S", "IQ3_M",
        "IQ4_XS", "IQ4_NL", "Q4_0",    "Q4_1",   "Q5_0",  "Q5_1",  "TQ1_0",   "TQ2_0",  "F16",   "q4_k_m"}) {
    CAPTURE(mix);
    CHECK(weights_from_mix(shape, mix, false));
  }
  for (const char* mix : {"", "Q4", "UD-Q4_K_XL", "4bit", "Q4_K_M\n"}) {
    CAPTURE(mix);
    CHECK_FALSE(weights_from_mix(shape, mix, false));
  }
}

TEST_CASE("Gemma 3 files trained for Q4_0 keep their embeddings as half floats", "[fit]") {
  const Shape shape = dense("gemma3", 48, 3840, 15360, 16, 8, 256, 262208, true);
  const auto trained = weights_from_mix(shape, "Q4_0", true).value();
  CHECK(type_of(trained, "token_embd.weight") == "f16");
  CHECK(type_of(weights_from_mix(shape, "Q4_0", false).value(), "token_embd.weight") == "q6_K");
  CHECK(std::fabs(double(trained.total_bytes) / 8.07e9 - 1) < 0.01);
}

TEST_CASE("only the experts of an MXFP4 file are MXFP4", "[fit]") {
  const auto measured = figures::read(JOBFIT_TESTS_DIR "/fixtures/memory/ten_models.json");
  const auto table = weights_from_mix(measured.shapes.at("gpt-oss-20b"), "MXFP4", false).value();
  CHECK(type_of(table, "blk.0.ffn_down_exps.weight") == "mxfp4");
  CHECK(type_of(table, "blk.0.attn_q.weight") == "q8_0");
}

TEST_CASE("a type's bytes are whole blocks", "[fit]") {
  CHECK(ggml_bytes("q4_K", 512) == 288);
  CHECK(ggml_bytes("Q8_0", 32) == 34);
  CHECK(ggml_bytes("bf16", 3) == 6);
  CHECK_FALSE(ggml_bytes("q4_K", 100));
  CHECK_FALSE(ggml_bytes("q9_9", 256));
  CHECK_FALSE(ggml_bytes("f32", std::int64_t{1} << 62));
}
