#include "reports/junit_isolation.h"

#include <algorithm>

#include "reports/isolation_excerpt.h"
#include "reports/printable.h"

namespace drydock {
namespace {

std::vector<const Finding*> findings_on(const std::string& table,
                                        const MigrationResult& migration) {
  std::vector<const Finding*> found;
  for (const Finding& finding : migration.findings) {
    const bool of_rows = finding.check == "rls-coverage" || finding.check == "rls-isolation" ||
                         finding.check == "rls-bypass";
    const auto& objects = finding.objects;
    const bool names = std::find(objects.begin(), objects.end(), "table " + table) != objects.end();
    if (of_rows && names) found.push_back(&finding);
  }
  return found;
}

/// Why nothing was tried on a table; empty: something was.
std::string why_untried(const TableIsolation& table) {
  if (!table.exempt.empty()) return "exempt: " + table.exempt;
  if (!table.problem.empty()) return "not tried: " + table.problem;
  for (const IsolationProbe& probe : table.probes)
    if (probe.verdict != IsolationVerdict::kNotTried) return "";
  return table.probes.empty() ? "nothing was tried" : "not tried: " + table.probes.front().outcome;
}

TableCase case_of(const TableIsolation& table, std::vector<const Finding*> findings,
                  Severity gate) {
  TableCase result;
  result.name = "rls " + printable_line(table.table);
  const bool fails = std::any_of(findings.begin(), findings.end(), [&](const Finding* finding) {
    return holds_back(*finding, gate);
  });
  result.reason = why_untried(table);
  result.outcome = fails                   ? Outcome::kFailed
                   : result.reason.empty() ? Outcome::kPassed
                                           : Outcome::kSkipped;
  result.findings = std::move(findings);
  if (!table.exempt.empty()) return result;
  for (const std::string& line : table_lines(table)) result.told += line + "\n";
  return result;
}

}  // namespace

std::vector<TableCase> table_cases(const MigrationResult& migration, Severity gate) {
  std::vector<TableCase> cases;
  for (const TableIsolation& table : migration.evidence.isolation.tables) {
    std::vector<const Finding*> findings = findings_on(table.table, migration);
    if (!table.seen_after.empty() && findings.empty()) continue;
    cases.push_back(case_of(table, std::move(findings), gate));
  }
  return cases;
}

}  // namespace drydock
