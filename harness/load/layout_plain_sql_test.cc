#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

// Pairs and single files without a tool, and the tools that only go forward.
namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("paired-sql: x.sql with x_down.sql or x.down.sql, in natural order") {
  TestDirectory directory;
  directory.write("10_b.sql", "select 1;")
      .write("10_b_down.sql", "select 2;")
      .write("9_a.sql", "select 3;")
      .write("9_a.down.sql", "select 4;")
      .write("11_c_up.sql", "select 5;")
      .write("11_c_down.sql", "select 6;");
  const MigrationSet set = directory.load();
  CHECK(set.layout == "paired-sql");
  CHECK(ids(set) == Strings{"9_a", "10_b", "11_c"});
  CHECK(texts(set.migrations[0].down.at(0)) == Strings{"select 4"});
  CHECK(texts(set.migrations[2].up.at(0)) == Strings{"select 5"});
}

TEST_CASE("paired-sql: statement by statement as psql, the file's own transaction kept") {
  TestDirectory directory;
  directory.write("a.sql", "BEGIN;\ncreate table a ();\nCOMMIT;\n").write("a_down.sql", "");
  const Migration migration = directory.load().migrations.at(0);
  CHECK(texts(migration.up[0]) == Strings{"BEGIN", "create table a ()", "COMMIT"});
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK(migration.has_down);
}

TEST_CASE("paired-sql: a down without its up is an error naming both") {
  TestDirectory directory;
  directory.write("a.sql", "select 1;").write("b_down.sql", "select 1;");
  CHECK_THAT(directory.load_error(), Contains("b_down.sql has no b.sql beside it"));
}

TEST_CASE("paired-sql: two downs of one migration are an error naming both") {
  TestDirectory directory;
  directory.write("a.sql", "select 1;").write("a_down.sql", "").write("a.down.sql", "");
  CHECK_THAT(directory.load_error(), Contains("a.down.sql") && Contains("a_down.sql"));
}

TEST_CASE("plain-sql: files in natural order, statement by statement, no downs") {
  TestDirectory directory;
  directory.write("2_b.sql", "select 1;\nselect 2;")
      .write("10_c.sql", "select 3;")
      .write("x.txt", "");
  const MigrationSet set = directory.load();
  CHECK(set.layout == "plain-sql");
  CHECK_FALSE(set.layout_has_downs);
  CHECK(ids(set) == Strings{"2_b", "10_c"});
  CHECK(texts(set.migrations[0].up[0]) == Strings{"select 1", "select 2"});
  CHECK(ignored(set) == Strings{"x.txt: not an .sql file"});
}

TEST_CASE("plain-sql: placeholders are psql variables") {
  TestDirectory directory;
  directory.write("a.sql", "grant select on t to :reader;");
  LayoutOptions options;
  options.placeholders["reader"] = "app";
  CHECK(texts(directory.load("auto", options).migrations[0].up[0]) ==
        Strings{"grant select on t to app"});
}

TEST_CASE("prisma: folders in the order of names, migration.sql as one message, no downs") {
  TestDirectory directory;
  directory.write("20240102000000_b/migration.sql", "select 1;\nselect 2;\n")
      .write("20240101000000_a/migration.sql", "select 3;")
      .write("20240101000000_a/down.sql", "select 4;")
      .write("drafts/notes.md", "x")
      .write("migration_lock.toml", "provider = \"postgresql\"\n");
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"20240101000000_a", "20240102000000_b"});
  CHECK(texts(set.migrations[1].up[0]) == Strings{"select 1;\nselect 2;\n"});
  CHECK_FALSE(set.migrations[1].up[0].in_transaction);
  CHECK_FALSE(set.layout_has_downs);
  CHECK(ignored(set) == Strings{"drafts: a folder without migration.sql"});
}

TEST_CASE("prisma: a history for another database is an error") {
  TestDirectory directory;
  directory.write("1_a/migration.sql", "select 1;")
      .write("migration_lock.toml", "# comment\nprovider = \"mysql\"\n");
  CHECK_THAT(directory.load_error(), Contains("not for PostgreSQL") && Contains("mysql"));
}

TEST_CASE("supabase: detected by its place, one message a file, in the order of names") {
  TestDirectory directory;
  directory.write("supabase/migrations/20240101000000_a.sql", "create table a ();\nselect 1;\n")
      .write("supabase/migrations/20200101000000_init.sql", "select 1;")
      .write("supabase/migrations/notes.sql", "select 1;");
  const MigrationSet set = load_migrations(directory.at("supabase/migrations"), "auto", {});
  CHECK(set.layout == "supabase");
  CHECK(ids(set) == Strings{"20240101000000_a"});
  CHECK(set.migrations[0].up[0].queries.size() == 1);
  CHECK_THAT(ignored(set).at(0), Contains("_init.sql: the CLI skips"));
  CHECK_THAT(ignored(set).at(1), Contains("notes.sql: not named"));
}

}  // namespace
}  // namespace drydock
