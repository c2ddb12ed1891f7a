#include "report/html.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace jobfit::html {
namespace {

constexpr int kWidth = 720, kRow = 34, kLabel = 200, kNumber = 60;
constexpr int kBars = kWidth - kLabel - kNumber;

std::string begin(int height, const std::string& id, const std::string& title,
                  const std::string& description) {
  return fmt::format(
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{}-title {}-desc\">\n"
      "<title id=\"{}-title\">{}</title>\n<desc id=\"{}-desc\">{}</desc>\n",
      kWidth, height, id, id, id, text(title), id, text(description));
}

double clamp100(double value) { return std::clamp(value, 0.0, 100.0); }

}  // namespace

std::string text(std::string_view value) { return html_escape(neutralise(value)); }

std::string style() {
  return R"(:root{color-scheme:light dark;--ink:#1c1b1a;--soft:#5d5a56;--line:#d8d4ce;--paper:#fffdf9;
--bar:#2f6f5e;--rest:#e9e5de;--first:#1f4f8f}
@media (prefers-color-scheme:dark){:root{--ink:#ece8e1;--soft:#a8a39b;--line:#46423d;
--paper:#1b1a18;--bar:#6fbfa6;--rest:#35322e;--first:#8fb8ee}}
*{box-sizing:border-box}
body{margin:0 auto;padding:2rem 1.25rem 4rem;max-width:52rem;background:var(--paper);
color:var(--ink);font:1rem/1.55 system-ui,"Noto Sans","Noto Sans Thai",sans-serif}
h1{font-size:1.35rem;color:var(--soft);font-weight:600;margin:0 0 .5rem}
.verdict{font-size:1.45rem;line-height:1.35;font-weight:650;margin:.2rem 0 1rem}
h2{font-size:1.1rem;margin:2.2rem 0 .6rem;padding-top:.8rem;border-top:1px solid var(--line)}
p,li{overflow-wrap:anywhere}
.soft{color:var(--soft)}
dl{display:grid;grid-template-columns:minmax(9rem,16rem) 1fr;gap:.35rem 1rem;margin:0}
dt{color:var(--soft)}dd{margin:0;font-weight:600}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.4rem .7rem .4rem 0;border-bottom:1px solid var(--line);
vertical-align:top}
th{font-weight:600;color:var(--soft)}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
pre{background:var(--rest);padding:.8rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere;
border-radius:.3rem}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--ink);font:14px system-ui,"Noto Sans","Noto Sans Thai",sans-serif}
svg .soft{fill:var(--soft)}.bar{fill:var(--bar)}.rest{fill:var(--rest)}.first{fill:var(--first)}
.whisker{stroke:var(--ink);stroke-width:2}
a{color:var(--first)}
@media print{body{max-width:none;padding:0;font-size:10.5pt}h2{break-after:avoid}
table,svg,pre{break-inside:avoid}a{color:inherit}}
)";
}

std::string funnel_drawing(const Funnel& funnel, const Words& words) {
  const int height = static_cast<int>(funnel.steps.size() + 1) * kRow + 4;
  std::string description = fmt::format("{}: {}", say(words, "report.funnel.all"), funnel.models);
  for (const FunnelStep& step : funnel.steps)
    description += fmt::format("; {}: {}", gate_name(words, step.gate), step.left);
  std::string out = begin(height, "funnel", say(words, "report.funnel.heading"), description);
  int y = 2;
  const auto row = [&](const std::string& name, std::uint32_t left, const char* kind) {
    const double share = funnel.models == 0 ? 0 : static_cast<double>(left) / funnel.models;
    const double width = std::max(left > 0 ? 2.0 : 0.0, share * kBars);
    out += fmt::format("<text x=\"0\" y=\"{}\">{}</text>\n", y + 21, text(name));
    out += fmt::format("<rect class=\"rest\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"22\" rx=\"3\"/>\n",
                       kLabel, y + 5, kBars);
    out += fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"22\" rx=\"3\"/>\n",
                       kind, kLabel, y + 5, width);
    out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", kWidth, y + 21, left);
    y += kRow;
  };
  row(say(words, "report.funnel.all"), funnel.models, "bar");
  for (const FunnelStep& step : funnel.steps) {
    row(fmt::format("{} {}", static_cast<int>(step.gate) + 1, gate_name(words, step.gate)), step.left, "bar");
  }
  return out + "</svg>\n";
}

std::string comparison_drawing(const std::vector<RecordRow>& rows, const Words& words) {
  const int height = static_cast<int>(rows.size()) * (kRow + 18) + 4;
  std::string description;
  for (const RecordRow& row : rows) {
    description +=
        fmt::format("{}{}: {}, {}", description.empty() ? "" : "; ", row.model, row.score, row.memory);
  }
  std::string out = begin(height, "comparison", say(words, "report.record.comparison"), description);
  int y = 2;
  for (const RecordRow& row : rows) {
    const auto at = [](double value) { return kLabel + clamp100(value) / 100 * kBars; };
    out +=
        fmt::format("<text x=\"0\" y=\"{}\">{} {}</text>\n", y + 19, row.rank, text(shorten(row.model, 24)));
    out += fmt::format("<rect class=\"rest\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"20\" rx=\"3\"/>\n",
                       kLabel, y + 4, kBars);
    out += fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"20\" rx=\"3\"/>\n",
                       row.rank == 1 ? "first" : "bar", kLabel, y + 4, at(row.value) - kLabel);
    out += fmt::format("<line class=\"whisker\" x1=\"{:.1f}\" y1=\"{}\" x2=\"{:.1f}\" y2=\"{}\"/>\n",
                       at(row.low), y + 14, at(row.high), y + 14);
    out += fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\n", kWidth, y + 19,
                       text(row.score));
    const double share = std::clamp(row.memory_share, 0.0, 1.0);
    if (share > 0) {
      out += fmt::format("<rect class=\"rest\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"8\" rx=\"2\"/>\n",
                         kLabel, y + 29, kBars);
      out += fmt::format("<rect class=\"bar\" x=\"{}\" y=\"{}\" width=\"{:.1f}\" height=\"8\" rx=\"2\"/>\n",
                         kLabel, y + 29, share * kBars);
      out += fmt::format("<text class=\"soft\" x=\"0\" y=\"{}\">{}</text>\n", y + 38, text(row.memory));
    }
    y += kRow + 18;
  }
  return out + "</svg>\n";
}

}  // namespace jobfit::html
