// What the probe found, from where, and what it could not read.
#include "report/text_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

std::string source_of(const Machine& machine, std::string_view figure) {
  for (const auto& [what, where] : machine.sources) {
    if (what == figure) return where;
  }
  return "";
}

std::string size_or_unknown(Bytes bytes, const Words& words) {
  return bytes > 0 ? memory_size(bytes) : say(words, "report.unknown");
}

/// "value (from where)".
std::string with_source(const Machine& machine, const std::string& value, std::string_view figure,
                        const Words& words) {
  const std::string where = source_of(machine, figure);
  return where.empty() ? value : say(words, {"report.machine.from", {{"value", value}, {"where", where}}});
}

std::string gpu_text(const Gpu& gpu, const Words& words) {
  if (gpu.integrated) return say(words, {"report.machine.integrated", {{"gpu", gpu.name}}});
  std::string text = say(words, {gpu.unified ? "report.machine.gpu_unified" : "report.machine.gpu_text",
                                 {{"gpu", gpu.name},
                                  {"memory", size_or_unknown(gpu.memory_bytes, words)},
                                  {"usable", size_or_unknown(gpu.usable_bytes, words)},
                                  {"bandwidth", bandwidth_phrase(gpu.bandwidth_bytes_per_second, words)}}});
  if (gpu.mig) text += "; " + say(words, "report.machine.mig");
  if (!gpu.backend.empty()) text += "; " + gpu.backend;
  return text;
}

Rows rows_of(const Machine& machine, const Words& words) {
  Rows rows;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) rows.emplace_back(say(words, std::string("report.machine.") + key), value);
  };
  add("model", machine.model);
  add("system", machine.os + (machine.cpu.architecture.empty() ? "" : ", " + machine.cpu.architecture));
  std::string cpu = machine.cpu.name.empty() ? say(words, "report.unknown") : machine.cpu.name;
  if (machine.cpu.cores > 0) {
    cpu += ", " + say(words, {"report.machine.cores", {{"count", std::to_string(machine.cpu.cores)}}});
  }
  add("cpu", with_source(machine, cpu, "cpu.name", words));
  add("memory",
      with_source(machine, size_or_unknown(machine.memory.total_bytes, words), "memory.total_bytes", words));
  add("usable",
      size_or_unknown(machine.memory.usable_bytes, words) +
          (machine.memory.limited_by.empty()
               ? ""
               : " (" + say(words, {"report.machine.limited", {{"by", machine.memory.limited_by}}}) + ")"));
  if (machine.memory.available_bytes > 0) add("free", format_bytes(machine.memory.available_bytes));
  add("bandwidth", with_source(machine, bandwidth_phrase(machine.memory.bandwidth_bytes_per_second, words),
                               "memory.bandwidth_bytes_per_second", words));
  for (std::size_t i = 0; i < machine.gpus.size(); ++i) {
    const std::string text = gpu_text(machine.gpus[i], words);
    add("gpu", with_source(machine, text, fmt::format("gpus[{}].memory_bytes", i), words));
  }
  if (machine.gpus.empty()) add("gpu", say(words, "report.machine.no_gpu"));
  if (machine.disk_free_bytes > 0) add("disk", format_bytes(machine.disk_free_bytes));
  return rows;
}

}  // namespace

std::string machine_text(const Machine& machine, const Words& words, const Style& style) {
  Page page(style);
  page.text(machine.name.empty() ? say(words, "report.machine.nameless") : machine.name, 0, 0, Ink::bold);
  const Rows rows = rows_of(machine, words);
  int width = 0;
  for (const auto& [name, value] : rows) width = std::max(width, display_width(name));
  for (const auto& [name, value] : rows) page.field(name, value, width);
  if (!machine.installed.empty()) page.heading(say(words, "report.machine.installed"));
  for (const InstalledModel& model : machine.installed) {
    const std::string size = model.bytes > 0 ? ", " + format_bytes(model.bytes) : "";
    page.item(fmt::format("{} ({}{})", model.name, model.store, size));
  }
  if (!machine.notes.empty()) page.heading(say(words, "report.notes.heading"));
  for (const Sentence& note : machine.notes) page.item(as_sentence(say(words, note)), 2, Ink::warn);
  return page.take();
}

std::string presets_text(const Catalog& catalog, const Words& words, const Style& style) {
  Page page(style);
  Table table{{{say(words, "report.presets.id"), false, false},
               {say(words, "report.presets.memory"), true, false},
               {say(words, "report.presets.what"), false, true}},
              {}};
  for (const Preset& preset : catalog.presets) {
    table.rows.push_back({preset.id, size_or_unknown(preset.memory, words), preset.what});
  }
  page.table(table, 0);
  page.blank();
  page.text(say(words, "report.presets.use"), 0, 0, Ink::dim);
  return page.take();
}

}  // namespace jobfit
