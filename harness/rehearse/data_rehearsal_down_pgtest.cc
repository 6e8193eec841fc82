// Downs over rows: those that users wrote since, and those a down cannot stand.

#include <fmt/format.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

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

TEST_CASE("rows that only the new schema allows make the down fail before users do") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots alter code drop not null;",
           "alter table lots alter code set not null;");
  const RunResult result = d.run_with_rows(50);
  const NewRowsTrial& trial = evidence(result, 1).data.new_rows;
  CHECK(trial.ran);
  CHECK_FALSE(trial.in_copy);
  REQUIRE(trial.failure.has_value());
  CHECK(trial.failure->sqlstate == "23502");
  CHECK(outcome(result, 1, "down-applies") == "passed");
  CHECK(outcome(result, 1, "down-with-new-rows") == "failed");
}

TEST_CASE("a down that no transaction can hold is tried over new rows in a copy") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots alter code drop not null;",
           "do $$ begin commit; alter table lots alter code set not null; end $$;");
  const RunResult result = d.run_with_rows(50);
  const NewRowsTrial& trial = evidence(result, 1).data.new_rows;
  CHECK(trial.ran);
  CHECK(trial.in_copy);
  REQUIRE(trial.failure.has_value());
  CHECK(trial.failure->sqlstate == "23502");
}

TEST_CASE("harm to older rows is seen in a copy too, and only what the new rows bring about") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add(
          "alter table lots alter note set default 'new'; update lots set code = code || '!' "
          "where id % 2 = 0;",
          "do $$ begin commit; if (select count(*) from lots) > 20 then delete from lots where id "
          "% 5 = 0; end if; update lots set code = '?' where id % 2 = 1; "
          "alter table lots alter note drop default; end $$;");
  const RunResult result = d.run_with_rows(20);
  const NewRowsTrial& trial = evidence(result, 1).data.new_rows;
  INFO(trial.skipped);
  CHECK(trial.ran);
  CHECK(trial.in_copy);
  CHECK_FALSE(trial.failure.has_value());
  REQUIRE(trial.harmed.tables.size() == 1);
  CHECK(trial.harmed.tables[0].lost == 4);
  CHECK(trial.harmed.tables[0].columns.empty());
  CHECK(finding_of(result, 1, "down-with-new-rows").severity == Severity::kError);
}

TEST_CASE("what a down that needs a copy does anyway is no harm by new rows") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots alter note set default 'new';",
           "do $$ begin commit; update lots set code = '?'; delete from lots where id % 5 = 0; "
           "alter table lots alter note drop default; end $$;");
  const RunResult result = d.run_with_rows(20);
  CHECK(evidence(result, 1).data.new_rows.in_copy);
  CHECK(evidence(result, 1).data.new_rows.harmed.tables.empty());
  CHECK(outcome(result, 1, "data-restored") == "failed");
}

TEST_CASE("a down of data alone is tried over rows of users, in the tables that it writes to") {
  Directory d;
  d.add(kLots + std::string("create table others(id int primary key);"),
        "drop table others; drop table lots;")
      .add("insert into lots values (-1, 'seed', null);",
           "delete from lots where id <> all "
           "(array(select id from lots where id between 1 and 20 order by id));")
      .add("select 1;", "delete from others where id > 20;")
      .add("update lots set note = 'x' where id = -5;", "select 1;");
  const RunResult result = d.run_with_rows(20);
  const NewRowsTrial& trial = evidence(result, 1).data.new_rows;
  INFO(trial.skipped);
  REQUIRE(trial.losses.size() == 1);
  CHECK(trial.losses[0].table == "public.lots");
  CHECK(trial.losses[0].written == 3);
  CHECK(trial.losses[0].lost == 3);
  CHECK(finding_of(result, 1, "down-with-new-rows").severity == Severity::kWarning);
  REQUIRE(evidence(result, 2).data.new_rows.losses.size() == 1);
  CHECK(evidence(result, 2).data.new_rows.losses[0].table == "public.others");
  CHECK(evidence(result, 3).data.new_rows.skipped ==
        "neither script changes a table that rows could be written to");
}

TEST_CASE("a down that fails on rows is judged on empty tables as well") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots drop note; alter table lots alter code type varchar(80);",
           "alter table lots alter code type int using code::int; alter table lots add note text;")
      .add("alter table lots add seen int;",
           "alter table lots alter code type int using code::int; select 1/0;")
      .add("alter table lots add more int;", "select 'a'::int;");
  const RunResult result = d.run_with_rows(20);
  REQUIRE(evidence(result, 1).data.down_without_rows.has_value());
  CHECK(evidence(result, 1).data.down_without_rows->applies);
  CHECK(finding_of(result, 1, "down-applies").message.find("On empty tables it runs through") !=
        std::string::npos);
  CHECK(outcome(result, 1, "schema-restored") == "failed");
  CHECK(finding_of(result, 1, "schema-restored").message.find("on empty tables") !=
        std::string::npos);
  CHECK(finding_of(result, 3, "down-applies").message.find("fails on empty tables too") !=
        std::string::npos);
  CHECK(outcome(result, 3, "schema-restored") == "skipped");
}

TEST_CASE("what rolling back takes from users is counted by table and column") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots add colour text; create table bins(id int primary key);",
           "drop table bins; alter table lots drop colour;");
  const RunResult result = d.run_with_rows(50);
  const NewRowsTrial& trial = evidence(result, 1).data.new_rows;
  INFO(trial.skipped);
  REQUIRE(trial.losses.size() == 2);
  CHECK(trial.losses[0].table == "public.bins");
  CHECK(trial.losses[0].table_dropped);
  CHECK(trial.losses[0].made_by_up);
  CHECK(trial.losses[0].lost == trial.losses[0].written);
  CHECK(trial.losses[1].lost == 0);
  REQUIRE(trial.losses[1].columns.size() == 1);
  CHECK(trial.losses[1].columns[0].column == "colour");
  CHECK(trial.losses[1].columns[0].made_by_up);
  CHECK(trial.losses[1].columns[0].values > 0);
  CHECK(result.verdict == Outcome::kPassed);
}

/// What the down writes over, by column.
std::map<std::string, std::int64_t> overwritten(const RunResult& result, std::size_t migration) {
  std::map<std::string, std::int64_t> columns;
  for (const NewRowsLoss& loss : evidence(result, migration).data.new_rows.losses) {
    for (const NewRowsLoss::Column& column : loss.columns) {
      if (column.overwritten) columns[loss.table + "." + column.column] += column.values;
    }
  }
  return columns;
}

TEST_CASE("values of users that a down writes over are counted, and those that it keeps are not") {
  Directory d;
  d.add(
       "create type state as enum ('open', 'done');"
       "create table lots(id int, \"Line\" int, state state not null, code varchar(8) not null,"
       " amount numeric(8,1) not null, seen timestamp, primary key (id, \"Line\"));"
       "create table keyless(note text);",
       "drop table keyless; drop table lots; drop type state;")
      .add(
          "alter type state rename to old_state; create type state as enum ('open','done','lost');"
          "alter table lots alter state type state using state::text::state,"
          " alter code type varchar(20), alter seen type timestamptz using seen at time zone 'UTC';"
          "drop type old_state; alter table keyless alter note set default 'x';",
          "update lots set state = 'done' where state = 'lost'; alter type state rename to newer;"
          "create type state as enum ('open', 'done');"
          "alter table lots alter state type state using state::text::state,"
          " alter code type varchar(8) using left(code, 8), alter amount type numeric(8,1),"
          " alter seen type timestamp using seen at time zone 'UTC';"
          "drop type newer; alter table keyless alter note drop default;");
  const RunResult result = d.run_with_rows(50);
  INFO(evidence(result, 1).data.new_rows.skipped);
  const std::map<std::string, std::int64_t> columns = overwritten(result, 1);
  REQUIRE(columns.size() == 2);  // not amount, and not seen, whose time is the same
  CHECK(columns.at("public.lots.code") >= 2);
  CHECK(columns.at("public.lots.state") >= 2);
  const Finding& told = finding_of(result, 1, "down-with-new-rows");
  CHECK(told.severity == Severity::kInfo);
  CHECK(told.message.starts_with("rolling back writes over what was written since:"));
  CHECK(told.message.find(fmt::format("\n  public.lots.state: {} of ",
                                      columns.at("public.lots.state"))) != std::string::npos);
  CHECK(told.line == 1);
}

TEST_CASE("a down that resets the session or fills new NULLs is not said to write over values") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots alter code drop not null;",
           "reset all; update lots set code = 'none' where code is null;"
           "alter table lots alter code set not null;");
  const RunResult result = d.run_with_rows(50);
  CHECK(evidence(result, 1).data.new_rows.ran);
  CHECK(overwritten(result, 1).empty());
}

TEST_CASE("a down that deletes what users wrote into an old table is told from one that does not") {
  Directory d;
  d.add(kLots, "drop table lots;")
      .add("alter table lots add origin text default 'new'; update lots set origin = 'old';",
           "delete from lots where origin = 'new'; alter table lots drop origin;");
  const RunResult result = d.run_with_rows(50);
  const NewRowsTrial& trial = evidence(result, 1).data.new_rows;
  INFO(trial.skipped);
  CHECK(trial.ran);
  CHECK(outcome(result, 1, "data-restored") == "passed");
}

}  // namespace
}  // namespace drydock
