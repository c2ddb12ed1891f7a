// Values to bytes and back. One `fields(archive, record)` per record serves both ways,
// so that what is written and what is read cannot come apart.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace jobfit {

/// Writes. Integers are variable-length, each text is written once and then named by number.
class Packer {
 public:
  template <typename T>
  using Record = const T&;

  template <typename... Fields>
  void operator()(const Fields&... values) {
    (pack(values), ...);
  }

  /// The texts, then the values: everything that Unpacker needs.
  std::string finish() const;

 private:
  void number(std::uint64_t value);
  /// Most figures have three decimals at most: thousandths are a whole number.
  void real(double value);
  void text(const std::string& value);

  template <typename T>
  void pack(const T& value) {
    if constexpr (std::is_same_v<T, bool> || std::is_enum_v<T>) {
      number(static_cast<std::uint64_t>(value));
    } else if constexpr (std::is_integral_v<T>) {
      const auto wide = static_cast<std::int64_t>(value);
      number((static_cast<std::uint64_t>(wide) << 1) ^ (wide < 0 ? ~std::uint64_t{0} : 0));
    } else if constexpr (std::is_same_v<T, double>) {
      real(value);
    } else {
      fields(*this, value);
    }
  }
  void pack(const std::string& value) { text(value); }
  template <typename T>
  void pack(const std::vector<T>& list) {
    number(list.size());
    for (const T& item : list) pack(item);
  }
  template <typename A, typename B>
  void pack(const std::pair<A, B>& both) {
    pack(both.first), pack(both.second);
  }
  template <typename V, typename C>
  void pack(const std::map<std::string, V, C>& entries) {
    number(entries.size());
    for (const auto& [key, value] : entries) pack(key), pack(value);
  }
  template <typename... Kinds>
  void pack(const std::variant<Kinds...>& value) {
    number(value.index());
    std::visit([this](const auto& held) { this->pack(held); }, value);
  }

  std::string values_;
  std::vector<std::string> texts_;
  std::unordered_map<std::string, std::uint64_t> numbers_;
};

/// Reads what Packer wrote. Nothing it is given can make it read outside or allocate
/// more than a multiple of it: after the first thing that does not fit, `good` is false.
class Unpacker {
 public:
  template <typename T>
  using Record = T&;

  explicit Unpacker(std::string_view bytes);

  template <typename... Fields>
  void operator()(Fields&... values) {
    (unpack(values), ...);
  }

  bool good() const { return good_; }
  bool at_end() const { return good_ && rest_.empty(); }

 private:
  std::uint64_t number() {
    if (!rest_.empty() && static_cast<unsigned char>(rest_.front()) < 0x80) {  // nearly always
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      return byte;
    }
    return long_number();
  }
  std::uint64_t long_number();
  double real();
  std::string_view raw(std::size_t length);
  /// Of a list: every item takes at least one byte.
  std::size_t count();

  template <typename T>
  void unpack(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = number() != 0;
    } else if constexpr (std::is_enum_v<T>) {
      value = static_cast<T>(number());
    } else if constexpr (std::is_integral_v<T>) {
      const std::uint64_t coded = number();
      value = static_cast<T>(static_cast<std::int64_t>(coded >> 1) ^ -static_cast<std::int64_t>(coded & 1));
    } else if constexpr (std::is_same_v<T, double>) {
      value = real();
    } else {
      fields(*this, value);
    }
  }
  void unpack(std::string& value);
  template <typename T>
  void unpack(std::vector<T>& list) {
    const std::size_t size = count();
    list.clear();
    list.reserve(size < kMostReserved ? size : kMostReserved);
    for (std::size_t i = 0; i < size && good_; ++i) unpack(list.emplace_back());
  }
  template <typename A, typename B>
  void unpack(std::pair<A, B>& both) {
    unpack(both.first), unpack(both.second);
  }
  template <typename V, typename C>
  void unpack(std::map<std::string, V, C>& entries) {
    const std::size_t size = count();
    entries.clear();
    for (std::size_t i = 0; i < size && good_; ++i) {
      std::string key;
      unpack(key);
      unpack(entries.emplace_hint(entries.end(), std::move(key), V{})->second);
    }
  }
  template <typename... Kinds>
  void unpack(std::variant<Kinds...>& value) {
    unpack_kind<0, Kinds...>(number(), value);
  }
  template <std::size_t Index, typename Kind, typename... Rest, typename Variant>
  void unpack_kind(std::uint64_t index, Variant& value) {
    if (index == Index) {
      Kind held{};
      unpack(held);
      value = std::move(held);
    } else if constexpr (sizeof...(Rest) > 0) {
      unpack_kind<Index + 1, Rest...>(index, value);
    } else {
      good_ = false;
    }
  }

  /// What a count alone can make us allocate, before any item has been seen.
  static constexpr std::size_t kMostReserved = 1 << 15;

  std::string_view rest_;
  std::vector<std::string_view> texts_;
  bool good_ = true;
};

}  // namespace jobfit
