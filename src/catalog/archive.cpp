#include "catalog/archive.hpp"

#include "catalog/varint.hpp"

#include <cmath>
#include <cstring>

namespace jobfit {
namespace {

constexpr double kThousand = 1000, kMostThousandths = 1e15;

}  // namespace

void Packer::number(std::uint64_t value) { put_varint(values_, value); }

void Packer::real(double value) {
  const double thousandths = std::round(value * kThousand);
  if (value >= 0 && !std::signbit(value) && thousandths < kMostThousandths &&
      thousandths / kThousand == value) {
    return number(static_cast<std::uint64_t>(thousandths) << 1);
  }
  number(1);
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  values_.append(raw, sizeof value);
}

void Packer::text(const std::string& value) {
  const auto [known, inserted] = numbers_.emplace(value, texts_.size());
  if (inserted) texts_.push_back(value);
  number(known->second);
}

std::string Packer::finish() const {
  std::string bytes;
  put_varint(bytes, texts_.size());
  for (const std::string& text : texts_) put_varint(bytes, text.size());
  for (const std::string& text : texts_) bytes += text;
  return bytes + values_;
}

Unpacker::Unpacker(std::string_view bytes) : rest_(bytes) {
  const std::size_t size = count();
  std::vector<std::size_t> lengths;
  lengths.reserve(size);
  for (std::size_t i = 0; i < size && good_; ++i) lengths.push_back(number());
  texts_.reserve(lengths.size());
  for (const std::size_t length : lengths) texts_.push_back(raw(length));
}

std::uint64_t Unpacker::long_number() { return take_varint(rest_, good_); }

double Unpacker::real() {
  const std::uint64_t coded = number();
  if ((coded & 1) == 0) return static_cast<double>(coded >> 1) / kThousand;
  const std::string_view bytes = raw(sizeof(double));
  double value = 0;
  if (good_) std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::string_view Unpacker::raw(std::size_t length) {
  if (length > rest_.size()) {
    good_ = false;
    rest_ = {};
    return {};
  }
  const std::string_view bytes = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return bytes;
}

std::size_t Unpacker::count() {
  const std::uint64_t size = number();
  if (size <= rest_.size()) return static_cast<std::size_t>(size);
  good_ = false;
  return 0;
}

void Unpacker::unpack(std::string& value) {
  const std::uint64_t index = number();
  if (index < texts_.size()) {
    value = std::string(texts_[static_cast<std::size_t>(index)]);  // assigned, it would be given room to grow
  } else {
    good_ = false;
  }
}

}  // namespace jobfit
