// Whole runs over small directories: what the walk concludes, and that nothing hides what follows.

#include "harness/model/words.h"
#include "harness/rehearse/run.h"
#include "harness/testing/catch.h"
#include "harness/testing/migration_directory.h"
#include "harness/testing/scratch_directory.h"

namespace drydock {
namespace {

using testing::evidence;
using testing::outcome;
using testing::ScratchDirectory;
using Directory = testing::MigrationDirectory;

TEST_CASE("migrations that come back pass every check") {
  Directory d;
  d.add("create table a(x int primary key);", "drop table a;")
      .add("alter table a add y text; create index on a(y);", "alter table a drop y;");
  const RunResult result = d.run();
  CHECK(result.verdict == Outcome::kPassed);
  REQUIRE(result.runs[0].migrations.size() == 2);
  CHECK(evidence(result, 1).up_again.outcome == PhaseOutcome::kOk);
  CHECK_FALSE(evidence(result, 1).recovered);
}

TEST_CASE("a down that forgets something is found, and the next migration is judged as usual") {
  Directory d;
  d.add("create type mood as enum ('a'); create table a(m mood);", "drop table a;")
      .add("create table b(m mood);", "drop table b;");
  const RunResult result = d.run();
  CHECK(result.verdict == Outcome::kFailed);
  CHECK(outcome(result, 0, "schema-restored") == "failed");
  CHECK(outcome(result, 0, "up-reapplies") == "failed");
  CHECK(evidence(result, 0).recovered);
  CHECK(result.runs[0].migrations[1].outcome == Outcome::kPassed);
}

TEST_CASE(
    "a down that fails half way outside a transaction is told with what it left, and repaired") {
  Directory d;
  d.add("create table a(x int); create table b();", "begin; drop table b; commit; select 1/0;")
      .add("alter table b add y int;", "alter table b drop y;");
  const RunResult result = d.run();
  CHECK(outcome(result, 0, "down-applies") == "failed");
  CHECK_FALSE(evidence(result, 0).left_by_failure.empty());
  CHECK(result.runs[0].migrations[1].outcome == Outcome::kPassed);
}

TEST_CASE("a failed down inside a transaction needs no rebuilding") {
  Directory d;
  d.add("create table a();", "drop table a; select 1/0;").add("create table b();", "drop table b;");
  const RunResult result = d.run();
  CHECK(outcome(result, 0, "down-applies") == "failed");
  CHECK(outcome(result, 0, "up-reapplies") == "skipped");
  CHECK_FALSE(evidence(result, 0).recovered);
  CHECK(result.runs[0].migrations[1].outcome == Outcome::kPassed);
}

TEST_CASE("many bad downs in a row do not hide a good one") {
  Directory d;
  for (int i = 0; i < 5; ++i) {
    d.add("create table t" + std::to_string(i) + "();", "select 1;");
  }
  d.add("create table good();", "drop table good;");
  const RunResult result = d.run();
  for (std::size_t i = 0; i < 5; ++i) CHECK(outcome(result, i, "schema-restored") == "failed");
  CHECK(result.runs[0].migrations[5].outcome == Outcome::kPassed);
}

TEST_CASE("after an up that fails the later migrations are still rehearsed, and say after what") {
  Directory d;
  d.add("create table a();", "drop table a;")
      .add("create table a();", "drop table a;")
      .add("create table c();", "drop table c;")
      .add("alter table gone add x int;", "alter table gone drop x;");
  const RunResult result = d.run();
  CHECK(outcome(result, 1, "up-applies") == "failed");
  CHECK(outcome(result, 1, "down-applies") == "skipped");
  CHECK(result.runs[0].migrations[2].outcome == Outcome::kPassed);
  CHECK(evidence(result, 3).after_failed_migration == "2_m2");
}

TEST_CASE("roles that migrations make are put back when the database is rebuilt") {
  Directory d;
  d.add("create role drydock_test_reader;", "drop role drydock_test_reader;")
      .add("create table a(); grant select on a to drydock_test_reader;", "select 1;")
      .add("create table b(); grant select on b to drydock_test_reader;", "drop table b;");
  Scenario scenario;
  scenario.run_as = "superuser";
  const RunResult result = d.run({}, scenario);
  CHECK(result.runs[0].error == "");
  CHECK(result.runs[0].migrations[0].outcome == Outcome::kPassed);
  CHECK(outcome(result, 1, "schema-restored") == "failed");
  CHECK(result.runs[0].migrations[2].outcome == Outcome::kPassed);
}

TEST_CASE("a second up that makes another schema is found") {
  Directory d;
  d.add("create sequence s; create table counter(n int); insert into counter values (1);",
        "drop table counter; drop sequence s;")
      .add(
          "do $$ begin if (select n from counter) = 1 then create table first(); else create table "
          "second(); end if; update counter set n = n + 1; end $$;",
          "drop table if exists first, second;");
  const RunResult result = d.run();
  CHECK(outcome(result, 1, "schema-restored") == "passed");
  CHECK(outcome(result, 1, "schema-reproduced") == "failed");
}

TEST_CASE("without superuser a missing privilege is named with its remedy") {
  Directory d;
  d.add("create role x;", "drop role x;");
  const RunResult result = d.run();
  REQUIRE(result.runs[0].migrations[0].findings.size() == 1);
  const Finding& finding = result.runs[0].migrations[0].findings[0];
  CHECK_THAT(finding.message, Catch::Contains("42501"));
  CHECK_THAT(finding.remedy, Catch::Contains("postgres.prepare"));
}

TEST_CASE("only selected migrations are judged; what stands behind them is not run") {
  Directory d;
  d.add("create table a();", "select 1;")
      .add("create table b();", "drop table b;")
      .add("select 1/0", "");
  RunRequest request;
  request.selection.only = {"2_m2"};
  const RunResult result = d.run(request);
  CHECK(result.verdict == Outcome::kPassed);
  REQUIRE(result.runs[0].migrations.size() == 2);
  CHECK_FALSE(evidence(result, 0).judged);
  CHECK(evidence(result, 1).down.outcome == PhaseOutcome::kOk);
}

TEST_CASE("when the way to the selected migrations is broken, nobody can tell") {
  Directory d;
  d.add("select 1/0;", "select 1;").add("create table b();", "drop table b;");
  RunRequest request;
  request.selection.only = {"2_m2"};
  const RunResult result = d.run(request);
  CHECK(result.verdict == Outcome::kErrored);
  CHECK(outcome(result, 0, "up-applies") == "errored");
  CHECK(result.runs[0].migrations[1].outcome == Outcome::kPassed);
}

TEST_CASE("jobs come to the same findings as one walk, in the same order") {
  Directory d;
  for (int i = 0; i < 12; ++i) {
    const std::string table = "t" + std::to_string(i);
    d.add("create table " + table + "(x int); create index on " + table + "(x);",
          i % 3 == 1 ? "select 1;" : "drop table " + table + ";");
  }
  const auto judge_with = [&](std::size_t jobs) {
    RunRequest request;
    request.jobs = jobs;
    std::vector<std::string> words;
    const RunResult result = d.run(request);
    REQUIRE(result.runs[0].error == "");
    for (const MigrationResult& migration : result.runs[0].migrations) {
      for (const Finding& finding : migration.findings) {
        words.push_back(migration.evidence.migration + finding.check + finding.fingerprint);
      }
    }
    return words;
  };
  const auto alone = judge_with(1);
  CHECK(alone.size() == 8);
  CHECK(judge_with(3) == alone);
}

TEST_CASE("jobs do not meet in roles that the migrations make") {
  Directory d;
  d.add("create role drydock_jobs_reader;", "drop role drydock_jobs_reader;");
  for (int i = 0; i < 3; ++i) {
    const std::string table = "t" + std::to_string(i);
    d.add("create table " + table + "(); grant select on " + table + " to drydock_jobs_reader;",
          "drop table " + table + ";");
  }
  Scenario scenario;
  scenario.run_as = "superuser";
  RunRequest request;
  request.jobs = 2;
  CHECK(d.run(request, scenario).verdict == Outcome::kPassed);
}

TEST_CASE("rebuilding behind many migrations that were only applied starts from a checkpoint") {
  Directory d;
  for (int i = 0; i < 25; ++i) d.add("create table t" + std::to_string(i) + "();", "select 1;");
  d.add("create table bad();", "drop table bad; create table bad(x int);")
      .add("create table good();", "drop table good;");
  RunRequest request;
  request.selection.from = "26";
  const RunResult result = d.run(request);
  CHECK(outcome(result, 25, "up-reapplies") == "failed");
  CHECK(evidence(result, 25).recovered);
  CHECK(result.runs[0].migrations[26].outcome == Outcome::kPassed);
}

TEST_CASE("a migration declared irreversible is not taken down") {
  Directory d;
  d.add("create table a();", "select 1/0;");
  Scenario scenario;
  scenario.irreversible = {{"1_m1", "the rows cannot be had again"}};
  const RunResult result = d.run({}, scenario);
  CHECK(result.verdict == Outcome::kPassed);
  CHECK_THAT(evidence(result, 0).down.notes.at(0), Catch::Contains("cannot be had again"));
}

TEST_CASE("session state of one script is not there for the next") {
  Directory d;
  d.add("create schema s; set search_path = s; create table a();", "drop table s.a; drop schema s;")
      .add("create table b();", "drop table public.b;");
  CHECK(d.run().verdict == Outcome::kPassed);
}

TEST_CASE("a statement that ends its own connection is a failure, and the walk goes on") {
  Directory d;
  d.add("select pg_terminate_backend(pg_backend_pid());", "select 1;")
      .add("create table b();", "drop table b;");
  const RunResult result = d.run();
  CHECK(outcome(result, 0, "up-applies") == "failed");
  CHECK(result.runs[0].migrations[1].outcome == Outcome::kPassed);
}

TEST_CASE("a backend that crashes is no verdict on the migration, and the walk goes on") {
  Directory d;
  d.add("create table a();", "drop table a;")
      .add("copy (select 1) to program 'kill -9 $PPID';", "select 1;")
      .add("create table b();", "drop table b;");
  Scenario scenario;
  scenario.run_as = "superuser";
  const RunResult result = d.run({}, scenario);
  CHECK(outcome(result, 1, "up-applies") == "errored");
  CHECK(outcome(result, 2, "up-applies") == "passed");
  CHECK(result.runs[0].migrations[2].outcome == Outcome::kPassed);
  CHECK(result.verdict == Outcome::kErrored);
}

TEST_CASE("a server that goes away ends the run with what was seen so far") {
  Directory d;
  d.add("create table a();", "drop table a;")
      .add("copy (select 1) to program 'kill -9 $(head -1 postmaster.pid)';", "select 1;")
      .add("create table b();", "drop table b;");
  Scenario scenario;
  scenario.run_as = "superuser";
  const RunResult result = d.run({}, scenario);
  CHECK(result.verdict == Outcome::kErrored);
  CHECK_THAT(result.runs[0].error, Catch::Contains("went away"));
  REQUIRE(result.runs[0].migrations.size() == 2);
  CHECK(result.runs[0].migrations[0].outcome == Outcome::kPassed);
}

TEST_CASE("a phase beyond its limit is no verdict, and the walk goes on") {
  Directory d;
  d.add("create table a(); select pg_sleep(100);", "drop table a;")
      .add("create table b();", "drop table b;");
  RunRequest request;
  ProgressListener progress;
  Scenario scenario;
  scenario.name = "test";
  scenario.migrations = d.files.string();
  request.scenarios = {scenario};
  request.limit = std::chrono::milliseconds(300);
  const RunResult result = run_scenarios(request, progress);
  CHECK(outcome(result, 0, "up-applies") == "errored");
  CHECK(result.runs[0].migrations[1].outcome == Outcome::kPassed);
}

TEST_CASE("a prepare file runs as superuser before the first migration") {
  Directory d;
  d.files.write("roles.sql.txt", "create role drydock_test_app;");
  d.add("create table a(); grant select on a to drydock_test_app;", "drop table a;");
  Scenario scenario;
  scenario.prepare = {(d.files.path() / "roles.sql.txt").string()};
  CHECK(d.run({}, scenario).verdict == Outcome::kPassed);
}

TEST_CASE("a prepare file that fails says so and is no verdict") {
  Directory d;
  d.files.write("bad.sql.txt", "select\n  1/0;");
  d.add("create table a();", "drop table a;");
  Scenario scenario;
  scenario.prepare = {(d.files.path() / "bad.sql.txt").string()};
  const RunResult result = d.run({}, scenario);
  CHECK(result.verdict == Outcome::kErrored);
  CHECK_THAT(result.runs[0].error, Catch::Contains("preparing the database"));
}

}  // namespace
}  // namespace drydock
