#include "harness/rehearse/stalls.h"

#include <algorithm>

namespace drydock {
namespace {

/// Of waits that are chained: a probe behind a probe behind the migration. Longer chains there are
/// none, as each probe touches one table.
constexpr int kLongestChain = 3;

bool contains(const std::vector<int>& processes, int process) {
  return std::find(processes.begin(), processes.end(), process) != processes.end();
}

bool overlap(const LoggedWait& one, const LoggedWait& other) {
  return one.began <= other.began + other.waited_ms / 1000 &&
         other.began <= one.began + one.waited_ms / 1000;
}

/// The migration holds what `wait` is about, or stands before it in the queue, or somebody does
/// who waits for the migration in turn.
bool behind(int migration, const LoggedWait& wait, const LockLog& log, int chain = kLongestChain) {
  if (contains(wait.holders, migration) || contains(wait.ahead, migration)) return true;
  if (chain == 0) return false;
  return std::any_of(log.waits.begin(), log.waits.end(), [&](const LoggedWait& other) {
    const bool before =
        contains(wait.holders, other.process) || contains(wait.ahead, other.process);
    return before && other.process != wait.process && overlap(wait, other) &&
           behind(migration, other, log, chain - 1);
  });
}

/// The statement that was under way so long after the beginning.
std::size_t running_at(const Phase& phase, double ms) {
  std::size_t running = 0;
  for (std::size_t i = 0; i < phase.statements.size(); ++i) {
    if (phase.statements[i].started_ms <= ms) running = i;
  }
  return running;
}

struct TakenLock {
  std::size_t statement = 0;
  LockMode mode = LockMode::kAccessShare;
};

/// Whether the lock, taken by an earlier statement, is still held while `running` is under way.
bool still_held(const HeldLock& lock, const StatementRun& running) {
  return lock.acquired_ms + lock.held_ms >= running.started_ms;
}

/// By the ledger: the strongest lock on `relation` that `wanted` has to wait for, taken until the
/// statement `running` and not given back before.
std::optional<TakenLock> lock_in_the_way(const Phase& ledger, const std::string& relation,
                                         LockMode wanted, std::size_t running) {
  std::optional<TakenLock> strongest;
  if (running >= ledger.statements.size()) return strongest;
  for (std::size_t i = 0; i <= running; ++i) {
    for (const HeldLock& lock : ledger.statements[i].footprint.locks) {
      if (lock.relation != relation || !conflict(lock.mode, wanted)) continue;
      if (i < running && !still_held(lock, ledger.statements[running])) continue;
      if (!strongest || lock.mode > strongest->mode) strongest = TakenLock{i, lock.mode};
    }
  }
  return strongest;
}

/// The lock for which somebody waited from `from_ms` to `until_ms` after the up began. The log
/// tells times in whole milliseconds, and late where the machine is busy: a wait that seems to have
/// begun before any such lock was taken began behind the first one.
std::optional<TakenLock> lock_waited_for(const LoggedRun& run, const std::string& relation,
                                         LockMode wanted, double from_ms, double until_ms) {
  const std::vector<StatementRun>& statements = run.phase.statements;
  std::size_t running = running_at(run.phase, from_ms);
  std::optional<TakenLock> taken = lock_in_the_way(run.ledger, relation, wanted, running);
  while (!taken && ++running < statements.size() && statements[running].started_ms <= until_ms) {
    taken = lock_in_the_way(run.ledger, relation, wanted, running);
  }
  return taken;
}

/// What the migration itself waits for in the same queue.
std::optional<LockMode> queued_mode(int migration, const LoggedWait& wait, const LockLog& log) {
  for (const LoggedWait& other : log.waits) {
    if (other.process == migration && other.on == wait.on && overlap(wait, other)) {
      return other.wanted;
    }
  }
  return {};
}

/// The least that the migration must have held for all to wait that wait for the same at that time.
LockMode weakest_in_the_way(int migration, const LoggedWait& wait, const LockLog& log) {
  for (int i = 0; i < kLockModes; ++i) {
    const auto mode = static_cast<LockMode>(i);
    const bool explains =
        std::all_of(log.waits.begin(), log.waits.end(), [&](const LoggedWait& other) {
          return other.on != wait.on || !contains(other.holders, migration) ||
                 !overlap(wait, other) || conflict(mode, other.wanted);
        });
    if (explains && conflict(mode, wait.wanted)) return mode;
  }
  return LockMode::kAccessExclusive;
}

Stall describe(const LoggedWait& wait, const std::string& table, const LockLog& log,
               const LoggedRun& run) {
  Stall stall{wait.waited_ms, LockMode::kRowExclusive, table, "", 0};
  const double from_ms = (wait.began - run.began) * 1000;
  std::size_t statement = running_at(run.phase, from_ms);
  LockMode wanted = LockMode::kShare;  // behind a row: what conflicts with having written it
  if (wait.target == LockTarget::kRelation) {
    const auto relation = run.relations.find(wait.relation);
    stall.blocked_on = relation == run.relations.end() ? wait.on : relation->second.name;
    wanted = wait.wanted;
    stall.blocked_by =
        queued_mode(run.process, wait, log).value_or(weakest_in_the_way(run.process, wait, log));
  }
  if (const auto taken =
          lock_waited_for(run, stall.blocked_on, wanted, from_ms, from_ms + wait.waited_ms)) {
    statement = taken->statement;
    if (wait.target == LockTarget::kRelation) stall.blocked_by = taken->mode;
  }
  if (statement < run.phase.statements.size()) {
    stall.statement = run.phase.statements[statement].text;
    stall.line = run.phase.statements[statement].line;
  }
  return stall;
}

}  // namespace

std::optional<Stall> longest_stall(int process, const std::string& table, const LockLog& log,
                                   const LoggedRun& run) {
  const LoggedWait* longest = nullptr;
  for (const LoggedWait& wait : log.waits) {
    if (wait.process != process || !behind(run.process, wait, log)) continue;
    if (longest == nullptr || wait.waited_ms > longest->waited_ms) longest = &wait;
  }
  if (longest == nullptr) return {};
  return describe(*longest, table, log, run);
}

std::string deadlocks_with(int process, const LockLog& log) {
  std::string text;
  for (const Deadlock& deadlock : log.deadlocks) {
    const bool alone = std::all_of(deadlock.processes.begin(), deadlock.processes.end(),
                                   [&](int each) { return each == process; });
    if (alone || !contains(deadlock.processes, process)) continue;
    if (!text.empty()) text += "\n";
    text += deadlock.text;
  }
  return text;
}

}  // namespace drydock
