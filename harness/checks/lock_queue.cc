#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/lock_words.h"
#include "harness/model/describe.h"

namespace drydock {
namespace {

const CheckText kText{
    "lock-queue",
    "Behind a long report, an idle transaction or a dump the up script gives up, leaves nothing "
    "half-done and succeeds later.",
    "An up script that waits on and on in the lock queue, or that cannot be run again after it "
    "gave up.",
    "Queries queue up behind a waiting ALTER TABLE as if it held its lock already: one forgotten "
    "session stops the application for as long as it lives.",
    "Set a lock_timeout of a second or two, let each transaction hold one change, and write what "
    "runs outside transactions so that it can run again (IF NOT EXISTS, DROP … IF EXISTS first).",
    Severity::kError};

/// As many differences as a reader takes in.
constexpr std::size_t kShown = 5;

std::string holder_words(QueueHolder holder) {
  switch (holder) {
    case QueueHolder::kReport:
      return "a long report";
    case QueueHolder::kIdleInTransaction:
      return "a client that is idle in a transaction";
    case QueueHolder::kDump:
      return "a dump";
    case QueueHolder::kOldSnapshot:
      return "an old snapshot";
  }
  return "";
}

using Attempts = std::vector<const QueueAttempt*>;

/// "a long report and a dump".
std::string holders_words(const Attempts& attempts) {
  std::vector<std::string> words;
  for (const QueueAttempt* attempt : attempts) {
    const std::string next = holder_words(attempt->holder);
    if (std::find(words.begin(), words.end(), next) == words.end()) words.push_back(next);
  }
  const std::string last = words.back();
  words.pop_back();
  return words.empty() ? last : join(words, ", ") + " and " + last;
}

const StatementRun* waiting_statement(const Rehearsal& rehearsal, const QueueAttempt& attempt) {
  for (const StatementRun& run : rehearsal.up.statements) {
    if (run.file == attempt.file && run.line == attempt.line) return &run;
  }
  return nullptr;
}

/// Whoever queues up behind the lock that the attempt waits for; empty: nobody but other schema
/// changes, so that it may wait.
std::string_view who_queues(const Rehearsal& rehearsal, const QueueAttempt& attempt,
                            double stall_ms) {
  if (attempt.stalled_ms > stall_ms) return who_waits(LockMode::kAccessExclusive);
  const StatementRun* run = waiting_statement(rehearsal, attempt);
  if (run == nullptr || !run->footprint.observed) {
    const bool snapshot = attempt.holder == QueueHolder::kOldSnapshot;
    return snapshot ? "" : who_waits(LockMode::kAccessExclusive);
  }
  std::string_view who;
  for (const HeldLock& lock : run->footprint.locks) {
    if (is_felt(lock) && locked_table(lock) == attempt.relation &&
        who.size() < who_waits(lock).size())
      who = who_waits(lock);
  }
  return who;
}

Finding finding_at(const QueueAttempt& attempt, const std::string& problem) {
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.remedy = kText.remedy;
  finding.file = attempt.file;
  finding.line = attempt.line;
  finding.objects = {"table " + attempt.relation};
  finding.known_by = {problem, "table " + attempt.relation};
  return finding;
}

Finding never_gives_up(const Rehearsal& rehearsal, const Attempts& attempts, double stall_ms) {
  const QueueAttempt& first = *attempts.front();
  const std::string_view who = who_queues(rehearsal, first, stall_ms);
  Finding finding = finding_at(first, "does not give up");
  finding.message =
      fmt::format("behind {} on {} the up script does not give up: it was still waiting after {}{}",
                  holders_words(attempts), first.relation, human_duration(first.waited_ms),
                  statement_line(first.statement));
  if (who.empty()) {
    finding.severity = Severity::kInfo;
    finding.message += "\n  Nobody else waits behind it.";
    finding.remedy = "Look for old transactions in pg_stat_activity before the deployment.";
    return finding;
  }
  finding.message += fmt::format("\n  Meanwhile {} on {} waits behind it", who, first.relation);
  if (first.stalled_ms > 0)
    finding.message += fmt::format("; a SELECT waited {}", human_duration(first.stalled_ms));
  finding.message += ".";
  return finding;
}

Finding fails_later(const Attempts& attempts) {
  const QueueAttempt& first = *attempts.front();
  Finding finding = finding_at(first, "second try fails");
  finding.message = fmt::format(
      "after the up script gave up behind {} on {}, it does not succeed once the way is clear: {}",
      holders_words(attempts), first.relation, first.second_error);
  finding.message += statement_line(first.statement);
  return finding;
}

std::string left_words(const SchemaDiff& left) {
  std::string words;
  for (std::size_t i = 0; i < std::min(kShown, left.size()); ++i) {
    words += "\n  " + describe(left[i]);
  }
  if (left.size() > kShown) words += fmt::format("\n  … and {} more", left.size() - kShown);
  return words;
}

/// What a second try takes up again is no harm, but whoever decides against one has to know.
Finding leaves_behind(const Attempts& attempts) {
  const QueueAttempt& first = *attempts.front();
  Finding finding = finding_at(first, "leaves something behind");
  if (first.second_try_ok) finding.severity = Severity::kInfo;
  finding.message = fmt::format(
      "when the up script gives up behind {} on {}, part of it is done{}:{}",
      holders_words(attempts), first.relation,
      first.second_try_ok ? ", which the second try takes up" : "", left_words(first.left_behind));
  return finding;
}

/// Calls make(attempts) for those on each relation that `holds` is true of.
template <class Holds, class Make>
void each_relation(const QueueTrial& trial, Holds holds, Make make) {
  std::map<std::string, Attempts> by_relation;
  for (const QueueAttempt& attempt : trial.attempts) {
    if (holds(attempt)) by_relation[attempt.relation].push_back(&attempt);
  }
  for (const auto& [relation, attempts] : by_relation) make(attempts);
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  const QueueTrial& trial = rehearsal.locks.queue;
  if (!trial.ran) {
    return skip(trial.skipped.empty() ? "a lock queue was not asked for: --queue" : trial.skipped);
  }
  const double stall_ms = scenario.locks.stall_ms;
  const auto waits_on = [&](const QueueAttempt& attempt, bool felt) {
    return !attempt.gave_up && !attempt.waited_it_out &&
           who_queues(rehearsal, attempt, stall_ms).empty() != felt;
  };
  std::vector<Finding> findings;
  for (const bool felt : {true, false}) {
    each_relation(
        trial, [&](const QueueAttempt& attempt) { return waits_on(attempt, felt); },
        [&](const Attempts& a) { findings.push_back(never_gives_up(rehearsal, a, stall_ms)); });
  }
  each_relation(
      trial, [](const QueueAttempt& a) { return a.gave_up && !a.second_try_ok; },
      [&](const Attempts& a) { findings.push_back(fails_later(a)); });
  each_relation(
      trial, [](const QueueAttempt& a) { return a.gave_up && !a.left_behind.empty(); },
      [&](const Attempts& a) { findings.push_back(leaves_behind(a)); });
  return judged(std::move(findings));
}

}  // namespace

extern const Check kLockQueue;
const Check kLockQueue{kText, judge};

}  // namespace drydock
