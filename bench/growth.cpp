// How the cost of an answer grows with the catalog: the shipped models and their scores, copied under new names until
// there are as many as asked for. Prints time and memory per stage, and draws them.
//
//   bench_growth [--plot FILE.svg] [MODELS...]        (100 to 100000 without arguments)
#include "cli/shipped.hpp"
#include "jobfit/advice.hpp"
#include "jobfit/report.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace jobfit;

struct Grown {
  Catalog catalog;
  Ratings ratings;
};

/// Copy k of a model keeps the shape, the scores and the rating of the original, in tables of its own.
Grown grow(const Catalog& from, const Ratings& ratings, std::size_t count) {
  Grown grown{from, Ratings(ratings.capabilities(), count)};
  grown.catalog.models.clear();
  grown.catalog.scores.clear();
  grown.catalog.tables.clear();
  std::vector<std::vector<Score>> by_model(from.models.size());
  for (const Score& score : from.scores) by_model[score.model].push_back(score);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t original = i % from.models.size(), copy = i / from.models.size();
    if (original == 0) {
      for (EvidenceTable table : from.tables) {
        if (copy > 0) table.id += fmt::format("-{}", copy);
        grown.catalog.tables.push_back(std::move(table));
      }
    }
    Model model = from.models[original];
    if (copy > 0) {
      model.id += fmt::format("-{}", copy);
      model.name += fmt::format(" {}", copy);
      model.superseded_by.clear();
    }
    grown.catalog.models.push_back(std::move(model));
    for (std::size_t column = 0; column < ratings.capabilities().size(); ++column) {
      Rating& rating = grown.ratings.at(i, column);
      rating = ratings.at(original, column);
      rating.scores.clear();  // what it rests on lies elsewhere now
      rating.from_model = static_cast<std::uint32_t>(i);
    }
    for (Score score : by_model[original]) {
      score.model = static_cast<std::uint32_t>(i);
      score.table += static_cast<std::uint32_t>(copy * from.tables.size());
      grown.catalog.scores.push_back(score);
    }
  }
  return grown;
}

double milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

constexpr const char* kStages[] = {"compile", "decompile", "walk", "advise", "JSON", "compiled MiB", "peak MiB"};
constexpr std::size_t kStageCount = std::size(kStages);
struct Row {
  std::size_t models = 0;
  double values[kStageCount] = {};
};

Row measure(const Catalog& from, const Ratings& ratings, std::size_t count) {
  Row row;
  row.models = count;
  Grown grown = grow(from, ratings, count);
  std::string blob;
  row.values[0] = milliseconds([&] { blob = compile(grown.catalog); });
  row.values[5] = double(blob.size()) / double(kMiB);
  std::optional<Catalog> catalog;
  row.values[1] = milliseconds([&] { catalog = decompile(blob); });
  catalog->worked_out = shipped().figures;  // every copy has its base's shape
  Answers answers;
  answers.jobs = {"chat"};
  answers.languages = {"th"};
  answers.egress = "never";
  answers.tolerates = {"confabulation"};
  answers.tolerates_given = true;
  row.values[2] = milliseconds([&] { walk({*catalog, grown.ratings, answers, {}, false}); });
  const auto preset = std::find_if(catalog->presets.begin(), catalog->presets.end(),
                                   [](const Preset& one) { return one.id == "laptop-16g"; });
  AdviceInput input{*catalog, grown.ratings, answers, {from_preset(*preset, catalog->devices)}, {}, "", true, 10, {}, nullptr};
  std::optional<Advice> advice;
  row.values[3] = milliseconds([&] { advice = advise(input); });
  row.values[4] = milliseconds([&] { json_report(*advice, *catalog, catalog->words.front(), 10); });
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  row.values[6] = double(use.ru_maxrss) / 1024;
  return row;
}

/// Both axes logarithmic: a straight line of slope one is linear growth.
std::string plot(const std::vector<Row>& rows) {
  constexpr double kLeft = 60, kTop = 20, kWidth = 520, kHeight = 320;
  constexpr const char* kColors[] = {"#1b9e77", "#d95f02", "#7570b3", "#e7298a", "#66a61e"};
  const double first = std::log10(double(rows.front().models)), last = std::log10(double(rows.back().models));
  double least = 1e9, most = 0;
  for (const Row& row : rows)
    for (std::size_t s = 0; s < 5; ++s) least = std::min(least, row.values[s]), most = std::max(most, row.values[s]);
  const double low = std::floor(std::log10(std::max(least, 0.01))), high = std::ceil(std::log10(most));
  const auto x = [&](double models) { return kLeft + (std::log10(models) - first) / std::max(last - first, 1e-9) * kWidth; };
  const auto y = [&](double ms) { return kTop + (high - std::log10(std::max(ms, 0.01))) / std::max(high - low, 1e-9) * kHeight; };
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 400\" font-family=\"sans-serif\" font-size=\"12\">\n"
                    "<title>Milliseconds per stage against the number of models</title>\n"
                    "<rect width=\"720\" height=\"400\" fill=\"#ffffff\"/>\n";
  for (double power = low; power <= high + 0.5; power += 1) {
    const double at = y(std::pow(10, power));
    svg += fmt::format("<path d=\"M{:.0f} {:.1f}H{:.0f}\" stroke=\"#ddd\"/><text x=\"{:.0f}\" y=\"{:.1f}\" text-anchor=\"end\">{:g} ms</text>\n",
                       kLeft, at, kLeft + kWidth, kLeft - 6, at + 4, std::pow(10, power));
  }
  for (const Row& row : rows)
    svg += fmt::format("<text x=\"{:.1f}\" y=\"{:.0f}\" text-anchor=\"middle\">{}</text>\n", x(double(row.models)), kTop + kHeight + 20, row.models);
  for (std::size_t s = 0; s < 5; ++s) {
    svg += fmt::format("<polyline fill=\"none\" stroke=\"{}\" stroke-width=\"2\" points=\"", kColors[s]);
    for (const Row& row : rows) svg += fmt::format("{:.1f},{:.1f} ", x(double(row.models)), y(row.values[s]));
    svg += fmt::format("\"/>\n<text x=\"{:.0f}\" y=\"{:.1f}\" fill=\"{}\">{}</text>\n", kLeft + kWidth + 8,
                       y(rows.back().values[s]) + 4, kColors[s], kStages[s]);
  }
  return svg + "<text x=\"320\" y=\"390\" text-anchor=\"middle\">models</text>\n</svg>\n";
}

}  // namespace

int main(int count, char** words) {
  std::vector<std::size_t> sizes;
  std::string file;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--plot" && i + 1 < count) file = words[++i];
    else sizes.push_back(static_cast<std::size_t>(std::max(1L, std::atol(words[i]))));
  }
  if (sizes.empty()) sizes = {100, 300, 1000, 3000, 10000, 30000, 100000};
  const Catalog catalog = *decompile(shipped().catalog);
  const Ratings ratings = *decompile_ratings(shipped().ratings);
  std::printf("%8s", "models");
  for (const char* stage : kStages) std::printf(" %13s", stage);
  std::printf("\n");
  std::vector<Row> rows;
  for (const std::size_t size : sizes) {
    rows.push_back(measure(catalog, ratings, size));
    std::printf("%8zu", size);
    for (std::size_t s = 0; s < kStageCount; ++s) std::printf(s < 5 ? " %10.2f ms" : " %13.1f", rows.back().values[s]);
    std::printf("\n");
    std::fflush(stdout);
  }
  if (!file.empty()) std::ofstream(file) << plot(rows);
}
