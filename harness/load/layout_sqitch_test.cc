#include "harness/load/layout_sqitch_config.h"
#include "harness/load/layout_sqitch_plan.h"
#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

const std::string kWho = " 2020-01-01T00:00:00Z A Name <a@example.com>";

std::string plan(const Strings& entries) {
  std::string text = "%syntax-version=1.0.0\n%project=p\n\n";
  for (const std::string& entry : entries) text += entry + kWho + " # note\n";
  return text;
}

TEST_CASE("sqitch: the plan is the order, not the names") {
  TestDirectory directory;
  directory.write("sqitch.plan", plan({"zebra", "ant [zebra]"}))
      .write("deploy/zebra.sql", "select 1;")
      .write("deploy/ant.sql", "select 1;")
      .write("revert/ant.sql", "select 1;");
  const MigrationSet set = directory.load();
  CHECK(set.layout == "sqitch");
  CHECK(ids(set) == Strings{"zebra", "ant"});
  CHECK_FALSE(set.migrations[0].has_down);
  CHECK(set.migrations[1].has_down);
}

TEST_CASE("sqitch: scripts go statement by statement and bring their own transaction") {
  TestDirectory directory;
  directory.write("sqitch.plan", plan({"a"}))
      .write("deploy/a.sql", "-- Deploy p:a to pg\n\nBEGIN;\n\ncreate table a ();\n\nCOMMIT;\n")
      .write("verify/a.sql", "select 1/count(*) from pg_class;\n");
  const Migration migration = directory.load().migrations.at(0);
  CHECK(texts(migration.up[0]) == Strings{"BEGIN", "create table a ()", "COMMIT"});
  CHECK(lines(migration.up[0]) == std::vector<int>{3, 5, 7});
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK(texts(migration.verify.at(0)) == Strings{"select 1/count(*) from pg_class"});
}

TEST_CASE("sqitch: an earlier instance of a reworked change is the file with the tag") {
  TestDirectory directory;
  directory.write("sqitch.plan", plan({"a", "b", "@v1", "c", "@v2", "a [a@v2]"}))
      .write("deploy/a@v2.sql", "select 1;")
      .write("revert/a@v2.sql", "select 2;")
      .write("deploy/a.sql", "select 3;")
      .write("deploy/b.sql", "select 1;")
      .write("deploy/c.sql", "select 1;");
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"a@v2", "b", "c", "a"});
  CHECK(texts(set.migrations[0].up[0]) == Strings{"select 1"});
  CHECK(texts(set.migrations[0].down.at(0)) == Strings{"select 2"});
  CHECK(texts(set.migrations[3].up[0]) == Strings{"select 3"});
}

TEST_CASE("sqitch: of several tags the one with a file counts, the latest when none has") {
  const auto changes = parse_sqitch_plan(plan({"a", "@v1", "b", "@v2", "a"}), "p");
  CHECK(changes[0].rework_tags == Strings{"v2", "v1"});
  TestDirectory directory;
  directory.write("sqitch.plan", plan({"a", "@v1", "b", "@v2", "a"}))
      .write("deploy/a@v1.sql", "select 1;")
      .write("deploy/a.sql", "select 1;")
      .write("deploy/b.sql", "select 1;");
  CHECK(ids(directory.load()) == Strings{"a@v1", "b", "a"});
}

TEST_CASE("sqitch: a change in a folder keeps the folder in its name") {
  TestDirectory directory;
  directory.write("sqitch.plan", plan({"schema/users"}))
      .write("deploy/schema/users.sql", "select 1;");
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"schema/users"});
  CHECK(set.ignored.empty());
}

TEST_CASE("sqitch: a missing deploy script is refused, one that is not planned is ignored") {
  TestDirectory directory;
  directory.write("sqitch.plan", plan({"a"})).write("deploy/b.sql", "select 1;");
  const MigrationSet set = directory.load();
  CHECK_THAT(set.migrations[0].up[0].refusal.value_or(""), Contains("does not exist"));
  CHECK(ignored(set) == Strings{"deploy/b.sql: not in sqitch.plan"});
}

TEST_CASE(
    "sqitch: sqitch.conf names directories, extension and variables; the scenario may change "
    "them") {
  TestDirectory directory;
  directory
      .write("sqitch.conf",
             "[core]\n\tengine = pg\n\ttop_dir = sql\n\textension = ddl\n"
             "[engine \"pg\"]\n\trevert_dir = undo # ours\n"
             "[deploy \"variables\"]\n\tschema = one\n\towner = app\n")
      .write("sql/sqitch.plan", plan({"a"}))
      .write("sql/deploy/a.ddl", "create schema :\"schema\" authorization :owner;")
      .write("undo/a.ddl", "drop schema :schema;");
  LayoutOptions options;
  options.placeholders["owner"] = "admin";
  for (const std::string where : {"", "sql"}) {
    const Migration migration =
        load_migrations(directory.at(where), "auto", options).migrations.at(0);
    CHECK(texts(migration.up[0]) == Strings{"create schema \"one\" authorization admin"});
    CHECK(texts(migration.down.at(0)) == Strings{"drop schema one"});
  }
}

TEST_CASE("sqitch: a project for another engine is an error that names it") {
  TestDirectory directory;
  directory.write("sqitch.plan", plan({"a"})).write("sqitch.conf", "[core]\n engine = mysql\n");
  CHECK_THAT(directory.load_error(), Contains("is mysql, not pg"));
}

TEST_CASE("sqitch: what the plan's parser refuses is an error with the line") {
  const auto error = [](const std::string& text) {
    try {
      parse_sqitch_plan(text, "sqitch.plan");
    } catch (const Error& thrown) {
      return thrown.message();
    }
    return std::string("nothing");
  };
  CHECK_THAT(error(plan({"a", "a"})), Contains("sqitch.plan:5: ") && Contains("without a tag"));
  CHECK_THAT(error(plan({"a [b]", "b"})), Contains(":4: a requires b"));
  CHECK_THAT(error(plan({"a [b@v1]"})), Contains("requires b@v1"));
  CHECK_THAT(error(plan({"@v1"})), Contains("before any change"));
  CHECK_THAT(error(plan({"a", "@v1", "b", "@v1"})), Contains("stands twice"));
  CHECK_THAT(error("%project=p\n\nnot a change\n"), Contains(":3: not a change"));
  CHECK(error(plan({"a", "b [a !c other:d]", "# only a comment"})) == "nothing");
}

}  // namespace
}  // namespace drydock
