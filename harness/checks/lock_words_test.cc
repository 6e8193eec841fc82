#include "harness/checks/lock_words.h"

#include "harness/testing/catch.h"
#include "harness/testing/locked.h"

namespace drydock {
namespace {

using testing::held;
using testing::held_index;
using testing::locking;
using testing::watched;
using enum LockMode;

TEST_CASE("applications feel locks that block writes on relations that were there before") {
  CHECK(is_felt(held("public.t", kAccessExclusive)));
  CHECK(is_felt(held("public.t", kShare)));
  CHECK_FALSE(is_felt(held("public.t", kShareUpdateExclusive)));
  CHECK_FALSE(is_felt(held("public.t", kRowExclusive)));
  HeldLock own = held("public.t", kAccessExclusive);
  own.own = true;
  CHECK_FALSE(is_felt(own));
  for (const LockedKind kind : {LockedKind::kAdvisory, LockedKind::kOther}) {
    HeldLock other = held("x", kExclusive);
    other.kind = kind;
    CHECK_FALSE(is_felt(other));
  }
}

TEST_CASE("a materialized view is read only: what lets SELECT in is felt by nobody") {
  HeldLock view = held("public.totals", kExclusive);
  view.kind = LockedKind::kMaterializedView;
  CHECK_FALSE(is_felt(view));
  view.mode = kAccessExclusive;
  CHECK(is_felt(view));
  CHECK(who_waits(view) == "every SELECT");
}

TEST_CASE("who waits follows the conflict table") {
  CHECK(who_waits(kAccessExclusive) == "every SELECT, INSERT, UPDATE and DELETE");
  CHECK(who_waits(kExclusive) == "every INSERT, UPDATE, DELETE and SELECT … FOR UPDATE");
  CHECK(who_waits(kShareRowExclusive) == "every INSERT, UPDATE and DELETE");
  CHECK(who_waits(kShare) == "every INSERT, UPDATE and DELETE");
  CHECK(who_waits(kShareUpdateExclusive).empty());
  HeldLock sequence = held("public.t_id_seq", kShareRowExclusive);
  sequence.kind = LockedKind::kSequence;
  CHECK(who_waits(sequence) == "every nextval");
}

TEST_CASE("a lock is told with its relation and how many rows that has") {
  HeldLock lock = held("public.t", kShare);
  CHECK(lock_words(lock) == "SHARE on public.t (1,000 rows)");
  lock.rows = -1;
  CHECK(lock_words(lock) == "SHARE on public.t");
  CHECK(lock_words(held_index("public.t_pkey", "public.t", kAccessExclusive)) ==
        "ACCESS EXCLUSIVE on index public.t_pkey of public.t (1,000 rows)");
}

TEST_CASE("numbers of rows are grouped by thousands") {
  CHECK(rows_words(0) == "0 rows");
  CHECK(rows_words(1) == "1 row");
  CHECK(rows_words(999) == "999 rows");
  CHECK(rows_words(1000) == "1,000 rows");
  CHECK(rows_words(80'000'000) == "80,000,000 rows");
  CHECK(rows_words(-1).empty());
}

TEST_CASE("the strongest lock over a statement is an earlier one's while its transaction lasts") {
  const Rehearsal rehearsal = watched(
      {locking(1, "ALTER TABLE", "ALTER TABLE t …", {held("public.t", kAccessExclusive, 20)}),
       locking(2, "UPDATE", "UPDATE t …", {held("public.t", kRowExclusive)}),
       locking(3, "CREATE INDEX", "CREATE INDEX …", {held("public.t", kShare)})});
  const Phase& up = rehearsal.up;
  const auto over_update = lock_over(up, up.statements[1], "public.t");
  REQUIRE(over_update);
  CHECK(over_update->lock->mode == kAccessExclusive);
  CHECK(over_update->taken_by == &up.statements[0]);
  // The transaction ended before the third.
  const auto over_index = lock_over(up, up.statements[2], "public.t");
  REQUIRE(over_index);
  CHECK(over_index->lock->mode == kShare);
  CHECK_FALSE(lock_over(up, up.statements[2], "public.other"));
}

TEST_CASE("a lock on an index is one on its table") {
  const Rehearsal rehearsal = watched({locking(
      1, "REINDEX", "REINDEX TABLE t",
      {held("public.t", kShare), held_index("public.t_pkey", "public.t", kAccessExclusive)})});
  const auto over = lock_over(rehearsal.up, rehearsal.up.statements[0], "public.t");
  REQUIRE(over);
  CHECK(over->lock->relation == "public.t_pkey");
}

TEST_CASE("only what the scenario calls small is small") {
  Scenario scenario;
  scenario.tables["public.few"].production_rows = 9999;
  scenario.tables["public.many"].production_rows = 10'000;
  scenario.tables["public.unsaid"].rows = 5;
  CHECK(is_small(scenario, "public.few"));
  CHECK_FALSE(is_small(scenario, "public.many"));
  CHECK_FALSE(is_small(scenario, "public.unsaid"));
  CHECK_FALSE(is_small(scenario, "public.unknown"));
}

TEST_CASE("places in one file are told by their lines") {
  StatementRun a = locking(4, "", "", {}), b = locking(9, "", "", {}), c = locking(12, "", "", {});
  a.file = b.file = "m/x.sql";
  c.file = "m/y.sql";
  CHECK(places_words({&a}) == "x.sql:4");
  CHECK(places_words({&a, &b}) == "x.sql:4 and 9");
  CHECK(places_words({&a, &b, &c}) == "x.sql:4, 9 and y.sql:12");
}

TEST_CASE("nothing is said of locks that nobody watched, or of an up that failed") {
  Rehearsal rehearsal = watched({});
  CHECK_FALSE(why_no_locks(rehearsal));
  rehearsal.up.outcome = PhaseOutcome::kFailed;
  CHECK(why_no_locks(rehearsal) == "the up script did not run through");
  rehearsal.locks.observed = false;
  CHECK(why_no_locks(rehearsal) == "locks were not watched: --no-locks, or locks.ledger");
}

}  // namespace
}  // namespace drydock
