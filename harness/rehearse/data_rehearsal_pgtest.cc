// What a whole run concludes about rows: from small histories with rows in place.

#include <set>

#include "harness/testing/catch.h"
#include "harness/testing/migration_directory.h"

namespace drydock {
namespace {

using testing::evidence;
using testing::finding_of;
using testing::outcome;
using Directory = testing::MigrationDirectory;

constexpr const char* kLots =
    "create table lots(id int primary key, code text not null, note text);";

TEST_CASE("a migration meets rows in the tables that earlier ones made") {
  Directory d;
  d.add(kLots, "drop table lots;").add("update lots set note = code;", "select 1;");
  const RunResult result = d.run_with_rows(50);
  CHECK(evidence(result, 1).up.statements.at(0).rows == 50);
  CHECK(outcome(result, 1, "data-preserved") == "failed");
}

TEST_CASE("a column that the down brings back empty is a loss") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots drop code;", "alter table lots add code text not null default '';");
  const RunResult result = d.run_with_rows(50);
  CHECK(outcome(result, 1, "data-preserved") == "passed");
  CHECK(outcome(result, 1, "data-restored") == "failed");
  CHECK(finding_of(result, 1, "data-restored").message.find("50") != std::string::npos);
}

TEST_CASE("a bad down takes the rows from nobody but its own migration") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots add copy text; update lots set copy = code;",
           "alter table lots drop copy; update lots set code = '';")
      .add("create table copies as select copy from lots where copy <> '';", "drop table copies;");
  const RunResult result = d.run_with_rows(50);
  CHECK(outcome(result, 1, "data-restored") == "failed");
  CHECK(evidence(result, 1).recovered);
  CHECK(evidence(result, 2).up.statements.at(0).rows == 50);
}

Scenario asking(const std::string& migration, AssertionMoment at, const std::string& sql) {
  Scenario scenario;
  scenario.assertions = {{"totals", migration, at, sql, {{"1"}}, true, "s.json", 7}};
  return scenario;
}

TEST_CASE("an assertion that nobody came to ask is told, with the reason") {
  Directory d;
  d.add(kLots, "drop table lots;").add("select 1;", "select 1;").add("select 1/0;", "select 1;");
  Scenario scenario = asking("2_m2", AssertionMoment::kAfterDown, "select 1");
  scenario.irreversible = {{"2_m2", "history"}};
  const RunResult result = d.run_with_rows(5, scenario);
  REQUIRE(evidence(result, 1).data.assertions.size() == 1);
  CHECK(evidence(result, 1).data.assertions[0].skipped == "declared irreversible: history");
  CHECK(outcome(result, 1, "assertion") == "skipped");
  scenario.assertions.push_back(
      {"rows", "*", AssertionMoment::kAfterUp, "select 1", {{"1"}}, true, "s.json", 9});
  const RunResult both = d.run_with_rows(5, scenario);
  CHECK(outcome(both, 1, "assertion") == "passed");
  CHECK(finding_of(both, 1, "assertion").severity == Severity::kInfo);
  CHECK(evidence(both, 2).data.assertions.at(0).skipped == "the up script did not run through");
}

TEST_CASE("an assertion for the end is told to be unasked where the end is not reached") {
  Directory d;
  d.add(kLots, "drop table lots;").add("select 1;", "select 1;");
  RunRequest request;
  request.selection.to = "1_m1";
  const RunResult result =
      d.run(std::move(request), asking("*", AssertionMoment::kEnd, "select 1"));
  REQUIRE(evidence(result, 0).data.assertions.size() == 1);
  CHECK_FALSE(evidence(result, 0).data.assertions[0].skipped.empty());
  CHECK(outcome(result, 0, "assertion") == "skipped");
}

TEST_CASE("a mistake in the scenario is held against no script") {
  Directory d;
  d.add(kLots, "drop table lots;").add("select 1;", "select 1;");
  const RunResult result =
      d.run_with_rows(5, asking("*", AssertionMoment::kAfterUp, "select nothing"));
  CHECK(result.runs[0].migrations.size() == 1);
  CHECK(evidence(result, 0).up.outcome == PhaseOutcome::kOk);
  CHECK(result.runs[0].migrations[0].outcome == Outcome::kErrored);
  CHECK(result.runs[0].migrations[0].findings.empty());
  CHECK(result.runs[0].error.find("s.json:7") != std::string::npos);
}

TEST_CASE("the kind of row that makes an up fail is found and named") {
  Directory d;
  d.add("create table lots(id int primary key, code text not null);", "drop table lots;")
      .add("create unique index on lots(code);", "drop index lots_code_idx;");
  const RunResult result = d.run_with_rows(5);
  const DataEvidence& data = evidence(result, 1).data;
  INFO(data.adversarial.skipped);
  CHECK((data.tripped.has_value() || data.adversarial.failure.has_value()));
  CHECK(finding_of(result, 1, "data-dependent").line == 1);
}

TEST_CASE("without generated rows the migrations' own rows are watched all the same") {
  Directory d;
  d.add("create table t(id int primary key, x text); insert into t values (1, 'a'), (2, 'b');",
        "drop table t;")
      .add("update t set x = upper(x);", "update t set x = 'c';");
  const RunResult result = d.run();
  CHECK(outcome(result, 1, "data-preserved") == "failed");
  CHECK(outcome(result, 1, "data-restored") == "failed");
  CHECK(evidence(result, 1).data.adversarial.skipped == "no rows are generated");
}

TEST_CASE("a table that a migration empties has rows again for the next one") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("delete from lots;", "select 1;")
      .add("update lots set note = 'x';", "select 1;");
  const RunResult result = d.run_with_rows(20);
  CHECK(evidence(result, 2).up.statements.at(0).rows == 20);
}

TEST_CASE("a rename that the down forgets loses no data") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots rename to batches; alter table batches rename code to number;",
           "select 1;");
  const RunResult result = d.run_with_rows(20);
  CHECK(outcome(result, 1, "schema-restored") == "failed");
  CHECK(outcome(result, 1, "data-restored") == "passed");
  CHECK(outcome(result, 1, "down-with-new-rows") == "passed");
}

TEST_CASE("what a rebuilt database is filled with is told too") {
  Directory d;
  d.add("create type mood as enum ('a'); create table a(m mood);", "drop table a;")
      .add("create table b(x int);", "drop table b;")
      .add("select 1;", "select 1;");
  const RunResult result = d.run_with_rows(5);
  CHECK(evidence(result, 0).recovered);
  std::set<std::string> filled;
  for (const MigrationResult& migration : result.runs[0].migrations) {
    for (const FilledTable& table : migration.evidence.data.filled) filled.insert(table.table);
  }
  CHECK(filled == std::set<std::string>{"public.a", "public.b"});
}

TEST_CASE("names that need quotes are rehearsed like others") {
  Directory d;
  d.add("create table \"MyT\"(id int primary key, \"ColA\" text);", "drop table \"MyT\";")
      .add("alter table \"MyT\" alter \"ColA\" set not null;",
           "alter table \"MyT\" alter \"ColA\" drop not null;")
      .add("alter table \"MyT\" alter \"ColA\" drop not null;",
           "alter table \"MyT\" alter \"ColA\" set not null;");
  const RunResult result = d.run_with_rows(50);
  CHECK(outcome(result, 1, "up-applies") == "passed");
  CHECK(finding_of(result, 1, "data-dependent").severity == Severity::kWarning);
  CHECK(outcome(result, 2, "down-with-new-rows") == "failed");
}

TEST_CASE("rows that a failed phase took away are there again for the next migration") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("update lots set note = 'x';", "begin; delete from lots; commit; select 1/0;")
      .add("update lots set note = 'y';", "select 1;");
  const RunResult result = d.run_with_rows(20);
  CHECK(outcome(result, 1, "down-applies") == "failed");
  CHECK(evidence(result, 2).up.statements.at(0).rows == 20);
}

TEST_CASE("a trial leaves no lock and no prepared statement in its session") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("select pg_advisory_lock(43); prepare q as select 1; update lots set note = code;",
           "select pg_advisory_unlock_all();");
  const RunResult result = d.run_with_rows(20);
  CHECK(outcome(result, 1, "up-applies") == "passed");
  CHECK(evidence(result, 1).data.adversarial.ran);
}

TEST_CASE("generated numbers keep their values when a scale of two digits comes and goes") {
  Directory d;
  d.add("create table t(id int primary key, price numeric);", "drop table t;")
      .add("alter table t alter price type numeric(12, 2);",
           "alter table t alter price type numeric;");
  const RunResult result = d.run_with_rows(50);
  CHECK(outcome(result, 1, "data-preserved") == "passed");
  CHECK(outcome(result, 1, "data-restored") == "passed");
}

TEST_CASE("a declared transform is verified row by row") {
  Directory d;
  d.add(kLots, "drop table lots;").add("update lots set code = upper(code);", "select 1;");
  Scenario scenario;
  scenario.transforms = {{"2_m2", "public.lots.code", "upper(code)"}};
  CHECK(outcome(d.run_with_rows(50, scenario), 1, "data-preserved") == "passed");
  scenario.transforms = {{"2_m2", "public.lots.code", "lower(code)"}};
  CHECK(outcome(d.run_with_rows(50, scenario), 1, "data-preserved") == "failed");
}

TEST_CASE("a foreign key that is dropped over orphans is found") {
  Directory d;
  d.add(
       "create table a(id int primary key); create table b(id int primary key, a_id int not null "
       "references a);",
       "drop table b; drop table a;")
      .add("alter table b drop constraint b_a_id_fkey; delete from a where id % 2 = 0;",
           "select 1;");
  const RunResult result = d.run_with_rows(50);
  const auto& constraints = evidence(result, 1).data.constraints;
  REQUIRE(constraints.size() == 1);
  CHECK(constraints[0].dropped);
  CHECK(constraints[0].broken > 0);
  CHECK(constraints[0].examples.front().starts_with("a_id = "));
  CHECK(outcome(result, 1, "constraints-valid") == "failed");
}

TEST_CASE("a NOT VALID constraint that a later migration validates is intended") {
  Directory d;
  d.add("create table a(x int not null);", "drop table a;")
      .add("alter table a add constraint positive check (x > -2147483648) not valid;",
           "alter table a drop constraint positive;")
      .add("alter table a validate constraint positive;", "select 1;");
  const RunResult result = d.run_with_rows(20);
  REQUIRE(evidence(result, 1).data.constraints.size() == 1);
  CHECK(evidence(result, 1).data.constraints[0].settled_by == "3_m3");
  CHECK(outcome(result, 1, "constraints-valid") == "passed");
}

TEST_CASE("findings about rows do not depend on the number of jobs") {
  Directory d;
  d.add(kLots, "drop table lots;");
  for (int i = 0; i < 12; ++i) {
    const std::string name = "c" + std::to_string(i);
    d.add("alter table lots add " + name + " text default 'x';",
          i % 3 == 0 ? "alter table lots drop " + name + "; update lots set note = 'gone';"
                     : "alter table lots drop " + name + ";");
  }
  Scenario scenario;
  scenario.rows = 30;
  const auto prints = [&](std::size_t jobs) {
    RunRequest request;
    request.jobs = jobs;
    std::vector<std::string> messages;
    const RunResult result = d.run(request, scenario);
    for (const MigrationResult& migration : result.runs[0].migrations) {
      for (const Finding& finding : migration.findings) messages.push_back(finding.message);
    }
    return messages;
  };
  const auto one = prints(1);
  CHECK_FALSE(one.empty());
  CHECK(prints(3) == one);
}

}  // namespace
}  // namespace drydock
