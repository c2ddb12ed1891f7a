#include "jobfit/catalog.hpp"

#include "small_data.hpp"
#include "support/test.hpp"

using namespace jobfit;

TEST_CASE("a model is found by every name it has", "[catalog]") {
  const Catalog catalog = small_catalog();
  for (const char* name : {"alpha-8b", "ALPHA-8B", "Alpha 8B", "Ayla/Alpha-8B-Instruct", "alpha-8b-instruct",
                           "alpha-8b-chat", "alpha:8b", "u/Alpha-8B-GGUF", "ayla/alpha-8b", "alpha"}) {
    CAPTURE(name);
    const ModelLookup found = find_model(catalog, name);
    REQUIRE(found.index);
    CHECK(catalog.models[*found.index].id == "alpha-8b");
  }
}

TEST_CASE("a part that several models share names them all", "[catalog]") {
  const ModelLookup found = find_model(small_catalog(), "b");
  CHECK_FALSE(found.index);
  CHECK(found.candidates == std::vector<std::string>{"alpha-8b", "beta-9b"});
}

TEST_CASE("a whole id is meant even where it is a part of another", "[catalog]") {
  Catalog catalog = small_catalog();
  catalog.models.push_back(catalog.models[0]);
  catalog.models.back().id = "alpha-8b-coder";
  catalog.models.back().huggingface = catalog.models.back().ollama = "";
  const ModelLookup found = find_model(catalog, "alpha-8b");
  REQUIRE(found.index);
  CHECK(*found.index == 0);
}

TEST_CASE("a near miss is a candidate, nonsense is none", "[catalog]") {
  CHECK(find_model(small_catalog(), "alhpa-8b").candidates == std::vector<std::string>{"alpha-8b"});
  CHECK(find_model(small_catalog(), "llama").candidates.empty());
  CHECK(find_model(small_catalog(), "").candidates.empty());
}

TEST_CASE("a language is found by tag and by its names in any case", "[catalog]") {
  const Catalog catalog = small_catalog();
  for (const char* text : {"th", "TH", "th-TH", "th_TH", "Thai", "thai", "ไทย", "Siamese", "tha", " th "}) {
    CAPTURE(text);
    CHECK(find_language(catalog, text) == "th");
  }
}

TEST_CASE("a region picks the script of Chinese", "[catalog]") {
  Catalog catalog = small_catalog();
  CHECK(find_language(catalog, "zh-TW") == "zh-Hant");
  CHECK(find_language(catalog, "zh-HK") == "zh-Hant");
  CHECK(find_language(catalog, "zh-Hant-TW") == "zh-Hant");
  CHECK(find_language(catalog, "zh-CN") == "zh-Hans");
  CHECK(find_language(catalog, "zh") == "zh-Hans");
  std::erase_if(catalog.languages, [](const Language& language) { return language.tag == "zh-Hans"; });
  catalog.languages.push_back({"zh", "Chinese", "中文", {}, "", "", {}, 0, ""});
  CHECK(find_language(catalog, "zh-CN") == "zh");
  CHECK(find_language(catalog, "zh-TW") == "zh-Hant");
}

TEST_CASE("a region without an entry of its own is the language", "[catalog]") {
  CHECK(find_language(small_catalog(), "pt-BR") == "pt");
  CHECK(find_language(small_catalog(), "pt-Latn-BR") == "pt");
}

TEST_CASE("a tag that the catalog lacks is a language still", "[catalog]") {
  CHECK(find_language(small_catalog(), "tlh") == "tlh");
  CHECK(find_language(small_catalog(), "sr-latn-rs") == "sr-Latn-RS");
}

TEST_CASE("the two codes of Norwegian lead to the one that is there", "[catalog]") {
  CHECK(find_language(small_catalog(), "nb") == "no");
  CHECK(find_language(small_catalog(), "nb-NO") == "no");
}

TEST_CASE("what is no language is not guessed", "[catalog]") {
  for (const char* text :
       {"Thia", "", " ", "english please", "t", "123", "th-", "-th", "ไท", "th--TH", "verylongword"}) {
    CAPTURE(text);
    CHECK(find_language(small_catalog(), text) == std::nullopt);
  }
}
