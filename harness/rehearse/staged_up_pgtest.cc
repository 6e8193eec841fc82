#include "harness/rehearse/staged_up.h"

#include "harness/base/error.h"
#include "harness/rehearse/script_runner.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

Migration migration(const std::string& id, const std::string& sql) {
  Migration result;
  result.id = id;
  result.up.push_back({id + ".sql", true, {{sql, 1, {}, {}}}, {}, 0});
  return result;
}

std::string value(Session session, const std::string& sql) {
  return std::string(session.query(sql).at(0, 0));
}

constexpr const char* kTables =
    "select string_agg(relname, ' ' order by 1) from pg_class where relkind = 'r' and oid >= 16384";

struct History {
  Workbench workbench{testing::shared_server(), {}};
  const Migration a = migration("1_a", "create table a(x int)");
  const Migration b = migration("2_b", "create table b(x int)");
  const Migration c = migration("3_c", "create table c(x int)");
  const std::vector<Step> one = {{&a}};
  const std::vector<Step> two = {{&a}, {nullptr, "insert into a values (1), (2)"}, {&b}};
};

TEST_CASE("a staged database stands before the up, and the walk's own is not touched") {
  History history;
  Session& walking = history.workbench.migrate();
  walking.query("create table of_the_walk()");
  walking.query("begin");
  const StagingGround ground{history.workbench, history.two, history.c, {}};
  StagedUp staged(ground);
  CHECK(value(staged.administer(), kTables) == "a b");
  CHECK(value(staged.administer(), "select count(*) from a") == "2");
  CHECK(staged.run().outcome == PhaseOutcome::kOk);
  CHECK(value(staged.administer(), kTables) == "a b c");
  StagedUp copy(staged);
  CHECK(value(copy.administer(), kTables) == "a b c");
  StagedUp other(ground);
  CHECK(value(other.administer(), kTables) == "a b");
  CHECK(walking.transaction() == TransactionState::kOpen);
  CHECK(value(history.workbench.administer(), kTables) == "of_the_walk");
}

TEST_CASE("of a staged database only the tables that somebody went on with are read") {
  History history;
  const Migration fill = migration("3_fill", "insert into b values (7)");
  const StagingGround ground{history.workbench, history.two, fill, {}};
  StagedUp staged(ground);
  const CopyPrints untouched = staged.untouched();
  CHECK(staged.contents(untouched).empty());
  CHECK(staged.run().outcome == PhaseOutcome::kOk);
  const ContentsPrints after = staged.contents(untouched);
  CHECK(after.size() == 1);
  CHECK(after.at("public.b").starts_with("1 "));
  CHECK(staged.contents(untouched, {{"public.a", ""}}).at("public.a").starts_with("2 "));
  StagedUp other(ground);
  CHECK(other.contents(untouched).empty());
  other.administer().query("truncate a; alter table b add y int");
  const ContentsPrints changed = other.contents(untouched);
  CHECK(changed.size() == 2);
  CHECK(changed.at("public.a").starts_with("0 "));
  CHECK(changed.at("public.b").starts_with("0 "));
}

TEST_CASE("an earlier state can be staged behind a later one") {
  History history;
  { StagedUp later(StagingGround{history.workbench, history.two, history.c, {}}); }
  StagedUp earlier(StagingGround{history.workbench, history.one, history.b, {}});
  CHECK(value(earlier.administer(), kTables) == "a");
}

TEST_CASE("a history that applies only once cannot be staged, and the rebuild still can be tried") {
  History history;
  const Migration once = migration("2_once",
                                   "create sequence s; do $$ begin if exists (select "
                                   "from pg_database where datname = current_database() "
                                   "and shobj_description(oid, 'pg_database') is null) "
                                   "then raise 'once'; end if; end $$");
  const std::vector<Step> steps = {{&history.a}, {&once}};
  for (int i = 0; i < 2; ++i) {
    CHECK_THROWS_WITH(history.workbench.stage(steps), Catch::Contains("once"));
  }
  history.workbench.rebuild(history.one);
  CHECK(value(history.workbench.administer(), kTables) == "a");
}

}  // namespace
}  // namespace drydock
