// The estimates against measurements on devices that no class was fitted to.
#include "jobfit/catalog.hpp"

#include "fit/model_memory.hpp"
#include "fit/placement.hpp"
#include "support/test.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

using namespace jobfit;

namespace {

const std::string kFolder = std::string(JOBFIT_TESTS_DIR) + "/fixtures/speed/";

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

const Catalog& measured_models() {
  static const Catalog catalog = [] {
    const std::vector<SourceFile> files = {
        {"machines/gpus.yaml", slurp(std::string(JOBFIT_DATA_DIR) + "/machines/gpus.yaml")},
        {"models/measured.yaml", slurp(kFolder + "models.yaml")}};
    return read_catalog(files).catalog;
  }();
  return catalog;
}

using Row = std::map<std::string, std::string>;

/// None of these cells has a quoted comma.
std::vector<Row> read_rows(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> names;
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells(1);
    for (const char c : line) {
      if (c == ',')
        cells.emplace_back();
      else
        cells.back() += c;
    }
    if (names.empty()) {
      names = cells;
      continue;
    }
    Row row;
    for (std::size_t i = 0; i < std::min(names.size(), cells.size()); ++i) row[names[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

double number(const Row& row, const char* name, double otherwise) {
  const auto& cell = row.at(name);
  return cell.empty() ? otherwise : std::stod(cell);
}

Machine machine_of(const Row& row) {
  Machine machine;
  machine.cpu.cores = int(number(row, "cpu_cores", 8));
  machine.cpu.architecture = row.at("cpu_architecture");
  std::istringstream features(row.at("cpu_features"));
  for (std::string feature; features >> feature;) machine.cpu.features.push_back(feature);
  machine.memory.bandwidth_bytes_per_second = number(row, "ram_gbs", 0) * 1e9;
  machine.memory.total_bytes = machine.memory.usable_bytes = Bytes{1} << 40;
  const auto* device =
      row.at("gpu").empty() ? nullptr : find_device(measured_models().devices, row.at("gpu"));
  for (int i = 0; device && i < int(number(row, "gpus", 1)); ++i) {
    Gpu gpu;
    gpu.name = device->name;
    gpu.vendor = device->vendor;
    gpu.generation = device->generation;
    gpu.unified = device->kind == "unified";
    gpu.bandwidth_bytes_per_second = device->bandwidth;
    gpu.tflops_fp16 = device->tflops_fp16;
    gpu.backend = row.at("backend");
    gpu.memory_bytes = gpu.usable_bytes = Bytes(number(row, "gpu_gib", 1024) * double(kGiB));
    machine.gpus.push_back(gpu);
  }
  return machine;
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[std::size_t(q * double(values.size() - 1))];
}

}  // namespace

TEST_CASE("estimates hold on devices that no class was fitted to", "[fit]") {
  std::vector<double> errors, widths;
  double inside = 0;
  for (const auto& row : read_rows(kFolder + "other_devices.csv")) {
    const auto* model = measured_models().model(row.at("model"));
    if (!model) continue;  // of the shipped catalog
    // Of another kind: what hangs on a Raspberry Pi, and CPUs under a runtime that leaves half their cores
    // idle.
    if (row.at("device").starts_with("Pi ") || row.at("gpu").empty()) continue;
    INFO(row.at("device") << " " << row.at("model"));
    const auto made = make_shape(model->shape);
    REQUIRE(std::holds_alternative<Shape>(made));
    ModelMemory memory(std::get<Shape>(made));
    Build build;
    build.format = "gguf";
    build.quantization = row.at("quantization");
    RunSettings settings;
    settings.context = 4096;
    settings.filled = std::int64_t(number(row, "filled", 200));
    BuildMemory held(memory, memory.weights(build), settings, {});
    const Machine machine = machine_of(row);
    const Hardware hardware(machine);
    double best = 0;
    Range range;
    for (const auto& placed : PlacementSearch(held, hardware, false).all()) {
      if (placed.speed.decode.mid <= best) continue;
      range = placed.speed.decode;
      best = range.mid;
    }
    if (best <= 0) continue;
    const double measured = number(row, "tokens_per_second", 0);
    errors.push_back(std::abs(best / measured - 1));
    widths.push_back(range.high / range.low);
    inside += range.low <= measured && measured <= range.high;
  }
  REQUIRE(errors.size() > 80);
  CHECK(quantile(errors, 0.5) <= 0.10);
  CHECK(quantile(errors, 0.9) <= 0.30);
  CHECK(inside / double(errors.size()) >= 0.85);
  CHECK(quantile(widths, 0.5) <= 1.8);
}
