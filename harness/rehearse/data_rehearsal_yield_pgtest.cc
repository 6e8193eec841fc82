// Generated rows that are in the way of an up: they yield, and nothing else does.

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

TEST_CASE("an up that trips over generated rows is tried again without them, and said to") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots alter note set not null;",
           "alter table lots alter note drop not null;")
      .add("select 1;", "select 1;");
  const RunResult result = d.run_with_rows(50);
  CHECK(outcome(result, 1, "up-applies") == "passed");
  REQUIRE(evidence(result, 1).data.tripped.has_value());
  CHECK(evidence(result, 1).data.tripped->failure.sqlstate == "23502");
  CHECK_FALSE(evidence(result, 1).data.tripped->yielded.empty());
  CHECK(finding_of(result, 1, "data-dependent").severity == Severity::kWarning);
  CHECK(result.runs[0].migrations[2].outcome == Outcome::kPassed);
}

TEST_CASE("rows of migrations and of the user stay when generated ones yield") {
  Directory d;
  d.add(
       "create table kinds(id serial primary key, name text not null, size int);"
       "create table lots(id serial primary key, kind int references kinds, note text);",
       "drop table lots; drop table kinds;")
      .add(
          "insert into kinds(name, size) values ('box', 1), ('bag', 2); "
          "insert into lots(kind, note) select id, 'mine' from kinds where name = 'box';",
          "delete from lots where note = 'mine'; delete from kinds where name in ('box', 'bag');")
      .add("alter table kinds add constraint known check (name in ('box', 'bag', 'tin'));",
           "alter table kinds drop constraint known;")
      .add(
          "do $$ begin if (select count(*) from lots l join kinds k on k.id = l.kind where "
          "l.note = 'mine' and k.size = 1) <> 1 then raise 'where is it?'; end if; end $$;",
          "select 1;");
  testing::ScratchDirectory seeds;
  seeds.write("seed.sql", "insert into kinds(name, size) values ('tin', 3);");
  Scenario scenario;
  scenario.data_files = {{seeds.at("seed.sql"), "", ""}};
  const RunResult result = d.run_with_rows(20, scenario);
  REQUIRE(evidence(result, 2).data.tripped.has_value());
  CHECK(evidence(result, 2).data.tripped->yielded ==
        "emptied: public.kinds (but for 3 rows that nobody generated), public.lots (but for 1 row "
        "that nobody generated)");
  CHECK(finding_of(result, 2, "data-dependent").message.find("judged without generated rows") !=
        std::string::npos);
  CHECK(outcome(result, 3, "up-applies") == "passed");
  CHECK_FALSE(evidence(result, 3).data.tripped.has_value());
}

TEST_CASE("rows that stayed when generated ones yielded are there again in a rebuilt database") {
  Directory d;
  d.add("create table kinds(name text primary key);", "drop table kinds;")
      .add("insert into kinds values ('box');", "delete from kinds where name = 'box';")
      .add("alter table kinds add constraint known check (name = 'box');",
           "alter table kinds drop constraint known;")
      .add("create table bad(x int);", "select 1;")
      .add("do $$ begin if (select count(*) from kinds) <> 1 then raise 'no'; end if; end $$;",
           "select 1;");
  const RunResult result = d.run_with_rows(20);
  CHECK(evidence(result, 3).recovered);
  CHECK(outcome(result, 4, "up-applies") == "passed");
  CHECK_FALSE(evidence(result, 4).data.tripped.has_value());
}

TEST_CASE("an up that fails on rows the migrations themselves wrote fails") {
  Directory d;
  d.add("create table lots(id int primary key, note text); insert into lots values (1, null);",
        "drop table lots;")
      .add("alter table lots alter note set not null;",
           "alter table lots alter note drop not null;");
  const RunResult result = d.run_with_rows(50);
  CHECK(outcome(result, 1, "up-applies") == "failed");
  CHECK_FALSE(evidence(result, 1).data.tripped.has_value());
}

TEST_CASE("rows that the user brings do not yield") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots alter note set not null;",
           "alter table lots alter note drop not null;");
  testing::ScratchDirectory seeds;
  seeds.write("seed.sql", "insert into lots values (5000, 'a', null);");
  Scenario scenario;
  scenario.data_files = {{seeds.at("seed.sql"), "", ""}};
  const RunResult result = d.run_with_rows(20, scenario);
  CHECK(outcome(result, 1, "up-applies") == "failed");
}

TEST_CASE("generated rows yield also behind a migration that makes a role") {
  Directory d;
  d.add("create role drydock_test_reader;", "drop role drydock_test_reader;")
      .add(kLots, "drop table lots;")
      .add("alter table lots alter note set not null;",
           "alter table lots alter note drop not null;");
  Scenario scenario;
  scenario.run_as = "superuser";
  const RunResult result = d.run_with_rows(20, scenario);
  CHECK(outcome(result, 2, "up-applies") == "passed");
  CHECK(finding_of(result, 2, "data-dependent").severity == Severity::kWarning);
}

}  // namespace
}  // namespace drydock
