// The catalog as it was known on a day.
#include "jobfit/evidence.hpp"

#include <algorithm>

namespace jobfit {
namespace {

constexpr std::uint32_t kGone = 0xffffffff;

/// A date known to the month counts from its first day; an unknown one was always known.
bool known_by(const Date& what, const Date& date) {
  return !what.known() || days_since_epoch(what) <= days_since_epoch(date);
}

}  // namespace

Catalog as_of(const Catalog& catalog, const Date& date) {
  Catalog past = catalog;
  if (!date.known()) return past;
  past.models.clear();
  past.tables.clear();
  past.scores.clear();
  std::vector<std::uint32_t> model_at(catalog.models.size(), kGone), table_at(catalog.tables.size(), kGone);
  for (std::size_t m = 0; m < catalog.models.size(); ++m) {
    if (!known_by(catalog.models[m].released, date)) continue;
    model_at[m] = static_cast<std::uint32_t>(past.models.size());
    past.models.push_back(catalog.models[m]);
  }
  for (Model& model : past.models) {
    if (past.model(model.superseded_by) == nullptr) model.superseded_by.clear();
    if (past.model(model.derived_from) == nullptr) model.derived_from.clear();
    if (model.retired.known() && !known_by(model.retired, date)) model.retired = {};
  }
  for (std::size_t t = 0; t < catalog.tables.size(); ++t) {
    if (!known_by(catalog.tables[t].date, date)) continue;
    table_at[t] = static_cast<std::uint32_t>(past.tables.size());
    past.tables.push_back(catalog.tables[t]);
  }
  for (const Score& score : catalog.scores) {
    if (model_at[score.model] == kGone || table_at[score.table] == kGone) continue;
    past.scores.push_back(score);
    past.scores.back().model = model_at[score.model];
    past.scores.back().table = table_at[score.table];
  }
  past.as_of = std::min(catalog.as_of, date);
  return past;
}

}  // namespace jobfit
