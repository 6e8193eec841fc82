// What reaches the server when a script is sent as its tool would send it.

#include "harness/rehearse/script_runner.h"

#include "harness/base/cancellation.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using testing::FreshDatabase;

Script whole_file(const std::string& sql, bool in_transaction = false) {
  return {"m/1.up.sql", in_transaction, {{sql, 1, {}}}, {}, 0};
}

struct Fixture {
  FreshDatabase database;
  Session session{database.info()};

  Phase run(const Script& script, int limit_ms = 60'000) {
    return run_scripts(PhaseName::kUp, {script}, session, std::chrono::milliseconds(limit_ms));
  }
  std::string value(const std::string& sql) { return Connection(database.info()).query_value(sql); }
  bool exists(const std::string& relation) {
    return value("select to_regclass('" + relation + "') is not null") == "t";
  }
};

TEST_CASE("several statements in one message are one transaction") {
  Fixture f;
  const Phase phase = f.run(whole_file("create table a();\ncreate table b();\nselect 1/0;"));
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK_FALSE(f.exists("a"));
  CHECK(phase.error->sqlstate == "22012");
  CHECK(phase.error->line == 3);
  CHECK(phase.statements.size() == 3);
  CHECK(phase.statements[2].failed);
}

TEST_CASE("a single statement in a message runs outside a transaction") {
  Fixture f;
  f.run(whole_file("create table a(x int)"));
  CHECK(f.run(whole_file("create index concurrently i on a(x);")).outcome == PhaseOutcome::kOk);
}

TEST_CASE("CONCURRENTLY beside another statement fails as it does in the real tool") {
  Fixture f;
  f.run(whole_file("create table a(x int)"));
  const Phase phase = f.run(whole_file("select 1; create index concurrently i on a(x);"));
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK(phase.error->sqlstate == "25001");
}

TEST_CASE("CONCURRENTLY in a script that the tool wraps fails") {
  Fixture f;
  f.run(whole_file("create table a(x int)"));
  const Phase phase = f.run(whole_file("create index concurrently i on a(x);", true));
  CHECK(phase.error->sqlstate == "25001");
}

TEST_CASE("a COMMIT inside a message keeps what stands before it") {
  Fixture f;
  const Phase phase =
      f.run(whole_file("begin; create table a(); commit; create table b(); select 1/0"));
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK(f.exists("a"));
  CHECK_FALSE(f.exists("b"));
}

TEST_CASE("a BEGIN behind other statements takes them into its transaction") {
  Fixture f;
  const Phase phase = f.run(whole_file("create table a(); begin; create table b(); rollback;"));
  CHECK(phase.outcome == PhaseOutcome::kOk);
  CHECK_FALSE(f.exists("a"));
  CHECK_FALSE(f.exists("b"));
}

TEST_CASE("a script that ends inside its own transaction has failed, and nothing of it stays") {
  Fixture f;
  const Phase phase = f.run(whole_file("begin;\ncreate table a();"));
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK(phase.error->line == 1);
  CHECK_THAT(phase.error->message, Catch::Contains("ends inside a transaction that it began"));
  CHECK_FALSE(f.exists("a"));
  CHECK(f.session.transaction() == TransactionState::kIdle);
}

TEST_CASE("SAVEPOINT outside an explicit block fails as the server makes it fail") {
  Fixture f;
  const Phase phase = f.run(whole_file("create table a(); savepoint s; create table b();"));
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK(phase.error->sqlstate == "25P01");
}

TEST_CASE("a statement of a newer PostgreSQL goes out whole, and the phase says so") {
  Fixture f;
  // The grammar of 15 knows neither; the server decides.
  const Phase phase =
      f.run(whole_file("create table a(x int);\nmerge into a using a b on true when "
                       "matched then do nothing returning *;"));
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK(phase.error->sqlstate == "42601");
  CHECK(phase.error->line == 2);
  CHECK_FALSE(f.exists("a"));
}

TEST_CASE("an error points at line and column, and shows the line") {
  Fixture f;
  const Phase phase = f.run(whole_file("select 1;\n\nselect *\n  from nowhere;"));
  CHECK(phase.error->file == "m/1.up.sql");
  CHECK(phase.error->line == 4);
  CHECK(phase.error->column == 8);
  CHECK(phase.error->source_line == "  from nowhere;");
}

TEST_CASE("an error inside a DO block points at the line in its body") {
  Fixture f;
  const Phase phase =
      f.run(whole_file("-- head\ndo $$\nbegin\n  perform 1;\n  perform 1/0;\nend $$;"));
  CHECK(phase.error->line == 5);
  CHECK(phase.error->source_line == "  perform 1/0;");
}

TEST_CASE("a constraint that is deferred to the end fails at the tool's COMMIT") {
  Fixture f;
  const Phase phase = f.run(whole_file(
      "create table p(id int primary key); create table c(p int references p deferrable initially "
      "deferred); insert into c values (1);",
      true));
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK(phase.error->sqlstate == "23503");
  CHECK_THAT(phase.error->message, Catch::Contains("COMMIT"));
  CHECK_FALSE(f.exists("p"));
}

TEST_CASE("statements carry kind, rows, line and notices") {
  Fixture f;
  const Phase phase =
      f.run(whole_file("create table a(x int);\ninsert into a select generate_series(1,5);\ndrop "
                       "table if exists z;"));
  REQUIRE(phase.statements.size() == 3);
  CHECK(phase.statements[0].kind == "CREATE TABLE");
  CHECK(phase.statements[1].kind == "INSERT");
  CHECK(phase.statements[1].rows == 5);
  CHECK(phase.statements[1].line == 2);
  REQUIRE(phase.statements[2].notices.size() == 1);
  CHECK_THAT(phase.statements[2].notices[0], Catch::Contains("does not exist, skipping"));
}

TEST_CASE("a script with nothing to send succeeds") {
  Fixture f;
  CHECK(f.run({"m/empty.sql", true, {}, {}, 0}).outcome == PhaseOutcome::kOk);
  CHECK(f.run(whole_file("-- only a comment\n")).outcome == PhaseOutcome::kOk);
}

TEST_CASE("what the tool itself refuses fails with its words and line") {
  Fixture f;
  const Phase phase = f.run({"m/x.sql", false, {}, "no such meta-command", 7});
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK(phase.error->message == "no such meta-command");
  CHECK(phase.error->line == 7);
}

TEST_CASE("rows of an inline COPY reach the table; without them COPY fails") {
  Fixture f;
  f.run(whole_file("create table a(x int, y text)"));
  Script with{"m/x.sql", false, {{"copy a from stdin", 1, "1\tone\n2\ttwo\n"}}, {}, 0};
  CHECK(f.run(with).outcome == PhaseOutcome::kOk);
  CHECK(f.value("select count(*) from a") == "2");
  CHECK(f.run(whole_file("copy a from stdin")).outcome == PhaseOutcome::kFailed);
}

TEST_CASE("a NUL byte is refused and named, not cut off silently") {
  Fixture f;
  const Phase phase = f.run(whole_file(std::string("select 1;\n\0drop", 15)));
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK_THAT(phase.error->message, Catch::Contains("NUL byte"));
  CHECK(phase.error->line == 2);
}

TEST_CASE("a phase beyond its time limit is cancelled and could not be told") {
  Fixture f;
  const Phase phase = f.run(whole_file("create table a(); select pg_sleep(60)"), 100);
  CHECK(phase.outcome == PhaseOutcome::kErrored);
  CHECK_THAT(phase.error->message, Catch::Contains("time limit"));
  CHECK_THAT(phase.error->remedy, Catch::Contains("--timeout"));
  CHECK_FALSE(f.exists("a"));
  CHECK(f.session.transaction() == TransactionState::kIdle);
}

TEST_CASE("cancelling stops the statement under way") {
  Fixture f;
  set_cancelled_for_test(true);
  const Phase phase = f.run(whole_file("select pg_sleep(60)"));
  set_cancelled_for_test(false);
  CHECK(phase.outcome == PhaseOutcome::kErrored);
  CHECK(phase.error->message == "cancelled by the user");
}

TEST_CASE("a statement that ends its own connection has failed by its own doing") {
  Fixture f;
  const Phase phase = f.run(whole_file("select pg_terminate_backend(pg_backend_pid())"));
  CHECK(phase.outcome == PhaseOutcome::kFailed);
  CHECK(phase.error->sqlstate == "57P01");
  CHECK_FALSE(f.session.connected());
}

TEST_CASE("a script that commits the tool's own transaction goes on as the server would") {
  Fixture f;
  const Phase phase = f.run(whole_file("create table a(); commit; create table b();", true));
  CHECK(phase.outcome == PhaseOutcome::kOk);
  CHECK(f.exists("a"));
  CHECK(f.exists("b"));
}

}  // namespace
}  // namespace drydock
