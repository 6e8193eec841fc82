#include "harness/rehearse/lock_rehearsal.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/rehearse/forecast_trial.h"
#include "harness/rehearse/interruption_trial.h"
#include "harness/rehearse/ledger_observer.h"
#include "harness/rehearse/observer_list.h"
#include "harness/rehearse/queue_trial.h"
#include "harness/rehearse/reason_of_failure.h"
#include "harness/rehearse/script_runner.h"

namespace drydock {
namespace {

/// Only statements that work CONCURRENTLY leave something half-done, and only IF NOT EXISTS takes
/// it for done.
bool may_leave_or_accept(const Migration& migration) {
  for (const auto* scripts : {&migration.up, &migration.down}) {
    for (const Script& script : *scripts) {
      for (const Query& query : script.queries) {
        const std::string text = to_lower(query.text);
        if (text.find("concurrently") != std::string::npos) return true;
        if (text.find("if not exists") != std::string::npos) return true;
      }
    }
  }
  return false;
}

/// Whether the up locks a relation that was there before. What works CONCURRENTLY does, also when
/// it was too fast for the sampler.
bool locks_others(const Phase& up) {
  return std::any_of(up.statements.begin(), up.statements.end(), [](const StatementRun& run) {
    if (works_concurrently(run.text)) return true;
    return std::any_of(run.footprint.locks.begin(), run.footprint.locks.end(),
                       [](const HeldLock& lock) { return !lock.own; });
  });
}

}  // namespace

LockRehearsal::LockRehearsal(const Scenario& scenario, const Server& server, Workbench& workbench,
                             std::chrono::milliseconds limit)
    : scenario_(scenario),
      workbench_(workbench),
      limit_(limit),
      traffic_(server, scenario, limit) {}

void LockRehearsal::begin(const Migration& migration, Rehearsal& rehearsal) {
  rehearsal.locks.observed = scenario_.locks.ledger;
  looks_for_half_done_ = scenario_.locks.ledger && may_leave_or_accept(migration);
  if (looks_for_half_done_) half_done_ = find_half_done(workbench_.rows());
}

Phase LockRehearsal::run(PhaseName name, const std::vector<Script>& scripts,
                         StatementObserver* other) {
  Session& session = workbench_.migrate();
  if (!scenario_.locks.ledger) return run_scripts(name, scripts, session, limit_, other);
  LedgerObserver ledger(workbench_.ledger());
  ObserverList observers({&ledger, other});
  return run_scripts(name, scripts, session, limit_, &observers);
}

void LockRehearsal::after_phase(const Phase& phase, Rehearsal& rehearsal) {
  if (!looks_for_half_done_ || phase.outcome == PhaseOutcome::kErrored) return;
  std::vector<HalfDone> now = find_half_done(workbench_.rows());
  add_leftovers(leftovers_of(half_done_, now, phase), rehearsal.locks.leftovers);
  half_done_ = std::move(now);
}

void LockRehearsal::after_cycle(const Migration& migration, const std::vector<Step>& before,
                                Rehearsal& rehearsal) {
  const LockRules& rules = scenario_.locks;
  LockEvidence& locks = rehearsal.locks;
  const StagingGround ground{workbench_, before, migration, limit_};
  if (!locks.observed) {
    locks.traffic.skipped = locks.queue.skipped = "locks are not observed";
  } else if (!locks_others(rehearsal.up)) {
    locks.traffic.skipped = locks.queue.skipped = "the up locks nothing that was there before";
  } else {
    if (rules.traffic) locks.traffic = traffic_.run(migration, rehearsal, before);
    if (rules.queue) locks.queue = try_lock_queue(ground, rehearsal.up, rules, locks.leftovers);
    locks.forecasts = forecast_locks(ground, rehearsal.up, scenario_);
  }
  if (!locks.observed || !rules.interruptions) return;
  // That a stopped CREATE INDEX CONCURRENTLY leaves an INVALID index is PostgreSQL's way. Whether
  // the second run takes it for done is in what that run led to.
  std::vector<Leftover> of_stopped_ups;
  locks.interruptions = try_interruptions(ground, of_stopped_ups);
}

}  // namespace drydock
