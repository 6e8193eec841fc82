#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/lock_words.h"
#include "harness/checks/safe_way.h"
#include "harness/checks/shared.h"

namespace drydock {
namespace {

const CheckText kText{
    "traffic-stall",
    "While the up script runs, no query of an application waits for it longer than allowed.",
    "An up script behind which reads or writes stand still, that deadlocks with them, or that "
    "fails only because they are there.",
    "A lock looks harmless on a quiet server; under traffic everybody queues behind it, and the "
    "users see time-outs for a release that nobody announced.",
    "Let the up script hold its locks for less, or take weaker ones, and give it a lock_timeout so "
    "that it steps back before others wait.",
    Severity::kError};

using Probes = std::vector<const ProbeResult*>;

/// The statement of the up that a probe waited for; null when nobody knows.
const StatementRun* culprit(const Rehearsal& rehearsal, const ProbeResult& probe) {
  for (const StatementRun& run : rehearsal.up.statements) {
    if (run.line == probe.line && run.text == probe.statement) return &run;
  }
  return nullptr;
}

std::string worst_words(const ProbeResult& worst, double allowed_ms) {
  std::string words =
      fmt::format("{} on {} waited {} for the up script, longer than the {} of locks.stall_ms",
                  describe(worst.operation), worst.table, human_duration(worst.longest_stall_ms),
                  human_duration(allowed_ms));
  if (!worst.blocked_on.empty()) {
    words += fmt::format("\n  behind {} on {}", manual_word(worst.blocked_by), worst.blocked_on);
    if (!worst.statement.empty()) words += ":" + statement_line(worst.statement);
  }
  return words;
}

std::string others_words(const Probes& stalled) {
  std::vector<std::string> words;
  for (std::size_t i = 1; i < stalled.size(); ++i) {
    words.push_back(fmt::format("{} {}", describe(stalled[i]->operation),
                                human_duration(stalled[i]->longest_stall_ms)));
  }
  return words.empty() ? "" : "\n  Just so: " + join(words, ", ") + ".";
}

Finding finding_with(const Rehearsal& rehearsal) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.remedy = kText.remedy;
  finding.file = rehearsal.up_files.empty() ? "" : rehearsal.up_files.front();
  finding.line = 1;
  return finding;
}

/// A statement that took less than half of the wait is not what took long.
void point_at(const StatementRun& run, double stall_ms, Finding& finding) {
  finding.file = run.file;
  finding.line = run.line;
  const std::string way = run.duration_ms < stall_ms / 2 ? kCommitBetween : safe_way(run).remedy;
  if (!way.empty()) finding.remedy = way;
}

/// `stalled`: of one table, the longest first.
Finding stall_finding(const Rehearsal& rehearsal, const Probes& stalled, double allowed_ms) {
  const ProbeResult& worst = *stalled.front();
  Finding finding = finding_with(rehearsal);
  finding.message = worst_words(worst, allowed_ms) + others_words(stalled);
  if (worst.calm.count > 0) {
    finding.message += fmt::format("\n  With nothing else going on it took {} at most.",
                                   human_duration(worst.calm.longest));
  }
  if (const StatementRun* run = culprit(rehearsal, worst))
    point_at(*run, worst.longest_stall_ms, finding);
  finding.objects = {"table " + worst.table};
  return finding;
}

std::vector<Finding> stalls(const Rehearsal& rehearsal, double allowed_ms) {
  std::map<std::string, Probes> by_table;
  for (const ProbeResult& probe : rehearsal.locks.traffic.probes) {
    if (probe.longest_stall_ms > allowed_ms) by_table[probe.table].push_back(&probe);
  }
  std::vector<Finding> findings;
  for (auto& [table, stalled] : by_table) {
    std::stable_sort(stalled.begin(), stalled.end(), [](const auto* a, const auto* b) {
      return a->longest_stall_ms > b->longest_stall_ms;
    });
    findings.push_back(stall_finding(rehearsal, stalled, allowed_ms));
  }
  return findings;
}

std::string indented(const std::string& text) {
  std::string lines;
  for (const std::string_view line : split_lines(text)) lines += "\n  " + std::string(line);
  return lines;
}

Finding deadlock_finding(const Rehearsal& rehearsal, const TrafficTrial& trial) {
  Finding finding = finding_with(rehearsal);
  finding.message = "the up script and the application wait for each other: a deadlock" +
                    indented(trial.deadlock);
  finding.remedy =
      "Take the strongest lock first, one table at a time and in the order in which the "
      "application uses them, each in a short transaction of its own with a lock_timeout below "
      "deadlock_timeout.";
  finding.known_by = {"deadlock"};
  return finding;
}

Finding failure_finding(const Rehearsal& rehearsal, const Failure& failure) {
  Finding finding = finding_with(rehearsal);
  finding.message =
      "the up script fails when an application uses its tables meanwhile: " + words_of(failure);
  finding.remedy =
      "Let it be able to run again: give up by lock_timeout, leave nothing half-done, try once "
      "more. What fails for another reason than a lock relies on nobody writing meanwhile.";
  finding.known_by = {"failure", failure.sqlstate};
  return finding;
}

void add_failures(const Rehearsal& rehearsal, std::vector<Finding>& findings) {
  const TrafficTrial& trial = rehearsal.locks.traffic;
  if (!trial.deadlock.empty()) findings.push_back(deadlock_finding(rehearsal, trial));
  const bool told = !trial.deadlock.empty() && trial.failure && trial.failure->sqlstate == "40P01";
  if (trial.failure && !told) findings.push_back(failure_finding(rehearsal, *trial.failure));
  for (Finding& finding : findings) {
    if (finding.known_by.empty() || !trial.failure || trial.failure->line == 0) continue;
    finding.file = trial.failure->file;
    finding.line = trial.failure->line;
  }
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  const TrafficTrial& trial = rehearsal.locks.traffic;
  if (!trial.ran) {
    return skip(trial.skipped.empty() ? "traffic was not asked for: --traffic" : trial.skipped);
  }
  std::vector<Finding> findings = stalls(rehearsal, scenario.locks.stall_ms);
  add_failures(rehearsal, findings);
  return judged(std::move(findings));
}

}  // namespace

extern const Check kTrafficStall;
const Check kTrafficStall{kText, judge};

}  // namespace drydock
