// How near the speed estimates come to measurements: median and ninth decile of the error, how many lie in
// the stated range, how wide it is; by class of hardware and with every device left out in turn.
//
//   bench_speed_figures [--rows] [OTHER.csv]
//
// Reads tests/fixtures/speed and data/. Another file of measurements, of devices that nothing was fitted to,
// is held against the estimates as they are.
#include "jobfit/catalog.hpp"
#include "jobfit/fit.hpp"

#include "fit/choose_builds.hpp"
#include "fit/efficiency.hpp"
#include "fit/placement.hpp"
#include "speed_refit.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace {

using namespace jobfit;
namespace fs = std::filesystem;

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Catalog read_data() {
  std::vector<SourceFile> files;
  const fs::path data = JOBFIT_DATA_DIR;
  for (const char* folder : {"models", "machines"})
    for (const auto& entry : fs::directory_iterator(data / folder))
      if (entry.path().extension() == ".yaml")
        files.push_back({std::string(folder) + "/" + entry.path().filename().string(), slurp(entry.path())});
  files.push_back({"quantizations.yaml", slurp(data / "quantizations.yaml")});
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  files.push_back({"models/measured.yaml", slurp(fs::path(JOBFIT_TESTS_DIR) / "fixtures/speed/models.yaml")});
  return read_catalog(files).catalog;
}

using Row = std::map<std::string, std::string>;

std::vector<Row> read_rows(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::vector<std::string> names;
  std::vector<Row> rows;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (const char c : line) {
      if (c == '"')
        quoted = !quoted;
      else if (c == ',' && !quoted)
        cells.emplace_back();
      else
        cells.back() += c;
    }
    if (names.empty()) {
      names = cells;
      continue;
    }
    Row row;
    for (std::size_t i = 0; i < names.size() && i < cells.size(); ++i) row[names[i]] = cells[i];
    rows.push_back(std::move(row));
  }
  return rows;
}

double number(const Row& row, const char* name, double otherwise) {
  const auto at = row.find(name);
  return at == row.end() || at->second.empty() ? otherwise : std::stod(at->second);
}

Machine machine_of(const Row& row, const Catalog& catalog) {
  Machine machine;
  machine.cpu.cores = static_cast<int>(number(row, "cpu_cores", 8));
  machine.cpu.architecture = row.at("cpu_architecture").empty() ? "x86_64" : row.at("cpu_architecture");
  std::istringstream features(row.at("cpu_features"));
  for (std::string feature; features >> feature;) machine.cpu.features.push_back(feature);
  machine.memory.bandwidth_bytes_per_second = number(row, "ram_gbs", 0) * 1e9;
  machine.memory.total_bytes = machine.memory.usable_bytes = Bytes{1} << 40;
  const auto* device = row.at("gpu").empty() ? nullptr : find_device(catalog.devices, row.at("gpu"));
  if (!row.at("gpu").empty() && !device) std::fprintf(stderr, "no device %s\n", row.at("gpu").c_str());
  if (!device) return machine;
  for (int i = 0; i < static_cast<int>(number(row, "gpus", 1)); ++i) {
    Gpu gpu;
    gpu.name = device->name;
    gpu.vendor = device->vendor;
    gpu.generation = device->generation;
    gpu.unified = device->kind == "unified";
    gpu.bandwidth_bytes_per_second = device->bandwidth;
    gpu.tflops_fp16 = device->tflops_fp16;
    gpu.backend = row.at("backend");
    gpu.memory_bytes = static_cast<Bytes>(number(row, "gpu_gib", 1024) * double(kGiB));
    gpu.usable_bytes = gpu.memory_bytes;
    machine.gpus.push_back(gpu);
  }
  return machine;
}

struct Result {
  std::string device, model, quantization, group;
  double measured = 0, filled = 0;
  Range range;
};

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double at = q * double(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const auto high = std::min(low + 1, values.size() - 1);
  return values[low] + (values[high] - values[low]) * (at - double(low));
}

void print(const std::string& name, const std::vector<Result>& results) {
  std::vector<double> errors, signs, widths;
  int inside = 0;
  for (const auto& result : results) {
    errors.push_back(std::abs(result.range.mid / result.measured - 1));
    signs.push_back(result.range.mid / result.measured - 1);
    widths.push_back(result.range.high / result.range.low);
    inside += result.measured >= result.range.low && result.measured <= result.range.high;
  }
  std::printf(
      "%-28s %4zu rows  median %5.1f %%  p90 %5.1f %%  bias %+5.1f %%  in range %5.1f %%  width %.2f\n",
      name.c_str(), results.size(), 100 * quantile(errors, .5), 100 * quantile(errors, .9),
      100 * quantile(signs, .5), results.empty() ? 0 : 100.0 * inside / double(results.size()),
      quantile(widths, .5));
}

Observation observe(const Result& result, const Traffic& traffic, const Machine& machine) {
  Observation row;
  row.device = result.device;
  row.gpu_class = gpu_efficiency(machine.gpus[0]).id;
  row.measured = result.measured;
  row.bandwidth = machine.gpus[0].bandwidth_bytes_per_second;
  row.operations = machine.gpus[0].tflops_fp16 * 1e12;
  row.gpus = static_cast<int>(machine.gpus.size());
  const auto& gpu = machine.gpus[0];
  if (host_seconds(machine.cpu, gpu) > 0)
    row.host = gpu.backend == "cuda" ? "slow cuda" : "slow vulkan";
  else if (gpu.vendor == "amd" && !gpu.unified && gpu.backend == "rocm")
    row.host = "rocm";
  row.weights = traffic.head;
  for (std::size_t i = 0; i < traffic.layers.size(); ++i) {
    const LayerTraffic& layer = traffic.layer(i);
    for (std::size_t f = 0; f < row.weights.size(); ++f) row.weights[f] += layer.dense[f] + layer.experts[f];
    row.cache += layer.cache + layer.state;
    row.layers += sum(layer.dense) > 0;
    row.routed += layer.routed;
  }
  return row;
}

/// Every device estimated from all the others; the spread stays the table's.
void leave_one_out(const std::vector<Observation>& rows, const std::vector<Result>& results) {
  std::map<std::string, std::vector<Result>> by_class;
  std::vector<Result> all, others;
  std::vector<std::string> devices;
  for (const auto& row : rows)
    if (std::find(devices.begin(), devices.end(), row.device) == devices.end()) devices.push_back(row.device);
  SpeedRefit everything(rows);
  everything.fit("", 30);
  const auto most = std::max_element(devices.begin(), devices.end(), [&](const auto& a, const auto& b) {
    const auto count = [&](const auto& name) {
      return std::count_if(rows.begin(), rows.end(), [&](const auto& row) { return row.device == name; });
    };
    return count(a) < count(b);
  });
  for (const auto& device : devices) {
    SpeedRefit refit = everything;
    refit.fit(device, 12);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].device != device) continue;
      Result result = results[i];
      const double mid = refit.estimate(rows[i]), spread = std::sqrt(result.range.high / result.range.low);
      result.range = {mid / spread, mid, mid * spread};
      by_class[rows[i].gpu_class].push_back(result);
      all.push_back(result);
      if (device != *most) others.push_back(result);
    }
  }
  std::printf("\neach device estimated from the others, whole on GPUs:\n");
  for (const auto& [name, list] : by_class) print("  " + name, list);
  print("all", all);
  print("all but " + *most, others);
}

}  // namespace

int main(int argc, char** argv) {
  bool rows_too = false;
  fs::path file = fs::path(JOBFIT_TESTS_DIR) / "fixtures/speed/measurements.csv";
  const bool fitted = argc < 2 || argv[argc - 1] == std::string("--rows");
  if (!fitted) file = argv[argc - 1];
  for (int i = 1; i < argc; ++i) rows_too = rows_too || std::string(argv[i]) == "--rows";
  std::vector<Observation> observations;
  std::vector<Result> observed;
  const auto catalog = read_data();
  std::map<std::string, std::vector<Result>> by_group, by_device;
  std::vector<Result> all;
  for (const auto& row : read_rows(file)) {
    const auto* model = catalog.model(row.at("model"));
    if (!model) {
      std::fprintf(stderr, "no model %s\n", row.at("model").c_str());
      continue;
    }
    const auto made = make_shape(model->shape);
    const auto* shape = std::get_if<Shape>(&made);
    if (!shape) {
      std::fprintf(stderr, "no shape for %s\n", row.at("model").c_str());
      continue;
    }
    Build build;
    build.format = "gguf";
    build.quantization = row.at("quantization");
    for (const auto& known : model->builds)
      if (known.quantization == build.quantization && known.format == "gguf") build = known;
    if (const double gb = number(row, "file_gb", 0); gb > 0) build.file_bytes = static_cast<Bytes>(gb * 1e9);
    ModelMemory model_memory(*shape);
    if (!weights_of(model_memory.hparams(), model_memory.tensors(), build)) {
      // A mix of the publisher's own and no file size: the nearest mix stands for it.
      std::fprintf(stderr, "no weights for %s %s\n", row.at("model").c_str(), row.at("quantization").c_str());
      continue;
    }
    const auto machine = machine_of(row, catalog);
    RunSettings settings;
    settings.context =
        std::max<std::int64_t>(static_cast<std::int64_t>(number(row, "filled", 200)) + 256, 4096);
    settings.filled = static_cast<std::int64_t>(number(row, "filled", 200));
    BuildMemory memory(model_memory, model_memory.weights(build), settings, {});
    auto placed = PlacementSearch(memory, Hardware(machine), false).all();
    if (placed.empty()) continue;
    const auto& best = *std::max_element(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
      return a.speed.decode.mid < b.speed.decode.mid;
    });
    if (best.speed.decode.mid <= 0) continue;
    Result result{row.at("device"),
                  row.at("model"),
                  row.at("quantization"),
                  machine.gpus.empty() ? "cpu" : std::string(gpu_efficiency(machine.gpus[0]).id),
                  number(row, "tokens_per_second", 0),
                  number(row, "filled", 200),
                  best.speed.decode};
    if (best.placement.kind == Placement::Kind::split ||
        best.placement.kind == Placement::Kind::experts_in_ram)
      result.group += " and ram";
    if (rows_too)
      std::printf(
          "%-32s %-24s %-12s @%-6.0f %-14s measured %7.2f  estimate %7.2f  (%.2f .. %.2f) %+5.1f %%\n",
          result.device.c_str(), result.model.c_str(), result.quantization.c_str(), result.filled,
          kPlacementNames[int(best.placement.kind)], result.measured, result.range.mid, result.range.low,
          result.range.high, 100 * (result.range.mid / result.measured - 1));
    if (best.placement.kind == Placement::Kind::gpu || best.placement.kind == Placement::Kind::unified) {
      observations.push_back(observe(result, memory.traffic(), machine));
      observed.push_back(result);
    }
    by_group[result.group].push_back(result);
    by_device[result.device].push_back(result);
    all.push_back(std::move(result));
  }
  for (const auto& [name, results] : by_device) print("  " + name, results);
  for (const auto& [name, results] : by_group) print(name, results);
  print("all", all);
  if (fitted) leave_one_out(observations, observed);
}
