// What a person reads in the terminal after `drydock bench`: for each backfill the answer, the
// variants that it was chosen from, then what holds the merge back; the verdict last.
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/bench_figures.h"
#include "reports/bench_reports.h"
#include "reports/bench_totals.h"
#include "reports/excerpt.h"
#include "reports/ink.h"
#include "reports/printable.h"
#include "reports/totals.h"

namespace drydock {
namespace {

constexpr std::size_t kVariants = 12;      // the best; the rest is in the page
constexpr std::size_t kFindings = 10;      // the same
constexpr std::size_t kLongestLine = 500;  // what a server says may be a whole row

std::string padded(const std::string& text, int width) {
  return text +
         std::string(static_cast<std::size_t>(std::max(0, width - display_width(text))), ' ');
}

/// What the columns are, and how a variant fills them. The marks: ★ recommended, ◆ the knee,
/// • nothing else is both faster and gentler.
std::string head_row() {
  return fmt::format("    {:<11} {:>9} {:>7} {:>6}  {:>8} {:>5} {:>6}  {:>9} {:>10} {:>7} {:>6}",
                     "strategy", "batch", "workers", "pause", "rows/s", "±", "single", "p99 stall",
                     "p99 batch", "WAL/row", "growth");
}

const char* mark_of(const BackfillResult& backfill, const BackfillPoint& point) {
  if (&point == recommended_point(backfill)) return "★";
  if (backfill.knee && &point == &backfill.points[*backfill.knee]) return "◆";
  return point.on_frontier ? "•" : " ";
}

std::string variant_cells(const BackfillVariant& variant) {
  if (variant.batch_size == 0) {
    return fmt::format("{:<11} {:>9} {:>7} {:>6}", word(variant.strategy), "all", "1", "");
  }
  return fmt::format("{:<11} {:>9} {:>7} {:>6}", word(variant.strategy),
                     grouped(static_cast<double>(variant.batch_size)), variant.workers,
                     variant.pause_ms > 0 ? fmt::format("{} ms", variant.pause_ms) : "");
}

std::string share_cell(double share) {
  return share > 0 ? fmt::format("{:.0f} %", 100 * share) : "";
}

std::string row_of(const BackfillResult& backfill, const BackfillPoint& point) {
  const PointFigures figures = figures_of(point);
  std::string row =
      fmt::format("  {} {}  ", mark_of(backfill, point), variant_cells(point.variant));
  if (!was_measured(point)) return row + printable_line("not measured: " + figures.problem);
  return row + fmt::format("{:>8} {:>5} {:>6}  {:>9} {:>10} {:>7.0f} {:>6}",
                           grouped(point.rows_per_second),
                           fmt::format("{:.0f} %", 100 * point.spread),
                           share_cell(point.share_of_single), human_duration(point.stall_p99_ms),
                           human_duration(figures.batch.p99), figures.wal_bytes_per_row,
                           figures.growth > 0 ? fmt::format("{:.2f} ×", figures.growth) : "");
}

class BenchConsole {
 public:
  BenchConsole(const BenchResult& bench, const ConsoleStyle& style)
      : bench_(bench), style_(style) {}

  std::string take() {
    for (const BackfillResult& backfill : bench_.backfills) tell(backfill);
    if (!bench_.error.empty()) stopped(bench_.error, bench_.error_remedy);
    for (const Finding& finding : bench_.findings) {
      if (holds_back(finding, bench_.gate)) show(finding);
    }
    for (const Finding& finding : bench_.findings) {
      const bool told = !is_open(finding) || holds_back(finding, bench_.gate);
      if (!told && !style_.quiet && finding.severity != Severity::kInfo) show(finding);
    }
    if (hidden_ > 0) line(fmt::format("… and {}\n", plural(hidden_, "more finding")));
    verdict();
    return std::move(out_);
  }

 private:
  std::string ink(Ink which, const std::string& text) const {
    return paint(style_.color, which, text);
  }

  void line(const std::string& text) { out_ += text + "\n"; }

  void tell(const BackfillResult& backfill) {
    const std::string reason = unmeasured_reason(bench_, backfill);
    if (style_.quiet && reason.empty()) return;
    line(ink(Ink::kBold, printable_line(backfill.name)) + ", " +
         shorten(printable_line(backfill_phrase(backfill)), kLongestLine));
    if (!style_.quiet) measured(backfill);
    if (!reason.empty()) {
      indented(ink(Ink::kMagenta, "could not be measured: "), reason);
      remedy(backfill.error_remedy);
    }
    line("");
  }

  void measured(const BackfillResult& backfill) {
    for (const std::string& note : backfill.notes)
      line(ink(Ink::kDim, "  " + printable_line(note)));
    if (backfill.points.empty()) return;
    if (const BackfillPoint* chosen = recommended_point(backfill)) {
      line("  " + ink(Ink::kGreen, "recommended: ") + describe(chosen->variant));
    }
    if (!backfill.reason.empty()) line("  " + printable_line(backfill.reason));
    line("");
    table(backfill);
    line("");
    said("", naive_phrase(backfill));
    said("HOT: ", backfill.hot.advice);
    said("", comparison_phrase(bench_, backfill));
  }

  void table(const BackfillResult& backfill) {
    line(ink(Ink::kDim, head_row()));
    const std::vector<const BackfillPoint*> points = best_first(backfill);
    for (std::size_t i = 0; i < std::min(points.size(), kVariants); ++i) {
      line(row_of(backfill, *points[i]));
    }
    if (points.size() > kVariants) {
      line(fmt::format("    … and {}", plural(points.size() - kVariants, "more variant")));
    }
    line(ink(Ink::kDim,
             "    ★ recommended  ◆ knee  • frontier: nothing else is both faster and gentler"));
  }

  void said(const std::string& label, const std::string& text) {
    if (!text.empty()) line("  " + label + printable_line(text));
  }

  void show(const Finding& finding) {
    if (shown_ >= kFindings) {
      ++hidden_;
      return;
    }
    ++shown_;
    line(fmt::format("{} {}", ink(ink_of(finding.severity), word(finding.severity)),
                     ink(Ink::kBold, printable_line(finding.check))));
    const std::string at = location(finding.file, finding.line);
    indented(at.empty() ? "" : printable_line(at) + ": ", finding.message);
    remedy(finding.remedy);
    line("");
  }

  /// `label` before the first line; it may have colours in it.
  void indented(const std::string& label, const std::string& text) {
    std::string before = label;
    const std::string shown = printable(text);
    for (const std::string_view part : split_lines(shown)) {
      line("  " + before + shorten(part, kLongestLine));
      before.clear();
    }
  }

  void remedy(const std::string& text) {
    if (!text.empty()) indented(ink(Ink::kBold, "fix: "), text);
  }

  void stopped(const std::string& message, const std::string& fix) {
    line(ink(Ink::kMagenta, "stopped: ") + printable(message));
    remedy(fix);
    line("");
  }

  void verdict() {
    const Outcome outcome = verdict_of(bench_);
    line(ink(ink_of(outcome), fmt::format("{}: ", word(outcome))) +
         fmt::format("{} ({})", verdict_phrase(bench_), human_duration(bench_.duration_ms)));
  }

  const BenchResult& bench_;
  const ConsoleStyle& style_;
  std::string out_;
  std::size_t shown_ = 0, hidden_ = 0;
};

std::string day_and_minute(const std::string& timestamp) {
  std::string text = timestamp.substr(0, 16);  // 2026-11-05T06:07
  std::replace(text.begin(), text.end(), 'T', ' ');
  return printable_line(text);
}

std::string trend_row(const BenchResult& bench, const BackfillResult& backfill) {
  const BackfillPoint* chosen = recommended_point(backfill);
  const std::string when = padded(day_and_minute(bench.started_at), 16);
  if (chosen == nullptr) {
    const std::string why = unmeasured_reason(bench, backfill);
    return fmt::format("  {}  {}", when, printable_line(why.empty() ? backfill.reason : why));
  }
  return fmt::format("  {}  {:>8} {:>9}  {}", when, grouped(chosen->rows_per_second),
                     human_duration(chosen->stall_p99_ms), describe(chosen->variant));
}

}  // namespace

std::string render_bench_console(const BenchResult& bench, const ConsoleStyle& style) {
  return BenchConsole(bench, style).take();
}

std::string render_bench_trend(const std::vector<BenchResult>& history, const ConsoleStyle& style) {
  std::string out;
  for (const std::string& name : names_of(history)) {
    out += paint(style.color, Ink::kBold, printable_line(name)) + "\n";
    out += paint(style.color, Ink::kDim,
                 fmt::format("  {:<16}  {:>8} {:>9}  {}", "started (UTC)", "rows/s", "p99 stall",
                             "recommended")) +
           "\n";
    for (const BenchResult& bench : history) {
      for (const BackfillResult& backfill : bench.backfills) {
        if (backfill.name == name) out += trend_row(bench, backfill) + "\n";
      }
    }
    out += "\n";
  }
  return out;
}

}  // namespace drydock
