#include "reports/totals.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "harness/base/text.h"

namespace drydock {
namespace {

void add(Totals& totals, const Finding& finding) {
  if (finding.waived) {
    ++totals.waived;
  } else if (finding.known) {
    ++totals.known;
  } else {
    ++(finding.severity == Severity::kError     ? totals.errors
       : finding.severity == Severity::kWarning ? totals.warnings
                                                : totals.infos);
  }
}

void add(Totals& totals, const MigrationResult& migration) {
  ++totals.migrations;
  switch (migration.outcome) {
    case Outcome::kPassed:
      ++totals.passed;
      break;
    case Outcome::kFailed:
      ++totals.failed;
      break;
    case Outcome::kErrored:
      ++totals.errored;
      break;
    case Outcome::kSkipped:
      ++totals.skipped;
      break;
  }
  for (const Finding& finding : migration.findings) add(totals, finding);
}

void add(Totals& totals, const ScenarioRun& run) {
  for (const MigrationResult& migration : run.migrations) add(totals, migration);
}

}  // namespace

bool is_open(const Finding& finding) { return !finding.waived && !finding.known; }

Totals count(const MigrationResult& migration) {
  Totals totals;
  add(totals, migration);
  return totals;
}

Totals count(const ScenarioRun& run) {
  Totals totals;
  add(totals, run);
  return totals;
}

Totals count(const RunResult& result) {
  Totals totals;
  for (const ScenarioRun& run : result.runs) add(totals, run);
  return totals;
}

std::string findings_phrase(const Totals& totals) {
  std::vector<std::string> parts;
  if (totals.errors > 0) parts.push_back(plural(totals.errors, "error"));
  if (totals.warnings > 0) parts.push_back(plural(totals.warnings, "warning"));
  if (totals.infos > 0) parts.push_back(fmt::format("{} info", totals.infos));
  if (totals.waived > 0) parts.push_back(fmt::format("{} waived", totals.waived));
  if (totals.known > 0) parts.push_back(fmt::format("{} known", totals.known));
  return join(parts, ", ");
}

std::string run_title(const ScenarioRun& run) {
  return run.postgres.empty() ? run.scenario
                              : fmt::format("{} on PostgreSQL {}", run.scenario, run.postgres);
}

std::string manner_phrase(const ScenarioRun& run) {
  std::vector<std::string> parts;
  if (!run.run_as.empty()) parts.push_back("as " + run.run_as);
  if (!run.profile.empty()) parts.push_back(run.profile + " profile");
  parts.push_back(human_duration(run.duration_ms));
  return join(parts, ", ");
}

std::string verdict_phrase(const RunResult& result) {
  const Totals totals = count(result);
  std::vector<std::string> parts;
  const std::string all = plural(totals.migrations, "migration");
  if (totals.failed > 0) parts.push_back(fmt::format("{} of {} failed", totals.failed, all));
  if (totals.errored > 0) {
    parts.push_back(parts.empty() ? fmt::format("{} of {} could not be judged", totals.errored, all)
                                  : fmt::format("{} could not be judged", totals.errored));
  }
  if (parts.empty()) {
    parts.push_back(totals.passed + totals.skipped == totals.migrations
                        ? all
                        : fmt::format("{} of {} passed", totals.passed, all));
  }
  const std::size_t stopped = static_cast<std::size_t>(
      std::count_if(result.runs.begin(), result.runs.end(),
                    [](const ScenarioRun& run) { return !run.error.empty(); }));
  if (stopped > 0) parts.push_back(plural(stopped, "run") + " stopped early");
  if (totals.skipped > 0) parts.push_back(fmt::format("{} skipped", totals.skipped));
  const std::string findings = findings_phrase(totals);
  if (!findings.empty()) parts.push_back(findings);
  return join(parts, ", ");
}

}  // namespace drydock
