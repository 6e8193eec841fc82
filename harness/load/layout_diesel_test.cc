#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

// Folders with up.sql: diesel, and up-down-folders with their metadata.yaml.
namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("diesel: folders run in the order of their versions, dashes left out") {
  TestDirectory directory;
  directory.write("2019-10-01-000000_b/up.sql", "select 2;")
      .write("20190912100000_a/up.sql", "select 1;")
      .write("20191002000000_c/up.sql", "select 3;");
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"20190912100000_a", "2019-10-01-000000_b", "20191002000000_c"});
  CHECK(set.migrations[1].version == "20191001000000");
}

TEST_CASE("diesel: each file is one message in a transaction") {
  TestDirectory directory;
  directory.write("1_a/up.sql", "create table a ();\ncreate table b ();\n")
      .write("1_a/down.sql", "drop table b, a;\n");
  const Migration migration = directory.load().migrations.at(0);
  CHECK(migration.up[0].in_transaction);
  CHECK(migration.up[0].queries.size() == 1);
  CHECK(migration.has_down);
  CHECK(migration.up[0].path == directory.at("1_a/up.sql"));
}

TEST_CASE("diesel: run_in_transaction = false turns the transaction off, both ways") {
  TestDirectory directory;
  directory.write("1_a/up.sql", "select 1;")
      .write("1_a/down.sql", "select 1;")
      .write("1_a/metadata.toml", "# why\nrun_in_transaction = false # CONCURRENTLY\n");
  const Migration migration = directory.load().migrations.at(0);
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK_FALSE(migration.down[0].in_transaction);
}

TEST_CASE("diesel: a metadata.toml without the key turns the transaction off, too") {
  TestDirectory directory;
  directory.write("1_a/up.sql", "select 1;").write("1_a/metadata.toml", "owner = \"db\"\n");
  CHECK_FALSE(directory.load().migrations[0].up[0].in_transaction);
}

TEST_CASE("diesel: the key counts at the top level only, and what is no TOML counts as absent") {
  TestDirectory directory;
  directory.write("1_a/up.sql", "select 1;")
      .write("1_a/metadata.toml", "[x]\nrun_in_transaction = true\n")
      .write("2_b/up.sql", "select 1;")
      .write("2_b/metadata.toml", "no toml at all\n");
  const MigrationSet set = directory.load();
  CHECK_FALSE(set.migrations[0].up[0].in_transaction);
  CHECK(set.migrations[1].up[0].in_transaction);
}

TEST_CASE("diesel: an empty file does nothing and succeeds, as with embedded migrations") {
  TestDirectory directory;
  directory.write("1_a/up.sql", "select 1;").write("1_a/down.sql", "");
  const Migration migration = directory.load().migrations.at(0);
  CHECK(migration.has_down);
  CHECK_FALSE(migration.down[0].refusal);
  CHECK(migration.down[0].queries.empty());
}

TEST_CASE("diesel: two folders of one version are an error naming both") {
  TestDirectory directory;
  directory.write("2020-01-01-000000_a/up.sql", "select 1;")
      .write("20200101000000_b/up.sql", "select 1;");
  CHECK_THAT(directory.load_error(),
             Contains("2020-01-01-000000_a") && Contains("20200101000000_b"));
}

TEST_CASE("diesel: a folder with a down only is an error, one with neither is ignored") {
  TestDirectory directory;
  directory.write("1_a/up.sql", "select 1;").write("notes/a.md", "x").write("schema.rs", "x");
  CHECK(ignored(directory.load()) == Strings{"schema.rs: a file: diesel's migrations are folders",
                                             "notes: a folder without up.sql"});
  directory.write("2_b/down.sql", "select 1;");
  CHECK_THAT(directory.load_error(), Contains("2_b/down.sql has no up.sql beside it"));
}

TEST_CASE("up-down-folders: parents come before children, unrelated ones by number") {
  TestDirectory directory;
  for (const char* name : {"10_root", "20_late", "9_child", "8_grandchild"}) {
    directory.write(std::string(name) + "/up.sql", "select 1;");
  }
  directory.write("10_root/metadata.yaml", "name: root\n")
      .write("20_late/metadata.yaml", "name: late\nparents: [10]\n")
      .write("9_child/metadata.yaml", "name: child\nparents:\n  - 10\n")
      .write("8_grandchild/metadata.yaml", "parent: 9\n");
  CHECK(ids(directory.load()) == Strings{"10_root", "9_child", "8_grandchild", "20_late"});
}

TEST_CASE("up-down-folders: without any parents the numbers are the order") {
  TestDirectory directory;
  directory.write("10_b/up.sql", "select 1;")
      .write("10_b/metadata.yaml", "name: b\n")
      .write("9_a/up.sql", "select 1;")
      .write("9_a/metadata.yaml", "name: a\n");
  CHECK(ids(directory.load()) == Strings{"9_a", "10_b"});
}

TEST_CASE("up-down-folders: circles, two roots and unknown parents are errors with the names") {
  TestDirectory directory;
  for (const char* name : {"1_a", "2_b", "3_c"}) {
    directory.write(std::string(name) + "/up.sql", "select 1;")
        .write(std::string(name) + "/metadata.yaml", "");
  }
  SECTION("unknown parent") {
    directory.write("2_b/metadata.yaml", "parents: [7]\n");
    CHECK_THAT(directory.load_error(), Contains("2_b names the parent 7"));
  }
  SECTION("two roots") {
    directory.write("2_b/metadata.yaml", "parents: [1]\n");
    CHECK_THAT(directory.load_error(), Contains("without a parent: 1_a and 3_c"));
  }
  SECTION("circle") {
    directory.write("2_b/metadata.yaml", "parents: [3]\n")
        .write("3_c/metadata.yaml", "parents: [2]\n");
    CHECK_THAT(directory.load_error(), Contains("circle"));
  }
}

TEST_CASE("up-down-folders: scripts are one message in a transaction, an outer BEGIN taken off") {
  TestDirectory directory;
  directory.write("1_a/up.sql", "\nBEGIN;\n\ncreate table a ();\n\nCOMMIT;\n")
      .write("1_a/metadata.yaml", "name: a\n");
  const Script up = directory.load().migrations[0].up[0];
  CHECK(up.in_transaction);
  CHECK(texts(up) == Strings{"create table a ();"});
  CHECK(lines(up) == std::vector<int>{4});
}

TEST_CASE("up-down-folders: createIndexConcurrently runs that one statement outside") {
  TestDirectory directory;
  directory.write("1_a/up.sql", "CREATE INDEX CONCURRENTLY i ON t (a);")
      .write("1_a/down.sql", "DROP INDEX i;")
      .write("1_a/metadata.yaml", "name: a\ncreateIndexConcurrently: true\n");
  const Migration migration = directory.load().migrations.at(0);
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK_FALSE(migration.up[0].refusal);
  CHECK(migration.down[0].in_transaction);
}

TEST_CASE("up-down-folders: metadata and script must agree about concurrent indexes") {
  TestDirectory directory;
  const auto refusal = [&](const std::string& up, const std::string& yaml) {
    directory.write("1_a/up.sql", up).write("1_a/metadata.yaml", yaml);
    return directory.load().migrations[0].up[0].refusal.value_or("");
  };
  const std::string index = "CREATE INDEX CONCURRENTLY i ON t (a);\n";
  CHECK_THAT(refusal(index, "name: a\n"), Contains("needs createIndexConcurrently"));
  CHECK_THAT(refusal("select 1;", "createIndexConcurrently: true\n"), Contains("does not"));
  CHECK_THAT(refusal(index + "select 1;\n", "createIndexConcurrently: true\n"),
             Contains("only statement"));
}

}  // namespace
}  // namespace drydock
