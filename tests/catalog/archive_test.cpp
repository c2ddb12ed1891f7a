#include "catalog/archive.hpp"

#include "support/test.hpp"

#include <random>

using namespace jobfit;

TEST_CASE("bytes that no packer wrote are read to a clean end", "[catalog]") {
  std::mt19937 random(11);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random() % 60, '\0');
    for (char& c : bytes) c = static_cast<char>(random() % 4 == 0 ? 0xFF : random() % 8);
    Unpacker unpacker(bytes);
    std::vector<std::vector<std::string>> texts;
    std::map<std::string, double> numbers;
    std::variant<std::int64_t, double, bool, std::string> value;
    unpacker(texts, numbers, value);
    CHECK(texts.size() <= bytes.size());
  }
}

TEST_CASE("a text is stored once however often it is said", "[catalog]") {
  Packer packer;
  const std::string text(1000, 'x');
  packer(std::vector<std::string>(50, text));
  const std::string bytes = packer.finish();
  CHECK(bytes.size() < 1100);
  Unpacker unpacker(bytes);
  std::vector<std::string> texts;
  unpacker(texts);
  CHECK(unpacker.at_end());
  CHECK(texts == std::vector<std::string>(50, text));
}
