#include "harness/testing/sample_locks.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/testing/sample_run.h"
#include "harness/testing/sample_traffic.h"

namespace drydock::testing {
namespace {

HeldLock lock(const std::string& relation, LockMode mode, double acquired_ms, double held_ms,
              std::int64_t rows = -1) {
  HeldLock out;
  out.relation = relation;
  out.mode = mode;
  out.acquired_ms = acquired_ms;
  out.held_ms = held_ms;
  out.rows = rows;
  return out;
}

HeldLock on_index(HeldLock out, const std::string& table) {
  out.kind = LockedKind::kIndex;
  out.table = table;
  return out;
}

HeldLock own(HeldLock out, LockedKind kind = LockedKind::kTable) {
  out.own = true;
  out.kind = kind;
  return out;
}

/// Statements in a row, each started when the one before had ended.
void start_one_after_another(Phase& phase) {
  double now = 0;
  for (StatementRun& run : phase.statements) {
    run.started_ms = now;
    run.footprint.observed = true;
    now += run.duration_ms;
  }
  phase.duration_ms = now;
}

/// A rewrite, waited for; then a foreign key, a table of its own, and an index that commits by
/// itself.
std::vector<StatementRun> up_statements(const std::string& file) {
  StatementRun retype =
      statement(file, 3, "ALTER TABLE", "ALTER TABLE orders ALTER COLUMN total TYPE bigint", 61.5);
  HeldLock waited = lock("public.orders", LockMode::kAccessExclusive, 0.5, 78.25, 12000);
  waited.waited_ms = 12.75;
  retype.footprint.locks = {
      waited,
      on_index(lock("public.orders_customer_idx", LockMode::kAccessExclusive, 0.5, 78.25, 12000),
               "public.orders"),
      on_index(lock("public.orders_pkey", LockMode::kAccessExclusive, 0.5, 78.25, 12000),
               "public.orders")};
  retype.footprint.rewrites = {
      {"public.orders", LockedKind::kTable, "", "column type", 12000},
      {"public.orders_pkey", LockedKind::kIndex, "public.orders", "rebuilt", 12000}};
  retype.footprint.passes = {{"public.orders", 3, 12000}};
  retype.footprint.wal_bytes = 4'200'000;
  retype.footprint.temp_bytes = 131'072;
  StatementRun key = statement(
      file, 5, "ALTER TABLE",
      "ALTER TABLE orders ADD CONSTRAINT orders_site FOREIGN KEY (site_id) REFERENCES sites",
      14.25);
  key.footprint.locks = {
      lock("public.orders", LockMode::kShareRowExclusive, 62, 16.75, 12000),
      lock("public.sites", LockMode::kShareRowExclusive, 62, 16.75, 40),
      lock("audit.\"" + hostile_text() + "\"", LockMode::kRowShare, 62, 16.75, 3)};
  key.footprint.passes = {{"public.orders", 1, 12000}};
  StatementRun notes = statement(file, 8, "CREATE TABLE",
                                 "CREATE TABLE order_notes (id bigserial PRIMARY KEY)", 2.5);
  notes.footprint.locks = {
      own(lock("public.order_notes", LockMode::kAccessExclusive, 76.25, 2.5)),
      own(lock("public.order_notes_id_seq", LockMode::kAccessExclusive, 76.25, 2.5),
          LockedKind::kSequence)};
  StatementRun index =
      statement(file, 12, "CREATE INDEX",
                "CREATE INDEX CONCURRENTLY orders_site_idx ON orders (site_id)", 33);
  index.footprint.own_commit = true;
  HeldLock sampled = lock("public.orders", LockMode::kShareUpdateExclusive, 78.75, 31, 12000);
  sampled.exact = false;
  HeldLock advisory = lock("advisory lock 42", LockMode::kExclusive, 78.75, 33);
  advisory.kind = LockedKind::kAdvisory;
  index.footprint.locks = {sampled, advisory};
  StatementRun begin = statement(file, 1, "SET", "SET lock_timeout = '2s'", 0.5);
  for (StatementRun* run : {&retype, &key, &notes, &index}) run->footprint.lock_timeout_ms = 2000;
  return {begin, retype, key, notes, index};
}

Phase down_phase(const std::string& file) {
  StatementRun drop =
      statement(file, 1, "ALTER TABLE", "ALTER TABLE orders DROP CONSTRAINT orders_site", 1.25);
  drop.footprint.locks = {lock("public.orders", LockMode::kAccessExclusive, 0, 1.25, 12000),
                          lock("public.sites", LockMode::kAccessExclusive, 0, 1.25, 40)};
  Phase phase = ran(PhaseName::kDown, {drop});
  start_one_after_another(phase);
  return phase;
}

LockEvidence lock_evidence(const std::string& file) {
  LockEvidence locks;
  locks.observed = true;
  locks.leftovers = {
      {"index public.orders_site_idx", "is INVALID", false,
       "CREATE INDEX CONCURRENTLY orders_site_idx ON orders (site_id)", file, 12},
      {"index public.orders_old_idx", "is INVALID", true,
       "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_old_idx ON orders (old)", file, 14}};
  locks.traffic = sample_traffic(file);
  locks.queue = sample_queue(file);
  locks.interruptions = sample_interruptions(file);
  locks.forecasts = sample_forecasts(file);
  return locks;
}

}  // namespace

const std::vector<std::string>& lock_checks() {
  static const std::vector<std::string> checks = {
      "lock-budget",   "traffic-stall", "lock-timeout",    "lock-queue", "concurrent-leftover",
      "table-rewrite", "table-scan",    "duration-budget", "rerunnable"};
  return checks;
}

MigrationResult with_locks() {
  MigrationResult result = passed("000011_widen_order_totals", "orders");
  Rehearsal& evidence = result.evidence;
  const std::string& file = evidence.up_files[0];
  evidence.up = ran(PhaseName::kUp, up_statements(file));
  start_one_after_another(evidence.up);
  evidence.down = down_phase(evidence.down_files[0]);
  evidence.up_again = evidence.up;
  evidence.up_again.name = PhaseName::kUpAgain;
  evidence.locks = lock_evidence(file);
  for (const std::string& check : lock_checks())
    result.checks.push_back({check, Outcome::kPassed, ""});
  Finding budget = finding("lock-budget", Severity::kError,
                           "ACCESS EXCLUSIVE on public.orders (12,000 rows) was held for 78 ms, "
                           "more than the 20 ms of its budget",
                           file, 3, "aad0c0deaad0c0de");
  budget.objects = {"table public.orders"};
  result.findings = {
      budget, finding("table-rewrite", Severity::kWarning,
                      "public.orders is written anew: column type", file, 3, "bbd0c0debbd0c0de")};
  set_outcome(result, "lock-budget", Outcome::kFailed);
  result.outcome = Outcome::kFailed;
  return result;
}

MigrationResult with_crowded_ledger(const std::string& id, int statements, int relations) {
  MigrationResult result = passed(id, "t");
  std::vector<StatementRun> runs;
  for (int i = 0; i < statements; ++i) {
    StatementRun run =
        statement(result.evidence.up_files[0], 1 + 3 * i, "ALTER TABLE",
                  fmt::format("ALTER TABLE t{} ADD COLUMN c{} int", i % 30, i), 0.25 + (i % 7));
    double start = 0;
    for (const StatementRun& earlier : runs) start += earlier.duration_ms;
    for (int j = 0; j < relations; ++j) {
      const auto mode = static_cast<LockMode>((i + j) % kLockModes);
      run.footprint.locks.push_back(lock(fmt::format("application.table_number_{}", j), mode, start,
                                         run.duration_ms, 1000 * (j + 1)));
      if (j % 10 == 9) run.footprint.locks.back().own = true;
    }
    runs.push_back(std::move(run));
  }
  result.evidence.up = ran(PhaseName::kUp, std::move(runs));
  start_one_after_another(result.evidence.up);
  result.evidence.locks.observed = true;
  return result;
}

RunResult long_run_with_locks(int count) {
  RunResult result = long_run(count);
  for (MigrationResult& migration : result.runs[0].migrations) {
    const MigrationResult locking = with_crowded_ledger(migration.evidence.migration, 8, 12);
    migration.evidence.up = locking.evidence.up;
    migration.evidence.up_again = locking.evidence.up;
    migration.evidence.up_again.name = PhaseName::kUpAgain;
    migration.evidence.locks = with_locks().evidence.locks;
  }
  return result;
}

}  // namespace drydock::testing
