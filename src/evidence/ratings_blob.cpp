// Ratings as bytes: a checksum, the columns by name and length, then column by column every model's rating. A
// rating is a byte that says what follows, its value in hundredths of a point, and variable-length numbers:
// how far the bar reaches down and up, from which model, which scores.
#include "jobfit/evidence.hpp"

#include "catalog/hash.hpp"
#include "catalog/varint.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace jobfit {
namespace {

constexpr std::string_view kMagic = "jobfit.ratings/3";

// The first byte of a rating.
constexpr unsigned kBasisBits = 0x07, kFromModel = 0x08, kEvenBar = 0x10, kCountShift = 5, kManyScores = 7;
constexpr std::uint64_t kMost = 10000;  // hundredths of a point

std::uint64_t hundredths(double points) { return static_cast<std::uint64_t>(std::lround(points * 100)); }

void put_rating(std::string& out, const Rating& rating) {
  const std::uint64_t value = hundredths(rating.value);
  const std::uint64_t below = value - hundredths(rating.low), above = hundredths(rating.high) - value;
  const std::uint64_t count = rating.scores.size();
  unsigned head = static_cast<unsigned>(rating.basis);
  if (rating.from_model != 0) head |= kFromModel;
  if (below == above) head |= kEvenBar;
  head |= static_cast<unsigned>(std::min<std::uint64_t>(count, kManyScores)) << kCountShift;
  out.push_back(static_cast<char>(head));
  put_varint(out, value);
  put_varint(out, below);
  if (below != above) put_varint(out, above);
  if (rating.from_model != 0) put_varint(out, rating.from_model);
  if (count >= kManyScores) put_varint(out, count);
  std::uint32_t before = 0;
  for (const std::uint32_t score : rating.scores) {
    put_varint(out, score - before);
    before = score;
  }
}

/// Reads from the front; `good` goes false at the first thing that cannot be.
struct Reader {
  std::string_view rest;
  bool good = true;

  std::uint64_t number() { return take_varint(rest, good); }

  unsigned byte() {
    if (rest.empty()) {
      good = false;
      return 0;
    }
    const auto found = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    return found;
  }

  std::string_view bytes(std::uint64_t count) {
    if (count > rest.size()) {
      good = false;
      return {};
    }
    const std::string_view found = rest.substr(0, count);
    rest.remove_prefix(count);
    return found;
  }
};

bool read_rating(Reader& reader, std::uint64_t models, Rating& rating) {
  const unsigned head = reader.byte();
  const std::uint64_t value = reader.number();
  const std::uint64_t below = reader.number();
  const std::uint64_t above = (head & kEvenBar) != 0 ? below : reader.number();
  if (!reader.good || value > kMost || below > value || above > kMost - value) return false;
  rating.value = static_cast<double>(value) / 100.0;
  rating.low = static_cast<double>(value - below) / 100.0;
  rating.high = static_cast<double>(value + above) / 100.0;
  const unsigned basis = head & kBasisBits;
  if (basis > static_cast<unsigned>(Basis::none)) return false;
  rating.basis = static_cast<Basis>(basis);
  const std::uint64_t from = (head & kFromModel) != 0 ? reader.number() : 0;
  std::uint64_t count = head >> kCountShift;
  if (count == kManyScores) count = reader.number();
  // Every index takes a byte at least, so a count beyond the rest is a lie.
  if (!reader.good || from >= models || count > reader.rest.size()) return false;
  rating.from_model = static_cast<std::uint32_t>(from);
  if (count == 0) return true;
  rating.scores.reserve(count);
  std::uint64_t index = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    index += reader.number();
    if (!reader.good || index > 0xffffffffU) return false;
    rating.scores.push_back(static_cast<std::uint32_t>(index));
  }
  return true;
}

}  // namespace

std::string compile(const Ratings& ratings) {
  std::string body;
  put_varint(body, ratings.models());
  put_varint(body, ratings.capabilities().size());
  std::string columns;
  for (std::size_t column = 0; column < ratings.capabilities().size(); ++column) {
    const std::string& name = ratings.capabilities()[column];
    const std::size_t before = columns.size();
    for (std::size_t model = 0; model < ratings.models(); ++model)
      put_rating(columns, ratings.at(model, column));
    put_varint(body, name.size());
    body += name;
    put_varint(body, columns.size() - before);
  }
  body += columns;
  std::string blob(kMagic);
  put_varint(blob, hash_text(body));
  return blob + body;
}

std::optional<Ratings> decompile_ratings(std::string_view blob) {
  Reader reader{blob};
  if (reader.bytes(kMagic.size()) != kMagic) return std::nullopt;
  const std::uint64_t sum = reader.number();
  if (!reader.good || sum != hash_text(reader.rest)) return std::nullopt;
  const std::uint64_t models = reader.number(), columns = reader.number();
  std::vector<std::string> names;
  std::vector<std::uint64_t> lengths;
  for (std::uint64_t column = 0; column < columns && reader.good; ++column) {
    names.emplace_back(reader.bytes(reader.number()));
    lengths.push_back(reader.number());
  }
  Ratings ratings(std::move(names), static_cast<std::size_t>(models));
  for (const std::uint64_t length : lengths) ratings.packed_.push_back(reader.bytes(length));
  if (!reader.good || !reader.rest.empty()) return std::nullopt;
  return ratings;
}

std::vector<Rating>& Ratings::unpacked(std::size_t column) const {
  std::vector<Rating>& ratings = columns_[column];
  if (!ratings.empty()) return ratings;
  ratings.resize(models_);
  if (packed_.empty()) return ratings;
  Reader reader{packed_[column]};
  for (Rating& rating : ratings) {
    const bool read = read_rating(reader, models_, rating);
    assert(read);  // what it was read from was whole
    static_cast<void>(read);
  }
  return ratings;
}

}  // namespace jobfit
