// Scripts do not notice that the ledger looks.

#include <optional>

#include "harness/base/cancellation.h"
#include "harness/testing/catch.h"
#include "harness/testing/watched_scripts.h"

namespace drydock {
namespace {

using testing::script_of;
using Fixture = testing::WatchedScripts;

TEST_CASE("cancelling ends a watched phase in the words of one that nobody watches") {
  Fixture f;
  f.prepare("create table t(id int)");
  set_cancelled_for_test(true);
  const Phase phase = f.run(script_of("alter table t add x int"));
  set_cancelled_for_test(false);
  CHECK(phase.outcome == PhaseOutcome::kErrored);
  CHECK(phase.error->message == "cancelled by the user");
}

TEST_CASE("nothing is asked behind a statement that failed") {
  Fixture f;
  f.prepare("create table t(id int)");
  const Phase phase = f.run(script_of("lock table t; select 1/0", true));
  CHECK(phase.error->sqlstate == "22012");
  CHECK(phase.statements[0].footprint.observed);
  CHECK_FALSE(phase.statements[1].footprint.observed);
}

/// What a script's author is told must not depend on whether somebody looked.
void check_same(const Phase& plain, const Phase& watched) {
  CHECK(plain.outcome == watched.outcome);
  CHECK(plain.undone == watched.undone);
  CHECK(plain.notes == watched.notes);
  REQUIRE(plain.error.has_value() == watched.error.has_value());
  if (plain.error) {
    CHECK(plain.error->sqlstate == watched.error->sqlstate);
    CHECK(plain.error->message == watched.error->message);
    CHECK(plain.error->detail == watched.error->detail);
    CHECK(plain.error->line == watched.error->line);
    CHECK(plain.error->column == watched.error->column);
  }
  REQUIRE(plain.statements.size() == watched.statements.size());
  for (std::size_t i = 0; i < plain.statements.size(); ++i) {
    const StatementRun &a = plain.statements[i], &b = watched.statements[i];
    CHECK(a.line == b.line);
    CHECK(a.text == b.text);
    CHECK(a.kind == b.kind);
    CHECK(a.rows == b.rows);
    CHECK(a.notices == b.notices);
    CHECK(a.failed == b.failed);
  }
}

TEST_CASE("whether the ledger looks changes nothing of what a script does") {
  const char* kBase =
      "create table t(id int primary key, v text); insert into t values (1, 'a'), (2, 'b');"
      "create table c(p int references t deferrable initially deferred);"
      "create table part(id int) partition by range(id);"
      "create table part1 partition of part for values from (0) to (9);"
      "create index part_id on part(id);"
      "create function noisy() returns trigger language plpgsql as $$ begin raise notice 'late'; "
      "return null; end $$;"
      "create constraint trigger k after insert on t deferrable initially deferred for each row "
      "execute function noisy();"
      "create procedure commits() language plpgsql as $$ begin insert into c values (1); commit; "
      "insert into c values (2); end $$";
  for (const char* sql :
       {"insert into t values (3, 'c')",
        "insert into t values (1, 'again')",
        "insert into c values (99)",
        "update t set v = 'x'",
        "delete from t",
        "select * from t",
        "truncate t",
        "truncate t cascade",
        "alter table t add column x int, add y int",
        "alter table nowhere add x int",
        "\n\nselect *\n  from nowhere",
        "drop table if exists zz",
        "create index concurrently i on t(v)",
        "reindex table t",
        "reindex table part",
        "reindex index part_id",
        "reindex (verbose) index t_pkey",
        "cluster t using t_pkey",
        "cluster",
        "vacuum t",
        "analyze t",
        "analyze",
        "call commits()",
        "do $$ begin call commits(); end $$",
        "do $$ begin execute 'ca' || 'll commits()'; end $$",
        "do $$ begin raise notice 'hello'; insert into c values (1); end $$",
        "do $$\nbegin\n  perform 1/0;\nend $$",
        "lock table t",
        "savepoint s",
        "set local lock_timeout = '1s'",
        "set lock_timeout = '1s'",
        "begin",
        "commit",
        "rollback",
        "declare d cursor for select 1",
        "create database d template nowhere",
        "alter system set work_mem = '8MB'",
        "begin; insert into t values (4, 'd'); commit",
        "begin; insert into c values (98); commit",
        "insert into t values (5, 'e'); select 1/0",
        "begin; insert into t values (6, 'f'); commit and chain; select 1; commit",
        "create table n(id int); create index concurrently j on n(id)",
        "select set_config('a.b', 'c', true)",
        "select pg_advisory_xact_lock(1)",
        "create temp table x(id int) on commit drop",
        "copy t to stdout",
        "explain analyze insert into t values (7, 'g')",
        "create table k as select * from t",
        "drop table t",
        "drop table t cascade",
        "prepare q as select 1",
        "selct 1",
        "create extension nowhere",
        "alter type nowhere add value 'x'",
        "select pg_terminate_backend(pg_backend_pid())"}) {
    CAPTURE(sql);
    std::optional<Phase> plain;
    {
      Fixture f;
      f.prepare(kBase);
      plain = f.run_alone(script_of(sql));
    }
    Fixture f;
    f.prepare(kBase);
    check_same(*plain, f.run(script_of(sql)));
  }
}

}  // namespace
}  // namespace drydock
