// What was measured of backfills in GitHub's Markdown, for a job summary or a pull request comment:
// verdict, what holds back, and for each backfill the answer with the variants that it was chosen
// from. Hosts refuse longer texts (a comment: 65,536 characters), so it stops at a limit.
#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/bench_figures.h"
#include "reports/bench_reports.h"
#include "reports/bench_totals.h"
#include "reports/markdown_text.h"
#include "reports/printable.h"
#include "reports/totals.h"

namespace drydock {
namespace {

using markdown::block;
using markdown::code;
using markdown::fix;
using markdown::message_of;
using markdown::plain;

constexpr std::size_t kLimit = 59'000;
constexpr std::size_t kVariants = 12;  // the best; the rest is in the page

std::string row_of(const BackfillResult& backfill, const BackfillPoint& point) {
  const PointFigures figures = figures_of(point);
  const std::string bold = &point == recommended_point(backfill) ? "**" : "";
  const std::string name = bold + plain(describe(point.variant)) + bold;
  if (!was_measured(point)) {
    return fmt::format("| {} | not measured: {} | | | | | |\n", name, plain(figures.problem));
  }
  return fmt::format("| {} | {} | {:.0f} % | {} | {} | {:.0f} | {:.2f} × |\n", name,
                     grouped(point.rows_per_second), 100 * point.share_of_single,
                     human_duration(point.stall_p99_ms), human_duration(figures.batch.p99),
                     figures.wal_bytes_per_row, figures.growth);
}

std::string table(const BackfillResult& backfill) {
  std::string out =
      "| variant | rows/s | of the single UPDATE | p99 stall | p99 batch | WAL bytes a row | "
      "growth |\n|---|--:|--:|--:|--:|--:|--:|\n";
  const std::vector<const BackfillPoint*> points = best_first(backfill);
  for (std::size_t i = 0; i < std::min(points.size(), kVariants); ++i) {
    out += row_of(backfill, *points[i]);
  }
  if (points.size() > kVariants) {
    out += fmt::format("\n… and {} in bench.html.\n",
                       plural(points.size() - kVariants, "more variant"));
  }
  return out + "\n";
}

std::string recommendation(const BackfillResult& backfill) {
  std::string out;
  if (const BackfillPoint* chosen = recommended_point(backfill)) {
    out += fmt::format("**Recommended: {}.** ", plain(describe(chosen->variant)));
  }
  if (!backfill.reason.empty()) out += plain(backfill.reason);
  if (!out.empty()) out += "\n\n";
  if (backfill.sql.empty()) return out;
  return out + fmt::format("<details><summary>The loop to paste</summary>\n\n{}\n</details>\n\n",
                           block(printable(backfill.sql), "sql"));
}

std::string items(const BenchResult& bench, const BackfillResult& backfill) {
  std::string out;
  const auto item = [&](const std::string& text) {
    if (!text.empty()) out += "- " + plain(text) + "\n";
  };
  item(naive_phrase(backfill));
  item(backfill.hot.advice);
  item(comparison_phrase(bench, backfill));
  for (const std::string& note : backfill.notes) item(note);
  return out.empty() ? "" : out + "\n";
}

std::string section(const BenchResult& bench, const BackfillResult& backfill) {
  std::string out = fmt::format("### {}\n\n{}\n\n", plain(backfill.name),
                                code(shorten(backfill_phrase(backfill), 1'000)));
  const std::string reason = unmeasured_reason(bench, backfill);
  if (!reason.empty()) {
    out += fmt::format("❓ **Could not be measured:** {}\n\n", markdown::plain_lines(reason)) +
           fix(backfill.error_remedy);
  }
  if (backfill.points.empty()) return out;
  return out + recommendation(backfill) + table(backfill) + items(bench, backfill);
}

std::string findings(const BenchResult& bench) {
  std::string out;
  for (const Finding& finding : bench.findings) {
    if (!is_open(finding) || finding.severity == Severity::kInfo) continue;
    out += fmt::format("#### {} {}\n\n", markdown::symbol(finding.severity), plain(finding.check)) +
           message_of(finding) + fix(finding.remedy);
  }
  return out;
}

std::string footer(const BenchResult& bench) {
  std::string out =
      fmt::format("<sub>Drydock {}, PostgreSQL {}, started {}</sub>\n", plain(bench.version),
                  plain(bench.postgres), plain(bench.started_at));
  if (!bench.command.empty()) {
    out += fmt::format("\nRun it again: {}\n", code(shorten(bench.command, 500)));
  }
  return out;
}

}  // namespace

std::string render_bench_markdown(const BenchResult& bench) {
  const Outcome verdict = verdict_of(bench);
  std::string out =
      fmt::format("## {} Drydock bench: {}\n\n{} ({})\n\n", markdown::symbol(verdict),
                  word(verdict), verdict_phrase(bench), human_duration(bench.duration_ms));
  out += markdown::stopped(bench.error, bench.error_remedy) + shorten(findings(bench), kLimit / 3);
  const std::string end = footer(bench);
  std::size_t cut = 0;
  for (const BackfillResult& backfill : bench.backfills) {
    const std::string part = section(bench, backfill);
    out.size() + part.size() + end.size() <= kLimit ? void(out += part) : void(++cut);
  }
  if (cut > 0) {
    out += fmt::format("> This summary is cut to fit: {} in bench.html.\n\n",
                       plural(cut, "more backfill is", "more backfills are"));
  }
  return out + end;
}

}  // namespace drydock
