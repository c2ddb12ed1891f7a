// Ratings as bytes: columns by name, then every rating row by row. Values are hundredths
// of a point in two bytes, counts and score indexes are variable-length numbers.
#include "jobfit/evidence.hpp"

#include <array>
#include <cmath>
#include <cstring>

namespace jobfit {
namespace {

constexpr std::string_view kMagic = "jobfit.ratings/1";
constexpr std::uint64_t kMaxColumns = 4096, kMaxRows = 1 << 20, kMaxName = 256;

void put_number(std::string& out, std::uint64_t number) {
  while (number >= 0x80) {
    out.push_back(static_cast<char>(0x80 | (number & 0x7f)));
    number >>= 7;
  }
  out.push_back(static_cast<char>(number));
}

void put_points(std::string& out, double points) {
  const auto hundredths = static_cast<unsigned>(std::lround(points * 100));
  out.push_back(static_cast<char>(hundredths & 0xff));
  out.push_back(static_cast<char>(hundredths >> 8));
}

/// Reads from the front; `good` goes false at the first thing that cannot be.
struct Reader {
  std::string_view rest;
  bool good = true;

  std::uint64_t number() {
    std::uint64_t found = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      if (rest.empty()) break;
      const auto byte = static_cast<unsigned char>(rest.front());
      rest.remove_prefix(1);
      found |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return found;
    }
    good = false;
    return 0;
  }

  double points() {
    if (rest.size() < 2) {
      good = false;
      return 0;
    }
    const unsigned hundredths =
        static_cast<unsigned char>(rest[0]) | static_cast<unsigned>(static_cast<unsigned char>(rest[1])) << 8;
    rest.remove_prefix(2);
    good = good && hundredths <= 10000;
    return hundredths / 100.0;
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

bool read_rating(Reader& reader, std::uint64_t rows, Rating& rating) {
  rating.value = reader.points();
  rating.low = reader.points();
  rating.high = reader.points();
  const std::uint64_t basis = reader.number();
  if (!reader.good || basis > static_cast<std::uint64_t>(Basis::none)) return false;
  if (rating.low > rating.value || rating.value > rating.high) return false;
  rating.basis = static_cast<Basis>(basis);
  const std::uint64_t from = reader.number();
  const std::uint64_t count = reader.number();
  // Every index takes a byte at least, so a count beyond the rest is a lie.
  if (!reader.good || from >= rows || count > reader.rest.size()) return false;
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
  std::string out(kMagic);
  put_number(out, ratings.capabilities.size());
  for (const std::string& name : ratings.capabilities) {
    put_number(out, name.size());
    out += name;
  }
  put_number(out, ratings.rows.size());
  for (const std::vector<Rating>& row : ratings.rows) {
    for (const Rating& rating : row) {
      put_points(out, rating.value);
      put_points(out, rating.low);
      put_points(out, rating.high);
      put_number(out, static_cast<std::uint64_t>(rating.basis));
      put_number(out, rating.from_model);
      put_number(out, rating.scores.size());
      std::uint32_t before = 0;
      for (const std::uint32_t score : rating.scores) {
        put_number(out, score - before);
        before = score;
      }
    }
  }
  return out;
}

std::optional<Ratings> decompile_ratings(std::string_view blob) {
  Reader reader{blob};
  if (reader.bytes(kMagic.size()) != kMagic) return std::nullopt;
  const std::uint64_t columns = reader.number();
  if (!reader.good || columns > kMaxColumns) return std::nullopt;
  Ratings ratings;
  for (std::uint64_t c = 0; c < columns; ++c) {
    const std::uint64_t length = reader.number();
    if (!reader.good || length > kMaxName) return std::nullopt;
    ratings.capabilities.emplace_back(reader.bytes(length));
    if (!reader.good) return std::nullopt;
  }
  const std::uint64_t rows = reader.number();
  if (!reader.good || rows > kMaxRows || rows > reader.rest.size()) return std::nullopt;
  ratings.rows.resize(rows);
  for (std::vector<Rating>& row : ratings.rows) {
    // A rating takes nine bytes at least.
    if (columns > reader.rest.size() / 9) return std::nullopt;
    row.resize(columns);
    for (Rating& rating : row) {
      if (!read_rating(reader, rows, rating)) return std::nullopt;
    }
  }
  if (!reader.rest.empty()) return std::nullopt;
  return ratings;
}

}  // namespace jobfit
