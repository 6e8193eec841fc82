#include <fmt/format.h>

#include "harness/checks/check.h"
#include "harness/checks/lock_words.h"

namespace drydock {
namespace {

const CheckText kText{
    "lock-timeout",
    "Whenever the up script takes a lock that keeps an application out, it gives up waiting after "
    "a while.",
    "A statement that waits for its lock without end, behind one long report or one forgotten "
    "session.",
    "While it waits, everybody who comes later waits behind it: a change of a millisecond stops "
    "the table for as long as the report runs.",
    "SET lock_timeout = '2s' (or SET LOCAL, inside a transaction) at the top of the script; or "
    "give it to the connection by the migration tool's settings (PGOPTIONS='-c lock_timeout=2s'); "
    "or ALTER ROLE … SET lock_timeout for the role that migrates. When it runs out, try again "
    "later.",
    Severity::kWarning};

/// The first lock that is felt and has no end of waiting.
std::optional<LockAt> unguarded(const Phase& phase) {
  for (const StatementRun& run : phase.statements) {
    if (!run.footprint.observed || run.footprint.lock_timeout_ms > 0) continue;
    for (const HeldLock& lock : run.footprint.locks) {
      if (is_felt(lock)) return LockAt{&lock, &run};
    }
  }
  return std::nullopt;
}

/// A statement's strongest lock tells more than its first.
LockAt strongest_of(const LockAt& first) {
  LockAt strongest = first;
  for (const HeldLock& lock : first.taken_by->footprint.locks) {
    if (is_felt(lock) && lock.mode > strongest.lock->mode) strongest.lock = &lock;
  }
  return strongest;
}

bool settings_have_it(const Scenario& scenario) {
  const auto setting = scenario.settings.find("lock_timeout");
  return setting != scenario.settings.end() && setting->second != "0";
}

Finding finding_of(const LockAt& at, const Scenario& scenario) {
  const std::string& table = locked_table(*at.lock);
  Finding finding;
  finding.check = kText.id;
  finding.severity = kText.severity;
  finding.message = fmt::format(
      "the up script would wait without end for {}: {}{}\n  While it waits, {} on {} waits behind "
      "it.",
      lock_words(*at.lock),
      settings_have_it(scenario) ? "it takes the lock_timeout of postgres.settings away"
                                 : "no lock_timeout is set",
      statement_line(at.taken_by->text), who_waits(*at.lock), table);
  finding.remedy = kText.remedy;
  finding.file = at.taken_by->file;
  finding.line = at.taken_by->line;
  finding.objects = {"table " + table};
  finding.known_by = {"no lock_timeout"};
  return finding;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  if (const auto why = why_no_locks(rehearsal)) return skip(*why);
  const std::optional<LockAt> first = unguarded(rehearsal.up);
  if (!first) return judged({});
  return judged({finding_of(strongest_of(*first), scenario)});
}

}  // namespace

extern const Check kLockTimeout;
const Check kLockTimeout{kText, judge};

}  // namespace drydock
