// Measured memory figures (tests/fixtures/memory), row by row, with our own beside them.
#pragma once

#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "jobfit/fit.hpp"
#include "jobfit/shape.hpp"

namespace jobfit::figures {

inline Hyperparameters hyperparameters(const nlohmann::json& model) {
  Hyperparameters h;
  for (const auto& [key, value] : model.items()) {
    if (value.is_boolean()) h.values.emplace_back(key, value.get<bool>());
    else if (value.is_number_integer()) h.values.emplace_back(key, value.get<std::int64_t>());
    else if (value.is_number()) h.values.emplace_back(key, value.get<double>());
    else if (value.is_string()) h.values.emplace_back(key, value.get<std::string>());
    else if (value.is_array()) {
      std::vector<std::int64_t> list;
      for (const auto& item : value)
        list.push_back(item.is_boolean() ? item.get<bool>() : item.get<std::int64_t>());
      h.values.emplace_back(key, std::move(list));
    }
  }
  return h;
}

struct Row {
  std::string model, quantization, profile;
  bool gpu = false;
  RunSettings settings;
  Bytes weights = 0, kv = 0, state = 0, compute = 0, output = 0, total = 0,
        gpu_total = 0;  // measured; 0 not given
  std::string label() const {
    const char* flash = settings.flash_attention == RunSettings::FlashAttention::off ? "off" : "on";
    return std::string(gpu ? "gpu " : "cpu ") + profile + " fa=" + flash + " " + settings.cache_type;
  }
};

struct Figures {
  std::map<std::string, Shape> shapes;
  std::map<std::string, std::string> refused;  // model, why
  std::vector<Row> rows;
};

inline Figures read(const std::string& path) {
  Figures figures;
  std::ifstream file(path);
  const nlohmann::json all = nlohmann::json::parse(file);
  for (const auto& [name, model] : all.at("models").items()) {
    auto made = make_shape(hyperparameters(model));
    if (auto* refusal = std::get_if<ShapeRefusal>(&made)) {
      std::string why;
      for (const auto& key : refusal->missing) why += " " + key;
      for (const auto& key : refusal->contradictory) why += " " + key;
      figures.refused[name] = why;
    } else {
      figures.shapes[name] = std::move(std::get<Shape>(made));
    }
  }
  std::map<std::string, std::size_t> column;
  for (const auto& name : all.at("columns")) column.emplace(name.get<std::string>(), column.size());
  for (const auto& cells : all.at("rows")) {
    const auto cell = [&](const char* name) -> const nlohmann::json& { return cells.at(column.at(name)); };
    Row row;
    row.model = cell("model");
    row.quantization = cell("quantization");
    row.profile = cell("profile");
    row.gpu = cell("gpu");
    row.settings.context = cell("context");
    row.settings.cache_type = cell("cache_type");
    const std::string flash = cell("flash_attention");
    row.settings.flash_attention = flash == "off"  ? RunSettings::FlashAttention::off
                                   : flash == "on" ? RunSettings::FlashAttention::on
                                                   : RunSettings::FlashAttention::automatic;
    row.settings.micro_batch = cell("micro_batch");
    row.settings.parallel = cell("parallel");
    row.settings.unified = cell("unified").get<bool>() || row.settings.parallel == 1;
    row.settings.outputs = cell("outputs");
    row.weights = cell("weights");
    row.kv = cell("kv");
    row.state = cell("state");
    row.compute = cell("compute");
    row.output = cell("output");
    row.total = cell("total");
    row.gpu_total = cell("gpu_total");
    figures.rows.push_back(std::move(row));
  }
  return figures;
}

inline MemoryUse estimate(const Figures& figures, const Row& row) {
  const Shape& shape = figures.shapes.at(row.model);
  const auto weights = weights_from_mix(shape, row.quantization, false);
  return memory_use(shape, weights.value(), row.settings, row.gpu ? 1000 : 0);
}

}  // namespace jobfit::figures
