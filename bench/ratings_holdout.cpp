// Do the ratings mean something? Each reporter is left out in turn, with every table it
// published; the ratings from the rest predict how its tables order the models. Printed
// beside three baselines, with the share of error bars that held.
//
//   bench_ratings_holdout [--tables] [DATA_FOLDER]
#include "jobfit/catalog.hpp"
#include "jobfit/evidence.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <vector>

namespace {

using namespace jobfit;

std::vector<SourceFile> read_folder(const std::filesystem::path& folder) {
  std::vector<SourceFile> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    files.push_back({entry.path().string(), {std::istreambuf_iterator<char>(in), {}}});
  }
  return files;
}

/// Average ranks; equal values share one.
std::vector<double> ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> found(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t j = i;
    while (j < order.size() && values[order[j]] == values[order[i]]) ++j;
    for (std::size_t k = i; k < j; ++k) found[order[k]] = static_cast<double>(i + j - 1) / 2;
    i = j;
  }
  return found;
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

double spearman(const std::vector<double>& a, const std::vector<double>& b) {
  return correlation(ranks(a), ranks(b));
}

/// The column a table's language measure is held against.
std::string language_column(const Ratings& ratings, const EvidenceTable& table) {
  const std::string column = "language:" + (table.language.empty() ? std::string("en") : table.language);
  return ratings.find(0, column) != nullptr ? column : "language:*";
}

/// What the ratings say of one table's subject, for one model: the weighted mean of the
/// capabilities that its metric measures.
struct Prediction {
  double value = 0, half_width = 0;
};
Prediction predict(const Ratings& ratings, const Metric& metric, const EvidenceTable& table,
                   std::size_t model) {
  double weights = 0, value = 0, half = 0;
  for (const Measure& measure : metric.measures) {
    const std::string column =
        measure.capability == "language" ? language_column(ratings, table) : measure.capability;
    const Rating* rating = ratings.find(model, column);
    if (rating == nullptr) continue;
    weights += measure.weight;
    value += measure.weight * rating->value;
    half += measure.weight * (rating->high - rating->low) / 2;
  }
  return weights > 0 ? Prediction{value / weights, half / weights} : Prediction{};
}

/// The catalog without one reporter's tables.
Catalog without(const Catalog& catalog, const std::string& reporter) {
  Catalog rest = catalog;
  rest.scores.clear();
  for (const Score& score : catalog.scores) {
    if (catalog.tables[score.table].reporter != reporter) rest.scores.push_back(score);
  }
  return rest;
}

/// One held-out comparison: the scores of one source, metric and language, one per model.
struct Held {
  std::string reporter, name;
  std::vector<std::size_t> models;
  std::vector<double> score, noise, value, half_width, size, date, average;
};

/// Plain average of z-scores within tables: the baseline that combines without a model.
std::vector<double> plain_averages(const Catalog& catalog) {
  std::map<std::uint32_t, std::vector<const Score*>> tables;
  for (const Score& score : catalog.scores) tables[score.table].push_back(&score);
  std::vector<double> sum(catalog.models.size()), count(catalog.models.size());
  for (const auto& [table, scores] : tables) {
    if (scores.size() < 3) continue;
    const Metric& metric = *catalog.metric(catalog.tables[table].metric);
    double mean = 0, squares = 0;
    for (const Score* score : scores) mean += score->value / static_cast<double>(scores.size());
    for (const Score* score : scores) squares += (score->value - mean) * (score->value - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(scores.size()));
    if (deviation <= 0) continue;
    for (const Score* score : scores) {
      sum[score->model] += (metric.higher_is_better ? 1 : -1) * (score->value - mean) / deviation;
      count[score->model] += 1;
    }
  }
  for (std::size_t m = 0; m < sum.size(); ++m) sum[m] = count[m] > 0 ? sum[m] / count[m] : -0.3;
  return sum;
}

/// Prefers the mode that is rated, then the unsqueezed build.
bool better_row(const Setting& a, const Setting& b) {
  const auto rank = [](const Setting& s) {
    const int mode = s.mode == "no-thinking"     ? 4
                     : s.mode == "effort-low"    ? 3
                     : s.mode == "effort-medium" ? 1
                                                 : 0;
    return mode * 2 + (s.quantization.empty() ? 0 : 1);
  };
  if (rank(a) != rank(b)) return rank(a) < rank(b);
  return a.measured < b.measured;
}

std::vector<Held> hold_out(const Catalog& catalog, const std::string& reporter) {
  const Catalog rest = without(catalog, reporter);
  const Ratings ratings = rate(rest);
  const std::vector<double> averages = plain_averages(rest);
  using Key = std::tuple<std::string, std::string, std::string>;
  std::map<Key, std::map<std::size_t, const Score*>> groups;
  for (const Score& score : catalog.scores) {
    const EvidenceTable& table = catalog.tables[score.table];
    if (table.reporter != reporter || table.reported_by == ReporterClass::claim) continue;
    const Score*& row =
        groups[{table.id.substr(0, table.id.find('#')), table.metric, table.language}][score.model];
    if (row == nullptr || better_row(catalog.settings[score.setting], catalog.settings[row->setting]))
      row = &score;
  }
  std::vector<Held> found;
  for (const auto& [key, rows] : groups) {
    if (rows.size() < 5) continue;
    Held held{reporter, std::get<0>(key) + " " + std::get<1>(key) + " " + std::get<2>(key),
              {},       {},
              {},       {},
              {},       {},
              {},       {}};
    for (const auto& [model, score] : rows) {
      const EvidenceTable& table = catalog.tables[score->table];
      const Metric& metric = *catalog.metric(table.metric);
      const Prediction prediction = predict(ratings, metric, table, model);
      const Model& m = catalog.models[model];
      held.models.push_back(model);
      held.score.push_back((metric.higher_is_better ? 1 : -1) * score->value);
      held.noise.push_back(table.noise > 0 ? table.noise : metric.noise);
      held.value.push_back(prediction.value);
      held.half_width.push_back(prediction.half_width);
      // Closed models count as larger than any open one: what a person would assume.
      held.size.push_back(m.parameters > 0 ? m.parameters : 1e13);
      held.date.push_back(static_cast<double>(days_since_epoch(m.released)));
      held.average.push_back(averages[model]);
    }
    found.push_back(std::move(held));
  }
  return found;
}

/// How many bars hold: the table's scores are laid on the rating's scale by the table's own
/// line (least squares, so that nothing but the table's level and unit is taken from it); a bar holds
/// when it reaches the score, give or take the score's own standard error.
std::size_t bars_held(const Held& held) {
  const auto n = static_cast<double>(held.score.size());
  const double mean_v = std::accumulate(held.value.begin(), held.value.end(), 0.0) / n;
  const double mean_s = std::accumulate(held.score.begin(), held.score.end(), 0.0) / n;
  double vs = 0, vv = 0, ss = 0;
  for (std::size_t i = 0; i < held.score.size(); ++i) {
    vs += (held.value[i] - mean_v) * (held.score[i] - mean_s);
    vv += (held.value[i] - mean_v) * (held.value[i] - mean_v);
    ss += (held.score[i] - mean_s) * (held.score[i] - mean_s);
  }
  // Never flatter than the ratio of the spreads suggests at a correlation of one half.
  const double slope = std::max(vv > 0 ? vs / vv : 0, vv > 0 ? 0.5 * std::sqrt(ss / vv) : 1);
  if (!(slope > 0)) return held.score.size();
  std::size_t count = 0;
  for (std::size_t i = 0; i < held.score.size(); ++i) {
    const double as_rating = mean_v + (held.score[i] - mean_s) / slope;
    const double noise = 1.2816 * held.noise[i] / slope;
    const double bar = std::sqrt(held.half_width[i] * held.half_width[i] + noise * noise);
    // The table's level was fitted on these very scores: one in n is given away.
    if (std::abs(as_rating - held.value[i]) <= bar * std::sqrt(1 - 1 / n)) ++count;
  }
  return count;
}

}  // namespace

int main(int argc, char** argv) {
  bool by_table = false;
  std::filesystem::path folder = JOBFIT_DATA_DIR;
  for (int a = 1; a < argc; ++a) {
    if (std::string(argv[a]) == "--tables") {
      by_table = true;
    } else {
      folder = argv[a];
    }
  }
  const std::vector<SourceFile> files = read_folder(folder);
  const CatalogRead read = read_catalog(files);
  if (!read.problems.empty()) {
    std::fprintf(stderr, "%zu problems in the data; jobfit catalog check tells them\n", read.problems.size());
    return 3;
  }
  const Catalog& catalog = read.catalog;
  std::vector<std::string> reporters;
  for (const EvidenceTable& table : catalog.tables) reporters.push_back(table.reporter);
  std::sort(reporters.begin(), reporters.end());
  reporters.erase(std::unique(reporters.begin(), reporters.end()), reporters.end());

  std::printf("%-34s %6s %7s %8s %8s %8s %8s %8s\n", "reporter left out", "tables", "scores", "ratings",
              "size", "date", "average", "bars");
  struct Sum {
    double weight = 0, ratings = 0, size = 0, date = 0, average = 0;
    std::size_t scores = 0, held = 0, tables = 0;
    void add(const Held& h) {
      const auto w = static_cast<double>(h.score.size());
      weight += w;
      ratings += w * spearman(h.value, h.score);
      size += w * spearman(h.size, h.score);
      date += w * spearman(h.date, h.score);
      average += w * spearman(h.average, h.score);
      scores += h.score.size();
      held += bars_held(h);
      ++tables;
    }
    void print(const char* name) const {
      std::printf("%-34.34s %6zu %7zu %8.3f %8.3f %8.3f %8.3f %7.1f%%\n", name, tables, scores,
                  ratings / weight, size / weight, date / weight, average / weight,
                  100.0 * static_cast<double>(held) / static_cast<double>(scores));
    }
  };
  // A reporter with three hundred tables must not drown the rest: the last line weighs each
  // reporter by the square root of its scores.
  Sum all;
  double root_weight = 0, root_ratings = 0, root_size = 0, root_date = 0, root_average = 0, root_bars = 0;
  for (const std::string& reporter : reporters) {
    const std::vector<Held> tables = hold_out(catalog, reporter);
    if (tables.empty()) continue;
    Sum sum;
    for (const Held& held : tables) {
      sum.add(held);
      all.add(held);
      if (by_table) {
        Sum one;
        one.add(held);
        one.print(("  " + held.name).c_str());
      }
    }
    sum.print(reporter.c_str());
    const double w = std::sqrt(static_cast<double>(sum.scores));
    root_weight += w;
    root_ratings += w * sum.ratings / sum.weight;
    root_size += w * sum.size / sum.weight;
    root_date += w * sum.date / sum.weight;
    root_average += w * sum.average / sum.weight;
    root_bars += w * static_cast<double>(sum.held) / static_cast<double>(sum.scores);
  }
  if (all.scores == 0) return 1;
  all.print("all, by scores");
  std::printf("%-34s %6s %7s %8.3f %8.3f %8.3f %8.3f %7.1f%%\n", "all, by reporter", "", "",
              root_ratings / root_weight, root_size / root_weight, root_date / root_weight,
              root_average / root_weight, 100 * root_bars / root_weight);
  return 0;
}
