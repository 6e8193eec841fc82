#include "reports/lock_totals.h"

#include <algorithm>
#include <map>

#include "harness/testing/catch.h"
#include "harness/testing/sample_locks.h"
#include "harness/testing/sample_run.h"

namespace drydock {
namespace {

HeldLock lock(LockMode mode, double held_ms) {
  HeldLock out;
  out.relation = "public.orders";
  out.mode = mode;
  out.held_ms = held_ms;
  return out;
}

Rehearsal that_locks(const std::vector<HeldLock>& up, const std::vector<HeldLock>& down = {}) {
  Rehearsal evidence = testing::passed("000001_x", "x").evidence;
  evidence.up.statements[0].footprint.locks = up;
  evidence.down.statements[0].footprint.locks = down;
  return evidence;
}

double held_of_strongest(const Rehearsal& evidence) {
  const auto strongest = strongest_lock(evidence);
  return strongest ? strongest->lock->held_ms : -1;
}

TEST_CASE("the strongest lock has the strongest mode, of those the longest hold") {
  CHECK(held_of_strongest(that_locks(
            {lock(LockMode::kShare, 900), lock(LockMode::kAccessExclusive, 2)},
            {lock(LockMode::kAccessExclusive, 7), lock(LockMode::kExclusive, 50)})) == 7);
}

TEST_CASE("a lock that keeps no traffic out is nobody's strongest") {
  HeldLock own = lock(LockMode::kAccessExclusive, 5), advisory = own;
  own.own = true;
  advisory.kind = LockedKind::kAdvisory;
  CHECK(held_of_strongest(that_locks({own, advisory})) == -1);
  CHECK(held_of_strongest(that_locks({lock(LockMode::kShareUpdateExclusive, 5)})) == -1);
  CHECK(held_of_strongest(that_locks({own, lock(LockMode::kShare, 1)})) == 1);
  CHECK(strongest_phrase(that_locks({own})).empty());
}

TEST_CASE("a lock is told with its relation, rows, time and whom it keeps out") {
  HeldLock index = lock(LockMode::kAccessExclusive, 41);
  index.kind = LockedKind::kIndex;
  index.relation = "public.orders_pkey";
  index.table = "public.orders";
  index.rows = 1;
  CHECK(strongest_phrase(that_locks({index})) ==
        "ACCESS EXCLUSIVE on index public.orders_pkey of public.orders (1 row) for 41 ms, keeps "
        "out reads and writes (up, db/migrations/000001_x.up.sql:1)");
  HeldLock sampled = lock(LockMode::kShare, 41);
  sampled.exact = false;
  CHECK(lock_phrase(sampled) == "SHARE on public.orders for about 41 ms");
}

TEST_CASE("only migrations that are not all well have their strongest lock told") {
  RunResult result = testing::long_run(2);
  for (MigrationResult& migration : result.runs[0].migrations) {
    migration.evidence = that_locks({lock(LockMode::kAccessExclusive, 3)});
  }
  CHECK(locks_worth_telling(result.runs[0]).empty());
  Finding warning;
  warning.severity = Severity::kWarning;
  result.runs[0].migrations[1].findings = {warning};
  REQUIRE(locks_worth_telling(result.runs[0]).size() == 1);
  CHECK(locks_worth_telling(result.runs[0])[0].first == &result.runs[0].migrations[1]);
  result.runs[0].migrations[1].findings[0].waived = "agreed";
  CHECK(locks_worth_telling(result.runs[0]).empty());
  result.runs[0].migrations[0].outcome = Outcome::kErrored;
  CHECK(locks_worth_telling(result.runs[0]).size() == 1);
}

TEST_CASE("figures are the largest over the phases, without what keeps nobody out") {
  const auto figures = lock_figures(testing::with_locks().evidence);
  CHECK(std::is_sorted(figures.begin(), figures.end()));
  const std::map<std::string, std::string> by_name(figures.begin(), figures.end());
  CHECK(by_name.at("lock.public.orders.AccessExclusiveLock.held_ms") == "78.25");
  CHECK(by_name.at("lock.public.orders.AccessExclusiveLock.waited_ms") == "12.75");
  CHECK(by_name.at("lock.public.sites.AccessExclusiveLock.held_ms") == "1.25");
  CHECK(by_name.count("lock.public.sites.AccessExclusiveLock.waited_ms") == 0);
  CHECK(by_name.count("lock.public.order_notes.AccessExclusiveLock.held_ms") == 0);
  CHECK(by_name.count("lock.public.orders.ShareUpdateExclusiveLock.held_ms") == 0);
  CHECK(by_name.at("passes.public.orders") == "4");
  CHECK(by_name.at("rewrites.public.orders") == "1");
  CHECK(by_name.at("wal_bytes") == "4200000");
  CHECK(by_name.at("stall.max_ms") == "91.25");
  CHECK(by_name.at("stall.public.orders.select_for_update.max_ms") == "87.75");
  CHECK(by_name.at("queue.report.waited_ms") == "2003.5");
  CHECK(by_name.at("forecast.public.orders.AccessExclusiveLock.error_ms") == "31000");
  CHECK(lock_figures(testing::passed("000001_x", "x").evidence).empty());
}

}  // namespace
}  // namespace drydock
