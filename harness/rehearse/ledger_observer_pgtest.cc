// The ledger on the statements of real scripts: what it says of them.

#include "harness/rehearse/ledger_observer.h"

#include <algorithm>
#include <optional>

#include "harness/testing/catch.h"
#include "harness/testing/watched_scripts.h"

namespace drydock {
namespace {

using testing::script_of;
using Fixture = testing::WatchedScripts;

const HeldLock* find_lock(const StatementRun& run, const std::string& relation, LockMode mode) {
  for (const HeldLock& lock : run.footprint.locks) {
    if (lock.relation == relation && lock.mode == mode) return &lock;
  }
  return nullptr;
}

bool holds(const StatementRun& run, const std::string& relation, LockMode mode) {
  return find_lock(run, relation, mode) != nullptr;
}

TEST_CASE("REINDEX TABLE is seen to hold its indexes so that a plain SELECT waits") {
  Fixture f;
  f.prepare("create table t(id int primary key); insert into t select generate_series(1, 100)");
  const Phase phase = f.run(script_of("reindex table t"));
  const HeldLock* index =
      find_lock(phase.statements[0], "public.t_pkey", LockMode::kAccessExclusive);
  REQUIRE(index != nullptr);
  CHECK(index->kind == LockedKind::kIndex);
  CHECK(index->table == "public.t");
  CHECK(index->rows == 100);
  CHECK(index->exact);
  CHECK(holds(phase.statements[0], "public.t", LockMode::kShare));
  CHECK(conflict(index->mode, LockMode::kAccessShare));
  // That it is so: whoever plans a SELECT asks for every index.
  f.prepare("begin; reindex table t");
  Session reader(f.database.info());
  reader.query("set lock_timeout = '50ms'");
  const auto soon = SteadyClock::now() + std::chrono::seconds(60);
  const Reply reply = reader.send("select * from t where id = 1", soon);
  REQUIRE(reply.error);
  CHECK(reply.error->sqlstate == "55P03");
  f.prepare("rollback");
}

TEST_CASE("the table that a foreign key points to is in the ledger") {
  Fixture f;
  f.prepare("create table p(id int primary key); create table c(p int)");
  const Phase phase = f.run(script_of("alter table c add foreign key (p) references p"));
  CHECK(holds(phase.statements[0], "public.p", LockMode::kShareRowExclusive));
  CHECK(holds(phase.statements[0], "public.c", LockMode::kShareRowExclusive));
}

TEST_CASE("a policy locks out everybody for a moment, and the ledger says so") {
  Fixture f;
  f.prepare("create table t(id int)");
  const Phase phase = f.run(script_of("create policy k on t using (true)"));
  CHECK(holds(phase.statements[0], "public.t", LockMode::kAccessExclusive));
}

TEST_CASE(
    "a dropped table keeps its name in the ledger, and its foreign keys' partners are there") {
  Fixture f;
  f.prepare("create table p(id int primary key); create table \"C\"(p int references p)");
  const Phase phase = f.run(script_of("drop table \"C\"; select 1"));
  CHECK(holds(phase.statements[0], "public.\"C\"", LockMode::kAccessExclusive));
  CHECK(holds(phase.statements[0], "public.p", LockMode::kAccessExclusive));
  CHECK(phase.statements[1].footprint.locks.empty());
}

TEST_CASE("a lock belongs to the statement that took it and is held until its transaction ends") {
  Fixture f;
  f.prepare("create table t(id int); create table u(id int)");
  const Phase phase = f.run(
      script_of("select count(*) from t; lock table t; select pg_sleep(0.02); drop table u", true));
  REQUIRE(phase.statements.size() == 4);
  CHECK(holds(phase.statements[0], "public.t", LockMode::kAccessShare));
  CHECK_FALSE(holds(phase.statements[0], "public.t", LockMode::kAccessExclusive));
  const HeldLock* strong = find_lock(phase.statements[1], "public.t", LockMode::kAccessExclusive);
  REQUIRE(strong != nullptr);
  CHECK(phase.statements[2].footprint.locks.empty());
  CHECK(strong->held_ms >= phase.statements[2].duration_ms);
  CHECK(strong->acquired_ms == phase.statements[1].started_ms);
  const HeldLock* late = find_lock(phase.statements[3], "public.u", LockMode::kAccessExclusive);
  REQUIRE(late != nullptr);
  CHECK(late->held_ms < strong->held_ms);
}

TEST_CASE("what ROLLBACK TO releases is not held until the end") {
  Fixture f;
  f.prepare("create table t(id int)");
  const Phase phase = f.run(script_of(
      "begin; savepoint s; lock table t; rollback to s; select pg_sleep(0.05); commit", false));
  const HeldLock* lock = find_lock(phase.statements[2], "public.t", LockMode::kAccessExclusive);
  REQUIRE(lock != nullptr);
  CHECK(lock->held_ms < phase.statements[4].started_ms);
}

TEST_CASE("relations that the script itself makes are marked, under the names they end with") {
  Fixture f;
  f.prepare("create table p(id int primary key)");
  const Phase phase =
      f.run(script_of("create table n(id int references p); create index i on n(id);\n"
                      "create temp table x(id int); create table gone(id int); drop table gone"));
  const HeldLock* made = find_lock(phase.statements[0], "public.n", LockMode::kAccessExclusive);
  REQUIRE(made != nullptr);
  CHECK(made->own);
  const HeldLock* partner =
      find_lock(phase.statements[0], "public.p", LockMode::kShareRowExclusive);
  REQUIRE(partner != nullptr);
  CHECK_FALSE(partner->own);
  CHECK(holds(phase.statements[1], "public.i", LockMode::kAccessExclusive));
  CHECK(phase.statements[2].footprint.locks.empty());
  CHECK(phase.statements[3].footprint.locks.empty());
  const Phase next = f.run(script_of("drop table n"));
  const HeldLock* dropped = find_lock(next.statements[0], "public.n", LockMode::kAccessExclusive);
  REQUIRE(dropped != nullptr);
  CHECK_FALSE(dropped->own);
}

TEST_CASE("names follow a renamed schema from one phase to the next") {
  Fixture f;
  f.prepare("create schema a; create table a.t(id int)");
  CHECK(holds(f.run(script_of("lock table a.t", true)).statements[0], "a.t",
              LockMode::kAccessExclusive));
  f.run(script_of("alter schema a rename to b"));
  CHECK(holds(f.run(script_of("lock table b.t", true)).statements[0], "b.t",
              LockMode::kAccessExclusive));
}

TEST_CASE("an advisory lock of the session is held beyond its transaction") {
  Fixture f;
  const Phase phase = f.run(
      script_of("begin; select pg_advisory_lock(7); select pg_advisory_xact_lock(3, 4); commit;"
                "select pg_sleep(0.02)"));
  const HeldLock* kept = find_lock(phase.statements[1], "advisory lock 7", LockMode::kExclusive);
  const HeldLock* passed =
      find_lock(phase.statements[2], "advisory lock (3, 4)", LockMode::kExclusive);
  REQUIRE(kept != nullptr);
  REQUIRE(passed != nullptr);
  CHECK(kept->kind == LockedKind::kAdvisory);
  CHECK(kept->held_ms >= phase.statements[4].duration_ms);
  CHECK(passed->held_ms < kept->held_ms);
}

TEST_CASE("passes and rewrites belong to their statements, also in one transaction") {
  Fixture f;
  f.prepare("create table t(id int); insert into t select generate_series(1, 100)");
  const Phase phase =
      f.run(script_of("alter table t alter id set not null; select 1; alter table t alter id type "
                      "bigint; truncate t",
                      true));
  REQUIRE(phase.statements[0].footprint.passes.size() == 1);
  CHECK(phase.statements[0].footprint.passes[0].passes == 1);
  CHECK(phase.statements[0].footprint.passes[0].rows == 100);
  CHECK(phase.statements[0].footprint.rewrites.empty());
  CHECK(phase.statements[1].footprint.passes.empty());
  REQUIRE(phase.statements[2].footprint.rewrites.size() == 1);
  CHECK(phase.statements[2].footprint.rewrites[0].reason == "column type");
  CHECK(phase.statements[2].footprint.wal_bytes > 0);
  CHECK(phase.statements[3].footprint.rewrites.empty());
  // What a SELECT has read is not the next statement's, and a transaction starts at nothing.
  const Phase read = f.run(script_of("select count(*) from t; alter table t add y int", true));
  CHECK(read.statements[1].footprint.passes.empty());
  const Phase next = f.run(script_of("alter table t alter id set default 1"));
  CHECK(next.statements[0].footprint.passes.empty());
}

TEST_CASE("the lock_timeout that was in force is known for every statement that locks") {
  Fixture f;
  f.prepare("create table t(id int)");
  const Phase phase = f.run(
      script_of("alter table t add a int; set local lock_timeout = '2s'; alter table t add b int;"
                "lock table t",
                true));
  CHECK(phase.statements[0].footprint.lock_timeout_ms == 0);
  CHECK(phase.statements[2].footprint.lock_timeout_ms == 2000);
  f.prepare("set lock_timeout = '1min'");
  CHECK(f.run(script_of("create index concurrently i on t(a)"))
            .statements[0]
            .footprint.lock_timeout_ms == 60'000);
}

TEST_CASE("temporary files are put down to the transaction that wrote them") {
  Fixture f;
  f.prepare(
      "set work_mem = '64kB'; create table t as select g as id from generate_series(1, 50000) g");
  const Phase phase = f.run(script_of("create table u as select * from t order by id desc"));
  if (testing::shared_server().version_number() < 150000) return;  // they cannot be asked for
  CHECK(phase.statements[0].footprint.temp_bytes > 100'000);
}

TEST_CASE("asking does not keep a script from setting its isolation level") {
  Fixture f;
  f.prepare("create table t(id int)");
  const Phase phase = f.run(script_of(
      "lock table t; set transaction isolation level serializable; insert into t values (1)",
      true));
  CHECK(phase.outcome == PhaseOutcome::kOk);
}

TEST_CASE("a search_path full of traps does not mislead the ledger") {
  Fixture f;
  f.prepare(
      "create table t(id int); insert into t values (1); create schema trap;"
      "create function trap.unnest(oid[]) returns setof oid language sql as 'select (1/0)::oid';"
      "set search_path = trap, public, pg_catalog");
  const Phase phase = f.run(script_of("alter table t alter id type bigint"));
  CHECK(phase.outcome == PhaseOutcome::kOk);
  CHECK(phase.statements[0].footprint.rewrites.size() == 1);
}

TEST_CASE("rows that came with a copied database are counted, though statistics know none") {
  Fixture f;
  f.prepare("create table t(id int primary key); insert into t select generate_series(1, 50000)");
  f.ledger.reset();
  f.session = Session(testing::shared_server().administrator("template1"));
  const ScratchDatabase copy(testing::shared_server(), f.database.name(), "");
  LockLedger ledger(testing::shared_server().administrator(copy.name()));
  LedgerObserver observer(ledger);
  Session session(testing::shared_server().administrator(copy.name()));
  const Phase phase = run_scripts(PhaseName::kUp, {script_of("alter table t add x int")}, session,
                                  std::chrono::seconds(60), &observer);
  REQUIRE(phase.statements[0].footprint.locks.size() == 1);
  CHECK(phase.statements[0].footprint.locks[0].rows > 45'000);
  CHECK(phase.statements[0].footprint.locks[0].rows < 55'000);
  f.session = Session(testing::shared_server().administrator("template1"));
}

TEST_CASE("the locks of partitions carry their rows, and a root's those of all of them") {
  Fixture f;
  f.prepare(
      "create table r(id int) partition by range(id);"
      "create table a partition of r for values from (0) to (100);"
      "create table b partition of r for values from (100) to (200);"
      "insert into r select generate_series(0, 149)");
  const Phase phase = f.run(script_of("alter table r add x int"));
  CHECK(find_lock(phase.statements[0], "public.r", LockMode::kAccessExclusive)->rows == 150);
  CHECK(find_lock(phase.statements[0], "public.a", LockMode::kAccessExclusive)->rows == 100);
}

TEST_CASE("what a statement of its own changed is known to the next one, named in it or not") {
  Fixture f;
  f.prepare(
      "create table r(id int) partition by range(id);"
      "create table a partition of r for values from (0) to (100);"
      "create table t(id int primary key, v int); create table u(id int)");
  Script script{"m/1.up.sql", false, {}, {}, 0};
  for (const char* sql : {"alter table a rename to first_hundred", "alter table u add x int",
                          "alter table r add y int", "alter table t alter column v type bigint",
                          "alter table t alter column v type numeric",
                          "alter table t rename to renamed", "drop table renamed"}) {
    script.queries.push_back({sql, static_cast<int>(script.queries.size()) + 1, {}});
  }
  const Phase phase = f.run(script);
  REQUIRE(phase.outcome == PhaseOutcome::kOk);
  CHECK(holds(phase.statements[2], "public.first_hundred", LockMode::kAccessExclusive));
  CHECK(phase.statements[3].footprint.rewrites.size() == 2);  // the table and its index
  CHECK(phase.statements[4].footprint.rewrites.size() == 2);  // of those that the last one made
  CHECK(holds(phase.statements[6], "public.renamed", LockMode::kAccessExclusive));
}

TEST_CASE("a statement that commits by itself is told apart, and what it did shows its locks") {
  Fixture f;
  f.prepare("create table t(id int); insert into t select generate_series(1, 100)");
  const Phase phase = f.run(script_of("create index concurrently i on t(id)"));
  const Footprint& footprint = phase.statements[0].footprint;
  CHECK(footprint.own_commit);
  const HeldLock* lock =
      find_lock(phase.statements[0], "public.t", LockMode::kShareUpdateExclusive);
  REQUIRE(lock != nullptr);
  CHECK_FALSE(lock->exact);
  CHECK_FALSE(f.run(script_of("drop index i")).statements[0].footprint.own_commit);
}

TEST_CASE("an index that goes CONCURRENTLY is never said to keep readers out") {
  Fixture f;
  f.prepare("create table t(id int); insert into t select generate_series(1, 100)");
  for (int i = 0; i < 20; ++i) f.prepare("create index on t(id)");
  for (int round = 0; round < 5; ++round) {
    const Phase phase = f.run(script_of("reindex table concurrently t"));
    const StatementRun& run = phase.statements[0];
    CHECK(run.footprint.rewrites.size() == 20);
    CHECK(holds(run, "public.t", LockMode::kShareUpdateExclusive));
    for (const HeldLock& lock : run.footprint.locks) {
      CHECK(lock.mode < LockMode::kShare);
    }
  }
}

TEST_CASE("what a procedure locked for an instant is told each time, and as an instant") {
  Fixture f;
  f.prepare(
      "create table t(id int, note text); insert into t select generate_series(1, 100);"
      "create procedure p() language plpgsql as $$ begin"
      "  alter table t add x int; commit; perform pg_sleep(0.3); commit;"
      "  alter table t drop x; alter table t add check (id > 0); commit;"
      "  lock table t; commit; end $$");
  for (int round = 0; round < 10; ++round) {
    const Phase phase = f.run(script_of("call p()"));
    const StatementRun& run = phase.statements[0];
    const HeldLock* lock = find_lock(run, "public.t", LockMode::kAccessExclusive);
    REQUIRE(lock != nullptr);
    CHECK_FALSE(lock->exact);
    CHECK(lock->held_ms <= run.duration_ms);
  }
}

}  // namespace
}  // namespace drydock
