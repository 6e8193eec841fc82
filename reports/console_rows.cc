#include "reports/console_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "reports/data_totals.h"
#include "reports/printable.h"

namespace drydock {
namespace {

constexpr std::size_t kTables = 5;  // the rest is in the report
constexpr std::size_t kLosses = 8;
constexpr std::size_t kLongestLine = 300;

std::string shown(const std::string& text) { return shorten(printable_line(text), kLongestLine); }

}  // namespace

std::vector<std::string> unfilled_lines(const ScenarioRun& run) {
  const RowsSummary summary = summarize_rows(run);
  if (summary.unfilled.empty()) return {};
  std::vector<std::string> lines = {unfilled_phrase(summary) + ":"};
  for (std::size_t i = 0; i < std::min(kTables, summary.unfilled.size()); ++i) {
    const UnfilledTable& table = summary.unfilled[i];
    lines.push_back(shown(fmt::format("{} ({} of {} rows, before {}): {}", table.table, table.rows,
                                      table.wanted, table.migration, table.problem)));
    lines.back().insert(0, "  ");
    if (!table.remedy.empty()) lines.push_back("    fix: " + shown(table.remedy));
  }
  if (summary.unfilled.size() > kTables)
    lines.push_back(
        fmt::format("  … and {} more in the report", summary.unfilled.size() - kTables));
  return lines;
}

std::vector<std::string> loss_lines(const ScenarioRun& run) {
  std::vector<std::string> lines;
  std::size_t hidden = 0;
  for (const MigrationResult& migration : run.migrations) {
    const std::string loss = loss_statement(migration.evidence.data, OwnTables::kLeftOut);
    if (loss.empty()) continue;
    if (lines.size() < kLosses) {
      lines.push_back(
          shown(fmt::format("{}: rolling back loses: {}", migration.evidence.migration, loss)));
    } else {
      ++hidden;
    }
  }
  if (hidden > 0)
    lines.push_back(fmt::format("… and {} more, in the report", plural(hidden, "such rollback")));
  return lines;
}

}  // namespace drydock
