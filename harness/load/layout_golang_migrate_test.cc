#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

// golang-migrate, morph and sqlx: the same names, three ways to send them.
namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("golang-migrate: versions are numbers, not text") {
  TestDirectory directory;
  directory.write("10_c.up.sql", "select 1;")
      .write("2_b.up.sql", "select 1;")
      .write("001_a.up.sql", "select 1;");
  CHECK(ids(directory.load()) == Strings{"001_a", "2_b", "10_c"});
}

TEST_CASE("golang-migrate: a file is one message with all its bytes and no transaction") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "create table a ();\r\n\r\ncreate table b ();\r\n")
      .write("1_a.down.sql", "drop table b, a;");
  const Migration migration = directory.load("golang-migrate").migrations.at(0);
  CHECK(texts(migration.up[0]) == Strings{"create table a ();\r\n\r\ncreate table b ();\r\n"});
  CHECK(lines(migration.up[0]) == std::vector<int>{1});
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK(migration.has_down);
  CHECK(texts(migration.down[0]) == Strings{"drop table b, a;"});
}

TEST_CASE("golang-migrate: an up without a down has none, and the tool still knows downs") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;");
  const MigrationSet set = directory.load();
  CHECK(set.layout_has_downs);
  CHECK_FALSE(set.migrations[0].has_down);
  CHECK(set.migrations[0].down_possible);
}

TEST_CASE("golang-migrate: an empty or comment-only file has nothing to send") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "").write("1_a.down.sql", "-- nothing to undo\n");
  const Migration migration = directory.load().migrations.at(0);
  CHECK(migration.up[0].queries.empty());
  CHECK(migration.has_down);
  CHECK(migration.down[0].queries.empty());
}

TEST_CASE("golang-migrate: a byte order mark stays, as the tool sends it") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "\xEF\xBB\xBFselect 1;");
  CHECK(texts(directory.load().migrations[0].up[0]) == Strings{"\xEF\xBB\xBFselect 1;"});
}

TEST_CASE("golang-migrate: two files of one version and direction are an error naming both") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;").write("01_b.up.sql", "select 1;");
  CHECK_THAT(directory.load_error(), Contains("1_a.up.sql") && Contains("01_b.up.sql"));
}

TEST_CASE("golang-migrate: a down without an up is an error naming it") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;").write("2_b.down.sql", "select 1;");
  CHECK_THAT(directory.load_error(), Contains("2_b.down.sql has no up script"));
}

TEST_CASE("golang-migrate: up and down belong together by version, not by title") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;").write("001_other.down.sql", "select 2;");
  const Migration migration = directory.load().migrations.at(0);
  CHECK(migration.id == "1_a");
  CHECK(texts(migration.down.at(0)) == Strings{"select 2;"});
}

TEST_CASE("golang-migrate: strays, folders and versions beyond 64 bits are ignored with a reason") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;")
      .write("18446744073709551616_big.up.sql", "select 1;")
      .write("readme.md", "x")
      .write("old/1_a.up.sql", "select 1;");
  const Strings found = ignored(directory.load("golang-migrate"));
  REQUIRE(found.size() == 3);
  CHECK_THAT(found[0], Contains("18446744073709551616_big.up.sql") && Contains("64 bits"));
  CHECK_THAT(found[1], Contains("readme.md: not named VERSION_TITLE"));
  CHECK_THAT(found[2], Contains("old: a folder"));
}

TEST_CASE("morph: a file is one message in a transaction") {
  TestDirectory directory;
  directory.write("000001_a.up.sql", "create table a ();\n");
  const Script up = directory.load("morph").migrations.at(0).up.at(0);
  CHECK(up.in_transaction);
  CHECK(up.queries.size() == 1);
}

TEST_CASE("morph: nontransactional above the first statement turns the transaction off") {
  TestDirectory directory;
  directory
      .write("1_a.up.sql",
             "-- why\n\n-- morph:nontransactional\ncreate index concurrently i on t(a);")
      .write("1_a.down.sql", "drop index i;\n-- morph:nontransactional\n");
  const Migration migration = directory.load("morph").migrations.at(0);
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK(migration.down[0].in_transaction);
}

TEST_CASE("sqlx: a file is one message in a transaction") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "create table a ();\ncreate table b ();\n");
  const Script up = directory.load("sqlx").migrations.at(0).up.at(0);
  CHECK(up.in_transaction);
  CHECK(up.queries.size() == 1);
}

TEST_CASE("sqlx: no-transaction counts at the very start of the file only") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "-- no-transaction\nselect 1;")
      .write("1_a.down.sql", "\n-- no-transaction\nselect 1;");
  const Migration migration = directory.load("sqlx").migrations.at(0);
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK(migration.down[0].in_transaction);
}

TEST_CASE("sqlx: a file without a transaction is cut at its split comments, others are not") {
  TestDirectory directory;
  const std::string text =
      "create table t ();\n/* sqlx: split */\ncreate index concurrently i on t (a);\n";
  directory.write("1_a.up.sql", "-- no-transaction\n" + text).write("1_a.down.sql", text);
  const Migration migration = directory.load("sqlx").migrations.at(0);
  CHECK(migration.up[0].queries.size() == 2);
  CHECK(lines(migration.up[0]) == std::vector<int>{1, 3});
  CHECK(texts(migration.down.at(0)) == Strings{text});
}

TEST_CASE("sqlx: simple migrations know no down, reversible ones beside them do") {
  TestDirectory directory;
  directory.write("1_a.sql", "select 1;")
      .write("2_b.up.sql", "select 1;")
      .write("2_b.down.sql", "select 1;")
      .write("3_c.up.sql", "select 1;");
  const MigrationSet set = directory.load("sqlx");
  CHECK(ids(set) == Strings{"1_a", "2_b", "3_c"});
  CHECK(set.layout_has_downs);
  CHECK_FALSE(set.migrations[0].down_possible);
  CHECK(set.migrations[1].has_down);
  CHECK(set.migrations[2].down_possible);
}

TEST_CASE("sqlx: a history of simple migrations has no downs at all") {
  TestDirectory directory;
  directory.write("1_a.sql", "select 1;");
  CHECK_FALSE(directory.load("sqlx").layout_has_downs);
}

TEST_CASE("sqlx: a version that is no number stops it, a name without underscore is passed over") {
  TestDirectory directory;
  directory.write("1_a.sql", "select 1;").write("seed.sql", "select 1;");
  CHECK(ignored(directory.load("sqlx")) == Strings{"seed.sql: not named VERSION_TITLE.sql"});
  directory.write("x1_b.sql", "select 1;");
  CHECK_THAT(directory.load_error("sqlx"), Contains("x1_b.sql: sqlx stops here"));
}

TEST_CASE("sqlx is detected by timestamps together with a Cargo.toml above that names it") {
  TestDirectory directory;
  directory.write(".git/HEAD", "")
      .write("crates/db/migrations/20240101000000_a.up.sql", "select 1;")
      .write("crates/db/migrations/20240101000000_a.down.sql", "select 1;");
  const std::string migrations = directory.at("crates/db/migrations");
  CHECK(load_migrations(migrations, "auto", {}).layout == "golang-migrate");
  directory.write("Cargo.toml", "[dependencies]\nsqlx = \"0.8\"\n");
  CHECK(load_migrations(migrations, "auto", {}).layout == "sqlx");
}

TEST_CASE("sqlx is detected by timestamps together with a .sqlx folder above") {
  TestDirectory directory;
  directory.write("db/.sqlx/query.json", "{}").write("db/m/20240101000000_a.sql", "select 1;");
  CHECK(load_migrations(directory.at("db/m"), "auto", {}).layout == "sqlx");
}

}  // namespace
}  // namespace drydock
