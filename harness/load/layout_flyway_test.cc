#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

Script flyway(const std::string& text, const LayoutOptions& options = {},
              const std::string& configuration = {}) {
  TestDirectory directory;
  directory.write("V1__a.sql", text);
  if (!configuration.empty()) directory.write("V1__a.sql.conf", configuration);
  return directory.load("flyway", options).migrations.at(0).up.at(0);
}

TEST_CASE("flyway: versions compare part by part, dots and underscores alike") {
  TestDirectory directory;
  for (const char* name :
       {"V1_10__d.sql", "V1.9__c.sql", "V1__b.sql", "V0.1__a.sql", "V20240101.1__e.sql"}) {
    directory.write(name, "select 1;");
  }
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"V0.1__a", "V1__b", "V1.9__c", "V1_10__d", "V20240101.1__e"});
  CHECK(set.migrations[3].version == "1.10");
}

TEST_CASE("flyway: 1.0 and 1 are the same version, which is an error naming both") {
  TestDirectory directory;
  directory.write("V1__a.sql", "select 1;").write("sub/V1.0__b.sql", "select 1;");
  CHECK_THAT(directory.load_error(), Contains("V1__a.sql") && Contains("sub/V1.0__b.sql"));
}

TEST_CASE("flyway: repeatable migrations come last, by description, and know no down") {
  TestDirectory directory;
  directory.write("R__views.sql", "select 1;")
      .write("R__functions.sql", "select 1;")
      .write("V2__b.sql", "select 1;")
      .write("U2__b.sql", "select 1;");
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"V2__b", "R__functions", "R__views"});
  CHECK(set.layout_has_downs);
  CHECK(set.migrations[0].has_down);
  CHECK_FALSE(set.migrations[1].down_possible);
}

TEST_CASE("flyway: a history without any undo script has no downs") {
  TestDirectory directory;
  directory.write("V1__a.sql", "select 1;");
  CHECK_FALSE(directory.load().layout_has_downs);
}

TEST_CASE("flyway: an undo without its version is an error naming it") {
  TestDirectory directory;
  directory.write("V1__a.sql", "select 1;").write("U2__b.sql", "select 1;");
  CHECK_THAT(directory.load_error(), Contains("U2__b.sql") && Contains("no V script"));
}

TEST_CASE(
    "flyway: a baseline is passed over while older versions exist, and used when they do not") {
  TestDirectory directory;
  directory.write("B3__base.sql", "select 1;").write("V4__d.sql", "select 1;");
  CHECK(ids(directory.load()) == Strings{"B3__base", "V4__d"});
  directory.write("V2__b.sql", "select 1;");
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"V2__b", "V4__d"});
  CHECK_THAT(ignored(set).at(0), Contains("B3__base.sql: a baseline"));
}

TEST_CASE("flyway: each statement is sent alone, in one transaction, with its line") {
  const Script script = flyway(
      "-- why\ncreate table a (); create table b ();\n\n"
      "create function f() returns int as $$ select 1; $$ language sql;\n");
  CHECK(texts(script) ==
        Strings{"create table a ()", "create table b ()",
                "create function f() returns int as $$ select 1; $$ language sql"});
  CHECK(lines(script) == std::vector<int>{2, 2, 4});
  CHECK(script.in_transaction);
}

TEST_CASE("flyway: statements that cannot be in a transaction run without one") {
  for (const char* text :
       {"CREATE INDEX CONCURRENTLY i ON t (a);", "create unique index concurrently i on t (a);",
        "DROP INDEX CONCURRENTLY i;", "VACUUM t;", "ALTER SYSTEM SET work_mem = '8MB';",
        "REINDEX DATABASE d;", "CREATE DATABASE d;"}) {
    INFO(text);
    CHECK_FALSE(flyway(text).in_transaction);
  }
}

TEST_CASE("flyway: it does not know every such statement, and neither do we pretend it does") {
  CHECK(flyway("REINDEX INDEX CONCURRENTLY i;").in_transaction);
  CHECK(flyway("ALTER TYPE t ADD VALUE 'x';").in_transaction);
}

TEST_CASE("flyway: a mixture is refused with the line, unless the configuration decides") {
  const std::string text = "create table t (a int);\nCREATE INDEX CONCURRENTLY i ON t (a);\n";
  const Script refused = flyway(text);
  REQUIRE(refused.refusal);
  CHECK_THAT(*refused.refusal, Contains("both transactional and non-transactional"));
  CHECK(refused.refusal_line == 2);
  const Script decided = flyway(text, {}, "# why\nexecuteInTransaction=false\n");
  CHECK_FALSE(decided.refusal);
  CHECK_FALSE(decided.in_transaction);
  CHECK(flyway(text, {}, "executeInTransaction=true\n").in_transaction);
}

TEST_CASE("flyway: shouldExecute=false leaves the script out and says so") {
  TestDirectory directory;
  directory.write("V1__a.sql", "select 1;")
      .write("V2__b.sql", "select 1;")
      .write("V2__b.sql.conf", "shouldExecute=false\n");
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"V1__a"});
  CHECK_THAT(ignored(set).back(), Contains("V2__b.sql: its configuration"));
}

TEST_CASE("flyway: placeholders are filled in everywhere, without regard to case") {
  LayoutOptions options;
  options.placeholders["Tenant"] = "acme";
  CHECK(texts(flyway("select '${tenant}', \"${flyway:defaultSchema}\", '${flyway:filename}';",
                     options)) == Strings{"select 'acme', \"public\", 'V1__a.sql'"});
}

TEST_CASE("flyway: a placeholder without a value is refused with its name and line") {
  const Script script = flyway("select 1;\nselect '${missing}';\n");
  REQUIRE(script.refusal);
  CHECK_THAT(*script.refusal, Contains("${missing}"));
  CHECK(script.refusal_line == 2);
}

TEST_CASE("flyway: placeholderReplacement=false leaves them as they are") {
  CHECK(texts(flyway("select '${x}';", {}, "placeholderReplacement=false\n")) ==
        Strings{"select '${x}'"});
}

TEST_CASE("flyway: COPY takes its rows from the file") {
  const Script script = flyway("COPY t (a) FROM STDIN;\n1;\n2\n\\.\nselect 3;\n");
  CHECK(texts(script) == Strings{"COPY t (a) FROM STDIN", "select 3"});
  CHECK(script.queries[0].copy_data == "1;\n2\n");
  CHECK(script.queries[1].line == 5);
}

TEST_CASE("flyway: a byte order mark is taken off, other encodings are refused") {
  CHECK(texts(flyway("\xEF\xBB\xBFselect 1;")) == Strings{"select 1"});
  CHECK_THAT(flyway("select '\xE9';").refusal.value_or(""), Contains("Flyway reads"));
}

TEST_CASE("flyway: callbacks, configurations and strays are ignored with the reason") {
  TestDirectory directory;
  directory.write("V1__a.sql", "select 1;")
      .write("V1__a.sql.conf", "")
      .write("afterMigrate.sql", "select 1;")
      .write("V2_b.sql", "select 1;");
  CHECK(ignored(directory.load()) ==
        Strings{"V1__a.sql.conf: script configuration, read with its migration",
                "V2_b.sql: not named V<version>__<description>.sql, U…, R__… or B…",
                "afterMigrate.sql: a Flyway callback"});
}

}  // namespace
}  // namespace drydock
