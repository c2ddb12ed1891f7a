#include "jobfit/text.hpp"

#include "support/test.hpp"

using namespace jobfit;

TEST_CASE("a sentence fills the holes of its template", "[base]") {
  Words words;
  words.templates["fit.size"] = "{model} needs {bytes}; {{literal}}";
  CHECK(say(words, Sentence{"fit.size", {{"model", "Qwen"}, {"bytes", "15.1 GiB"}}}) ==
        "Qwen needs 15.1 GiB; {literal}");
}

TEST_CASE("a hole that nothing fills stays visible", "[base]") {
  Words words;
  words.templates["a"] = "{here} and {there}";
  CHECK(say(words, Sentence{"a", {{"here", "x"}}}) == "x and {there}");
}

TEST_CASE("a key that no file knows is itself the text", "[base]") {
  CHECK(say(Words{}, Sentence{"not on our list: {model}", {{"model", "GLM"}}}) == "not on our list: GLM");
}

TEST_CASE("a hole may name another template", "[base]") {
  Words words;
  words.templates["job.chat.name"] = "conversation";
  words.templates["why"] = "wanted for {job} of {who}";
  CHECK(say(words, Sentence{"why", {{"job", "@job.chat.name"}, {"who", "@nobody"}}}) ==
        "wanted for conversation of @nobody");
}

TEST_CASE("English serves what another language lacks", "[base]") {
  Words english;
  english.templates["a"] = "hello";
  english.templates["b"] = "world";
  Words thai;
  thai.language = "th";
  thai.templates["a"] = "สวัสดี";
  thai.fallback = &english;
  CHECK(say(thai, "a") == "สวัสดี");
  CHECK(say(thai, "b") == "world");
}

TEST_CASE("a broken template is printed, never thrown", "[base]") {
  Words words;
  for (const char* text :
       {"{", "}", "{{", "}}{", "{}", "{a", "{:>9999999999}", "{0}", "{a:{b}}", "{{{a}}}"}) {
    words.templates["t"] = text;
    CHECK_NOTHROW(say(words, Sentence{"t", {{"a", "1"}}}));
  }
  words.templates["t"] = "{{{a}}}";
  CHECK(say(words, Sentence{"t", {{"a", "1"}}}) == "{1}");
}

TEST_CASE("templates that name each other in a circle come to an end", "[base]") {
  Words words;
  words.templates["t"] = "x{a}";
  CHECK(say(words, Sentence{"t", {{"a", "@t"}}}).size() < 100);
}
