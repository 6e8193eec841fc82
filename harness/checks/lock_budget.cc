#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/hold_budget.h"
#include "harness/checks/lock_words.h"
#include "harness/checks/safe_way.h"

namespace drydock {
namespace {

const CheckText kText{
    "lock-budget",
    "No lock keeps an application out of a table for longer than its budget.",
    "A lock on a table that is in use, held for longer than its users can wait.",
    "Whoever needs the table waits until the transaction ends; connections pile up behind it, and "
    "after some seconds the whole application stands still.",
    "Hold the lock for less: take it late, in a short transaction of its own, and move what takes "
    "long to where it needs no such lock.",
    Severity::kError};

/// A statement's own work is not what holds the lock when it is less than this part of it.
constexpr double kSmallPart = 0.5;

/// A lock, measured or forecast, that is over its budget.
struct Overrun {
  const Phase* phase = nullptr;
  std::string table;
  double ratio = 0;  ///< held over budget: the worst of a table is told
  Finding finding;
};

std::string waiting(std::string_view who, const std::string& table) {
  if (who.empty()) return "\n  Other schema changes and VACUUM wait meanwhile.";
  return fmt::format("\n  Meanwhile {} on {} waits.", who, table);
}

Finding finding_at(const std::string& file, int line, const Phase& phase,
                   const std::string& table) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.file = file;
  finding.line = line;
  finding.objects = {"table " + table};
  finding.known_by = {std::string(script_words(phase)), "table " + table};
  return finding;
}

std::string remedy_for(const StatementRun& statement) {
  const std::string way = safe_way(statement).remedy;
  return way.empty() ? kText.remedy : way;
}

/// What of the time is not the statement's own.
std::string followed_by(const StatementRun& taken_by, double held_ms) {
  return fmt::format(
      "\n  The statement itself took {}; the lock is kept until its transaction ends, {} later.",
      human_duration(taken_by.duration_ms), human_duration(held_ms - taken_by.duration_ms));
}

Finding measured(const Phase& phase, const StatementRun& taken_by, const HeldLock& lock,
                 double held_ms, const HoldBudget& budget) {
  Finding finding = finding_at(taken_by.file, taken_by.line, phase, locked_table(lock));
  finding.message =
      fmt::format("{} was held for {}{}, more than the {} of its budget ({})", lock_words(lock),
                  lock.exact ? "" : "at least ", human_duration(held_ms),
                  human_duration(budget.held_ms), budget.source);
  finding.message += waiting(who_waits(lock), locked_table(lock)) + statement_line(taken_by.text);
  finding.remedy = remedy_for(taken_by);
  if (taken_by.duration_ms < kSmallPart * held_ms) {
    finding.message += followed_by(taken_by, held_ms);
    finding.remedy = kCommitBetween;
  }
  if (!lock.exact) finding.message += "\n  Seen by sampling: the statement commits by itself.";
  return finding;
}

/// The last statement that the lock stood over, counted from `taken`, which took it.
std::size_t last_under(const Phase& phase, std::size_t taken, const HeldLock& lock) {
  const double end_ms = lock.acquired_ms + lock.held_ms;
  std::size_t last = taken;
  while (last + 1 < phase.statements.size()) {
    const StatementRun& next = phase.statements[last + 1];
    if (next.started_ms + next.duration_ms / 2 > end_ms) break;
    ++last;
  }
  return last;
}

double span_ms(const Phase& phase, std::size_t from, std::size_t to) {
  const StatementRun& last = phase.statements[to];
  return last.started_ms + last.duration_ms - phase.statements[from].started_ms;
}

/// The second up does the same over the same rows, unwatched; what its statements do faster was the
/// machine's doing, not the migration's.
double hold_without_noise(const Rehearsal& rehearsal, const Phase& phase, std::size_t taken,
                          const HeldLock& lock) {
  const Phase& again = rehearsal.up_again;
  const bool repeated = phase.name == PhaseName::kUp && again.outcome == PhaseOutcome::kOk &&
                        again.statements.size() == phase.statements.size();
  if (!repeated) return lock.held_ms;
  const std::size_t last = last_under(phase, taken, lock);
  const double spared_ms = span_ms(phase, taken, last) - span_ms(again, taken, last);
  return lock.held_ms - std::clamp(spared_ms, 0.0, lock.held_ms);
}

void add_measured(const Rehearsal& rehearsal, const Scenario& scenario, const Phase& phase,
                  std::vector<Overrun>& overruns) {
  for (std::size_t i = 0; i < phase.statements.size(); ++i) {
    const StatementRun& run = phase.statements[i];
    for (const HeldLock& lock : run.footprint.locks) {
      if (lock.own || lock.kind == LockedKind::kAdvisory || lock.kind == LockedKind::kOther)
        continue;
      const std::string& table = locked_table(lock);
      const auto budget = hold_budget(scenario, lock.mode, table, lock.rows);
      if (!budget) continue;
      const double held_ms = hold_without_noise(rehearsal, phase, i, lock);
      if (held_ms <= budget->held_ms) continue;
      overruns.push_back({&phase, table, held_ms / std::max(budget->held_ms, 1.0),
                          measured(phase, run, lock, held_ms, *budget)});
    }
  }
}

std::string work_words(const LockForecast& forecast) {
  std::vector<std::string> work;
  if (forecast.passes > 0)
    work.push_back(plural(static_cast<std::size_t>(forecast.passes), "pass", "passes"));
  if (forecast.rewrite) work.push_back("rewrite");
  return work.empty() ? "" : ": " + join(work, " + ");
}

std::string points_words(const LockForecast& forecast) {
  std::vector<std::string> points;
  for (const LockForecast::Point& point : forecast.measured) {
    points.push_back(
        fmt::format("{} at {}", human_duration(point.held_ms), rows_words(point.rows)));
  }
  return "\n  A forecast, from what was measured: " + join(points, ", ") + ".";
}

const StatementRun* statement_at(const Phase& phase, const LockForecast& forecast) {
  for (const StatementRun& run : phase.statements) {
    if (run.file == forecast.file && run.line == forecast.line) return &run;
  }
  return nullptr;
}

Finding foretold(const Phase& phase, const LockForecast& forecast, const HoldBudget& budget) {
  Finding finding = finding_at(forecast.file, forecast.line, phase, forecast.table);
  finding.message = fmt::format(
      "forecast: {} on {} will be held for about {} ± {} at {}{}; its budget is {} ({})",
      manual_word(forecast.mode), forecast.table, human_duration(forecast.held_ms),
      human_duration(forecast.error_ms), rows_words(forecast.production_rows), work_words(forecast),
      human_duration(budget.held_ms), budget.source);
  finding.message +=
      waiting(who_waits(forecast.mode), forecast.table) + statement_line(forecast.statement);
  finding.message += points_words(forecast);
  const StatementRun* run = statement_at(phase, forecast);
  finding.remedy = run != nullptr ? remedy_for(*run) : kText.remedy;
  return finding;
}

void add_foretold(const Rehearsal& rehearsal, const Scenario& scenario,
                  std::vector<Overrun>& overruns) {
  const Phase& up = rehearsal.up;
  for (const LockForecast& forecast : rehearsal.locks.forecasts) {
    if (!forecast.problem.empty()) continue;
    const auto budget =
        hold_budget(scenario, forecast.mode, forecast.table, forecast.production_rows);
    if (!budget || forecast.held_ms <= budget->held_ms) continue;
    overruns.push_back({&up, forecast.table, forecast.held_ms / std::max(budget->held_ms, 1.0),
                        foretold(up, forecast, *budget)});
  }
}

/// Whoever gave production's size counts on a forecast.
void add_not_foretold(const Rehearsal& rehearsal, std::vector<Finding>& findings) {
  for (const LockForecast& forecast : rehearsal.locks.forecasts) {
    if (forecast.problem.empty()) continue;
    Finding finding = finding_at(forecast.file, forecast.line, rehearsal.up, forecast.table);
    finding.severity = Severity::kInfo;
    finding.message =
        fmt::format("no forecast for {} in production: {}",
                    relation_words(forecast.table, forecast.production_rows), forecast.problem);
    finding.remedy =
        "Measure it on a copy of production, or give data.tables.*.rows a size that "
        "is nearer to it.";
    finding.known_by.emplace_back("no forecast");
    findings.push_back(std::move(finding));
  }
}

/// One a table and script: the worst.
std::vector<Finding> worst_of_each(std::vector<Overrun> overruns) {
  std::stable_sort(overruns.begin(), overruns.end(),
                   [](const Overrun& a, const Overrun& b) { return a.ratio > b.ratio; });
  std::vector<Finding> findings;
  std::set<std::pair<const Phase*, std::string>> told;
  for (Overrun& overrun : overruns) {
    if (!told.emplace(overrun.phase, overrun.table).second) continue;
    findings.push_back(std::move(overrun.finding));
  }
  return findings;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  if (const auto why = why_no_locks(rehearsal)) return skip(*why);
  std::vector<Overrun> overruns;
  for (const Phase* phase : phases_that_ran(rehearsal)) {
    add_measured(rehearsal, scenario, *phase, overruns);
  }
  add_foretold(rehearsal, scenario, overruns);
  std::vector<Finding> findings = worst_of_each(std::move(overruns));
  add_not_foretold(rehearsal, findings);
  return judged(std::move(findings));
}

}  // namespace

extern const Check kLockBudget;
const Check kLockBudget{kText, judge};

}  // namespace drydock
