#include "jobfit/devices.hpp"

#include "jobfit/text.hpp"

#include <algorithm>
#include <array>

namespace jobfit {
namespace {

// Words that every product of a maker carries, and that people leave out. Nothing here tells two devices
// apart.
constexpr std::array<std::string_view, 16> kMarketing = {
    "nvidia",  "amd",    "ati",      "intel", "apple",      "qualcomm", "corporation", "inc",
    "geforce", "radeon", "graphics", "gpu",   "generation", "tm",       "r",           "c"};

bool marketing(std::string_view word) {
  return std::find(kMarketing.begin(), kMarketing.end(), word) != kMarketing.end();
}

/// '(', ')', '-' and the like part words; so do the trade mark signs.
bool parts_words(std::string_view text, std::size_t at, std::size_t& length) {
  constexpr std::string_view kSeparators = " \t-_,;()[]/";
  constexpr std::array<std::string_view, 3> kSigns = {"™", "®", "©"};
  length = 1;
  if (kSeparators.find(text[at]) != std::string_view::npos) return true;
  for (const std::string_view sign : kSigns) {
    if (text.substr(at).starts_with(sign)) {
      length = sign.size();
      return true;
    }
  }
  return false;
}

/// Names that normalise alike have the same digits in the same order, which is told at a glance.
bool same_digits(std::string_view a, std::string_view b) {
  const auto next = [](std::string_view text, std::size_t at) {
    return text.find_first_of("0123456789", at);
  };
  std::size_t i = next(a, 0), j = next(b, 0);
  for (; i != a.npos && j != b.npos; i = next(a, i + 1), j = next(b, j + 1))
    if (a[i] != b[j]) return false;
  return i == j;
}

std::string_view without_subsystem(std::string_view pci) { return pci.substr(0, pci.find('/')); }

}  // namespace

std::string normalise_device_name(std::string_view name) {
  const std::string text = lower(name);
  std::string normalised, word;
  const auto finish_word = [&] {
    if (!marketing(word)) normalised += word;
    word.clear();
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = 1;
    if (parts_words(text, at, length)) {
      finish_word();
    } else {
      word.push_back(text[at]);
    }
    at += length;
  }
  finish_word();
  return normalised;
}

const Device* find_device(std::span<const Device> devices, std::string_view name) {
  const std::string wanted = normalise_device_name(name);
  if (wanted.empty()) return nullptr;  // "AMD Radeon Graphics" says nothing
  const auto called = [&](std::string_view other) {
    return same_digits(other, wanted) && normalise_device_name(other) == wanted;
  };
  for (const Device& device : devices)
    if (called(device.name)) return &device;
  for (const Device& device : devices)
    if (std::any_of(device.also.begin(), device.also.end(), called)) return &device;
  return nullptr;
}

const Device* find_device_by_pci(std::span<const Device> devices, std::string_view pci) {
  const std::string wanted = lower(pci);
  const auto find = [&](std::string_view id) -> const Device* {
    for (const Device& device : devices) {
      for (const std::string& known : device.pci) {
        if (lower(known) == id) return &device;
      }
    }
    return nullptr;
  };
  if (wanted.empty()) return nullptr;
  if (const Device* exact = find(wanted)) return exact;
  return find(without_subsystem(wanted));
}

}  // namespace jobfit
