#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/lock_words.h"
#include "harness/checks/safe_way.h"

namespace drydock {
namespace {

const CheckText kText{
    "duration-budget",
    "Up and down each run through within their budget of time.",
    "A migration that takes longer than the release can wait for it.",
    "Deployments time out in the middle, old and new code run side by side for longer than anybody "
    "planned, and a rollback takes as long again.",
    "Move the long part out of the release: build indexes concurrently in a migration of their "
    "own, fill rows in batches beside running traffic.",
    Severity::kError};

/// What a team can promise: a minute for each million rows of the largest table that is touched,
/// and never more than five.
constexpr double kPerMillionRowsMs = 60'000;
constexpr double kLeastMs = 60'000;
constexpr double kMostMs = 300'000;

struct LargestTable {
  std::string table;
  std::int64_t rows = -1;
};

void keep_larger(const std::string& table, std::int64_t rows, LargestTable& largest) {
  if (rows > largest.rows) largest = {table, rows};
}

LargestTable largest_table(const Phase& phase) {
  LargestTable largest;
  for (const StatementRun& run : phase.statements) {
    for (const HeldLock& lock : run.footprint.locks)
      keep_larger(locked_table(lock), lock.rows, largest);
    for (const Rewrite& rewrite : run.footprint.rewrites)
      keep_larger(rewrite.relation, rewrite.rows, largest);
    for (const TablePass& pass : run.footprint.passes) keep_larger(pass.table, pass.rows, largest);
  }
  return largest;
}

struct DurationBudget {
  double ms = 0;
  std::string source;
};

DurationBudget budget_of(const Phase& phase, const Scenario& scenario) {
  if (scenario.locks.duration_ms) return {*scenario.locks.duration_ms, "locks.duration_ms"};
  const LargestTable largest = largest_table(phase);
  const double millions = static_cast<double>(std::max<std::int64_t>(largest.rows, 0)) / 1'000'000;
  std::string source = "the default: a minute for each million rows, at least one and at most five";
  if (largest.rows > 0)
    source += "; the largest table touched is " + relation_words(largest.table, largest.rows);
  return {std::clamp(kPerMillionRowsMs * millions, kLeastMs, kMostMs), source};
}

/// The second up does the same: what it does faster was the machine's doing.
double duration_without_noise(const Rehearsal& rehearsal, const Phase& phase) {
  const Phase& again = rehearsal.up_again;
  if (phase.name != PhaseName::kUp || again.outcome != PhaseOutcome::kOk) return phase.duration_ms;
  return std::min(phase.duration_ms, again.duration_ms);
}

const StatementRun* slowest(const Phase& phase) {
  const auto at =
      std::max_element(phase.statements.begin(), phase.statements.end(),
                       [](const auto& a, const auto& b) { return a.duration_ms < b.duration_ms; });
  return at == phase.statements.end() ? nullptr : &*at;
}

Finding finding_of(const Phase& phase, double duration_ms, const DurationBudget& budget,
                   const std::vector<std::string>& files) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.message =
      fmt::format("{} took {}, longer than its budget of {} ({})", script_words(phase),
                  human_duration(duration_ms), human_duration(budget.ms), budget.source);
  finding.remedy = kText.remedy;
  finding.file = files.empty() ? "" : files.front();
  finding.line = 1;
  finding.known_by = {std::string(script_words(phase))};
  if (const StatementRun* run = slowest(phase)) {
    finding.file = run->file;
    finding.line = run->line;
    finding.message += fmt::format("\n  The longest statement took {}:{}",
                                   human_duration(run->duration_ms), statement_line(run->text));
    if (const std::string way = safe_way(*run).remedy; !way.empty()) finding.remedy = way;
  }
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  if (rehearsal.up.outcome != PhaseOutcome::kOk) return skip("the up script did not run through");
  std::vector<Finding> findings;
  for (const Phase* phase : phases_that_ran(rehearsal)) {
    const DurationBudget budget = budget_of(*phase, scenario);
    const double duration_ms = duration_without_noise(rehearsal, *phase);
    if (duration_ms <= budget.ms) continue;
    const bool down = phase->name == PhaseName::kDown;
    findings.push_back(
        finding_of(*phase, duration_ms, budget, down ? rehearsal.down_files : rehearsal.up_files));
  }
  return judged(std::move(findings));
}

}  // namespace

extern const Check kDurationBudget;
const Check kDurationBudget{kText, judge};

}  // namespace drydock
