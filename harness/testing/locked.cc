#include "harness/testing/locked.h"

#include "harness/testing/builders.h"

namespace drydock::testing {
namespace {

void run_through(Phase& phase, std::vector<StatementRun> statements, const std::string& file) {
  double now = 0;
  for (StatementRun& run : statements) {
    run.file = file;
    run.started_ms = now;
    for (HeldLock& lock : run.footprint.locks) lock.acquired_ms = now;
    now += run.duration_ms;
  }
  phase.duration_ms = now;
  phase.statements = std::move(statements);
}

}  // namespace

HeldLock held(const std::string& table, LockMode mode, double held_ms) {
  HeldLock lock;
  lock.relation = table;
  lock.mode = mode;
  lock.rows = 1000;
  lock.held_ms = held_ms;
  return lock;
}

HeldLock held_index(const std::string& index, const std::string& table, LockMode mode) {
  HeldLock lock = held(index, mode);
  lock.kind = LockedKind::kIndex;
  lock.table = table;
  return lock;
}

StatementRun locking(int line, const std::string& kind, const std::string& text,
                     std::vector<HeldLock> locks) {
  StatementRun run;
  run.line = line;
  run.kind = kind;
  run.text = text;
  run.duration_ms = 10;
  run.footprint.observed = true;
  run.footprint.lock_timeout_ms = 2000;
  run.footprint.locks = std::move(locks);
  return run;
}

Rehearsal watched(std::vector<StatementRun> up, std::vector<StatementRun> down) {
  Rehearsal rehearsal = clean_rehearsal();
  rehearsal.locks.observed = true;
  run_through(rehearsal.up, std::move(up), kUpFile);
  run_through(rehearsal.down, std::move(down), kDownFile);
  rehearsal.up_again.statements = rehearsal.up.statements;
  rehearsal.up_again.duration_ms = rehearsal.up.duration_ms;
  return rehearsal;
}

}  // namespace drydock::testing
