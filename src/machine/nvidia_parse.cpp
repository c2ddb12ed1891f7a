// The two forms in which NVIDIA's driver answers.
#include "machine/nvidia.hpp"
#include "machine/scan.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace jobfit {
namespace {

using nlohmann::json;

constexpr Bytes kMostBytes = Bytes{1} << 50;
constexpr std::size_t kMostGpus = 256;

/// "24564 MiB", or "24564" under a header that says "[MiB]".
std::optional<Bytes> memory_value(std::string_view value, std::string_view unit) {
  const auto words = words_of(value);
  if (words.empty() || words.size() > 2) return std::nullopt;
  if (words.size() == 2) unit = words[1];
  const auto number = to_integer(words[0]);
  const Bytes scale = unit == "MiB"   ? kMiB
                      : unit == "GiB" ? kGiB
                      : unit == "KiB" ? kKiB
                      : unit == "B"   ? 1
                                      : 0;
  if (!number || scale == 0 || *number <= 0 || *number > kMostBytes / scale) return std::nullopt;
  return *number * scale;
}

/// Where each column stands: "memory.total [MiB]" → name and unit.
struct Column {
  std::string_view name, unit;
};
std::vector<Column> header_columns(std::string_view line) {
  std::vector<Column> columns;
  for (std::string_view cell : split(line, ',')) {
    cell = trim(cell);
    const std::size_t bracket = cell.find('[');
    Column column{trim(cell.substr(0, bracket)), {}};
    if (bracket != std::string_view::npos && cell.ends_with(']')) {
      column.unit = cell.substr(bracket + 1, cell.size() - bracket - 2);
    }
    columns.push_back(column);
  }
  return columns;
}

bool is_header(const std::vector<Column>& columns) {
  return std::any_of(columns.begin(), columns.end(), [](const Column& column) {
    return column.name == "memory.total" || column.name == "name" || column.name == "uuid";
  });
}

/// "0x268410DE", as pci.device_id prints it.
std::string pci_of(std::string_view value) {
  const auto id = to_hex(value);
  if (!id || *id < 0x10000) return {};
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04x:%04x", static_cast<unsigned>(*id & 0xffff),
                static_cast<unsigned>((*id >> 16) & 0xffff));
  return text.data();
}

std::string text_or_empty(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? neutralise(found->get<std::string>()) : std::string();
}

std::optional<Bytes> bytes_or_none(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  const auto value = found->get<std::uint64_t>();
  if (value == 0 || value > static_cast<std::uint64_t>(kMostBytes)) return std::nullopt;
  return static_cast<Bytes>(value);
}

bool is_missing(std::string_view value) { return value.empty() || value.starts_with('[') || value == "N/A"; }

}  // namespace

NvidiaAnswer parse_nvidia_smi(std::string_view csv) {
  NvidiaAnswer answer;
  if (is_binary(csv)) {
    answer.unread = 1;
    return answer;
  }
  std::vector<Column> columns;
  std::string first_words;
  for (const std::string_view line : lines(csv)) {
    if (trim(line).empty()) continue;
    if (columns.empty()) {
      std::vector<Column> maybe = header_columns(line);
      if (is_header(maybe)) {
        columns = std::move(maybe);
      } else if (first_words.empty()) {
        first_words = neutralise(trim(line));
      }
      continue;
    }
    if (line.find("MIG ") != std::string_view::npos && line.find("UUID: MIG") != std::string_view::npos)
      continue;
    const auto cells = split(line, ',');
    if (cells.size() != columns.size() || answer.gpus.size() >= kMostGpus) {
      const bool lost = line.find("Unable to determine the device handle") != std::string_view::npos;
      if (lost && answer.error.empty()) answer.error = neutralise(trim(line));
      if (!lost) ++answer.unread;
      continue;
    }
    NvidiaGpu gpu;
    for (std::size_t at = 0; at < cells.size(); ++at) {
      const std::string_view name = columns[at].name, value = trim(cells[at]);
      if (name == "name" || name == "gpu_name")
        gpu.name = is_missing(value) ? std::string() : neutralise(value);
      if (name == "uuid" || name == "gpu_uuid") gpu.uuid = value;
      if (name == "memory.total") gpu.memory = memory_value(value, columns[at].unit);
      if (name == "memory.total")
        gpu.refused = value.find("Insufficient Permissions") != std::string_view::npos;
      if (name == "driver_version" && answer.driver.empty() && !is_missing(value))
        answer.driver = neutralise(value);
      if (name == "mig.mode.current") gpu.mig = value == "Enabled";
      if (name == "pci.device_id") gpu.pci = pci_of(value);
    }
    answer.gpus.push_back(std::move(gpu));
  }
  if (columns.empty() && first_words.find("No devices were found") == std::string::npos)
    answer.error = first_words;
  add_slices(answer, csv);
  return answer;
}

NvidiaAnswer parse_nvml(std::string_view text) {
  NvidiaAnswer answer;
  const json said = json::parse(text, nullptr, false);
  if (!said.is_object()) {
    answer.unread = 1;
    return answer;
  }
  answer.driver = text_or_empty(said, "driver_version");
  answer.error = text_or_empty(said, "error");
  const auto devices = said.find("devices");
  if (devices == said.end() || !devices->is_array()) return answer;
  for (const json& device : *devices) {
    if (!device.is_object() || answer.gpus.size() >= kMostGpus) {
      ++answer.unread;
      continue;
    }
    NvidiaGpu gpu;
    gpu.name = text_or_empty(device, "name");
    gpu.pci = text_or_empty(device, "pci");
    gpu.slot = text_or_empty(device, "slot");
    gpu.error = text_or_empty(device, "error");
    gpu.memory = bytes_or_none(device, "memory_bytes");
    const auto refused = device.find("memory_refused");
    gpu.refused = refused != device.end() && refused->is_boolean() && refused->get<bool>();
    const auto mig = device.find("mig");
    gpu.mig = mig != device.end() && mig->is_boolean() && mig->get<bool>();
    const auto slices = device.find("slices");
    if (slices != device.end() && slices->is_array()) {
      for (const json& slice : *slices) {
        if (!slice.is_object()) continue;
        gpu.slices.push_back({text_or_empty(slice, "name"), bytes_or_none(slice, "memory_bytes")});
      }
    }
    answer.gpus.push_back(std::move(gpu));
  }
  return answer;
}

void add_slices(NvidiaAnswer& answer, std::string_view list) {
  // GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-...)
  //   MIG 3g.20gb     Device  0: (UUID: MIG-...)
  NvidiaGpu* gpu = nullptr;
  for (const std::string_view raw : lines(list)) {
    const std::string_view line = trim(raw);
    if (line.starts_with("GPU ")) {
      const auto index =
          to_integer(line.substr(4, line.find(':') == std::string_view::npos ? 0 : line.find(':') - 4));
      gpu = index && *index >= 0 && static_cast<std::size_t>(*index) < answer.gpus.size()
                ? &answer.gpus[static_cast<std::size_t>(*index)]
                : nullptr;
    } else if (line.starts_with("MIG ") && line.find("Device") != std::string_view::npos) {
      if (gpu == nullptr && answer.gpus.size() == 1) gpu = &answer.gpus.front();
      if (gpu == nullptr || gpu->slices.size() >= 64) continue;
      const auto words = words_of(line);
      gpu->slices.push_back({gpu->name + " MIG " + neutralise(words[1]), std::nullopt});
      gpu->mig = true;
    }
  }
}

std::optional<Bytes> slice_bytes(std::string_view name) {
  // "1g.5gb", "1g.10gb+me", "1c.3g.20gb"
  for (const std::string_view word : words_of(name)) {
    const std::size_t dot = word.rfind("g.");
    if (dot == std::string_view::npos) continue;
    const std::string_view rest = word.substr(dot + 2);
    const std::size_t unit = rest.find("gb");
    const auto number = unit == std::string_view::npos ? std::nullopt : to_integer(rest.substr(0, unit));
    if (number && *number > 0 && *number < 4096) return *number * 1'000'000'000;
  }
  return std::nullopt;
}

}  // namespace jobfit
