// How near the memory estimates come to llama.cpp's own planner: median, ninth decile and worst error per
// setting.
//
//   memory_figures [FIGURES.json]
//
// Without a path it reads tests/fixtures/memory/ten_models.json.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "../tests/support/memory_figures.hpp"

namespace {

using namespace jobfit;

void show(const char* title, const std::map<std::string, std::vector<double>>& errors) {
  std::printf("%-30s %5s %9s %9s %9s %9s\n", title, "rows", "median", "p90", "max", "lowest");
  for (const auto& [label, signed_errors] : errors) {
    std::vector<double> sizes;
    for (double e : signed_errors) sizes.push_back(std::fabs(e));
    std::sort(sizes.begin(), sizes.end());
    std::printf("%-30s %5zu %8.3f%% %8.3f%% %8.3f%% %+8.3f%%\n", label.c_str(), sizes.size(),
                sizes[sizes.size() / 2], sizes[sizes.size() * 9 / 10], sizes.back(),
                *std::min_element(signed_errors.begin(), signed_errors.end()));
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string path =
      argc > 1 ? argv[1] : std::string(JOBFIT_TESTS_DIR) + "/fixtures/memory/ten_models.json";
  const figures::Figures measured = figures::read(path);
  for (const auto& [name, why] : measured.refused) std::printf("refused %s:%s\n", name.c_str(), why.c_str());
  std::map<std::string, std::vector<double>> totals, parts;
  for (const figures::Row& row : measured.rows) {
    if (!measured.shapes.count(row.model)) continue;
    const MemoryUse ours = figures::estimate(measured, row);
    const auto note = [&](std::map<std::string, std::vector<double>>& into, const std::string& label,
                          Bytes mine, Bytes theirs) {
      if (theirs > 0)
        into[label].push_back(100.0 * static_cast<double>(mine - theirs) / static_cast<double>(theirs));
    };
    const std::string where = row.gpu ? " gpu" : " cpu";
    note(totals, row.label(), ours.total_bytes, row.total);
    note(parts, "weights" + where, ours.weights_bytes, row.weights);
    note(parts, "cache and state" + where, ours.kv_cache_bytes + ours.state_bytes, row.kv + row.state);
    note(parts, "compute" + where, ours.compute_bytes, row.compute);
    note(parts, "output" + where, ours.output_bytes, row.output);
    note(parts, "on the device", ours.gpu_bytes, row.gpu_total);
  }
  show("total", totals);
  std::puts("");
  show("part", parts);
}
