#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

// dbmate and sql-migrate: both directions in one file.
namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

Migration load_one(const std::string& layout, const std::string& text) {
  TestDirectory directory;
  directory.write("1_a.sql", text);
  return directory.load(layout).migrations.at(0);
}

TEST_CASE("dbmate: a block with its directive is one message in a transaction") {
  const Migration migration = load_one(
      "dbmate",
      "-- why\n\n-- migrate:up\ncreate table a ();\ncreate table b ();\n\n-- migrate:down\ndrop "
      "table b, a;\n");
  CHECK(texts(migration.up[0]) ==
        Strings{"-- migrate:up\ncreate table a ();\ncreate table b ();\n\n"});
  CHECK(lines(migration.up[0]) == std::vector<int>{3});
  CHECK(migration.up[0].in_transaction);
  CHECK(lines(migration.down.at(0)) == std::vector<int>{7});
}

TEST_CASE("dbmate: transaction:false counts for its own block only") {
  const Migration migration =
      load_one("dbmate",
               "--  migrate:up transaction:false\r\nselect 1;\r\n-- migrate:down\r\nselect 2;\r\n");
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK(migration.down[0].in_transaction);
}

TEST_CASE("dbmate: an empty down block is a down that does nothing") {
  const Migration migration = load_one("dbmate", "-- migrate:up\nselect 1;\n-- migrate:down\n");
  CHECK(migration.has_down);
  CHECK(migration.down[0].queries.empty());
}

TEST_CASE("dbmate: what its parser refuses is refused") {
  const auto refused = [](const std::string& text) {
    return load_one("dbmate", text).up[0].refusal.value_or("nothing");
  };
  CHECK_THAT(refused("select 1;\n"), Contains("no line that starts with '-- migrate:up'"));
  CHECK_THAT(refused("-- migrate:up\nselect 1;\n"), Contains("'-- migrate:down'"));
  CHECK_THAT(refused("-- migrate:down\n-- migrate:up\n"), Contains("stands above"));
  CHECK_THAT(refused("select 1;\n-- migrate:up\n-- migrate:down\n"), Contains("statements above"));
  CHECK_THAT(refused("\xEF\xBB\xBF-- migrate:up\n-- migrate:down\n"), Contains("migrate:up"));
  CHECK_THAT(refused("-- migrate:upper\n-- migrate:down\n"), Contains("migrate:up"));
}

TEST_CASE("dbmate: names are the order as text, as in the tool, and versions are unique") {
  TestDirectory directory;
  const std::string text = "-- migrate:up\nselect 1;\n-- migrate:down\n";
  directory.write("10_b.sql", text).write("9-a.sql", text).write("x.sql", text);
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"10_b", "9-a"});
  CHECK_THAT(ignored(set).at(0), Contains("x.sql: dbmate takes names that start with digits"));
  directory.write("9_c.sql", text);
  CHECK_THAT(directory.load_error(), Contains("9-a.sql") && Contains("9_c.sql"));
}

TEST_CASE("sql-migrate: every statement is sent alone without its semicolon, in a transaction") {
  const Migration migration = load_one("sql-migrate",
                                       "-- +migrate Up\n"
                                       "-- dropped\n"
                                       "create table a ();\n"
                                       "insert into a\n"
                                       "-- dropped, too\n"
                                       "default values;\n"
                                       "-- +migrate Down\n"
                                       "drop table a;\n");
  CHECK(texts(migration.up[0]) == Strings{"create table a ()", "insert into a\n\ndefault values"});
  CHECK(lines(migration.up[0]) == std::vector<int>{3, 4});
  CHECK(migration.up[0].in_transaction);
  CHECK(texts(migration.down.at(0)) == Strings{"drop table a"});
}

TEST_CASE("sql-migrate: notransaction counts for its own part only") {
  const Migration migration = load_one(
      "sql-migrate", "-- +migrate Up notransaction\nselect 1;\n-- +migrate Down\nselect 2;\n");
  CHECK_FALSE(migration.up[0].in_transaction);
  CHECK(migration.down[0].in_transaction);
}

TEST_CASE("sql-migrate: a statement block keeps its semicolons") {
  const Migration migration = load_one("sql-migrate",
                                       "-- +migrate Up\n-- +migrate StatementBegin\nselect 1;\n"
                                       "select 2;\n-- +migrate StatementEnd\nselect 3;\n");
  CHECK(texts(migration.up[0]) == Strings{"select 1;\nselect 2", "select 3"});
}

TEST_CASE("sql-migrate: what its parser refuses is refused") {
  const auto refused = [](const std::string& text) {
    return load_one("sql-migrate", text).up[0].refusal.value_or("nothing");
  };
  CHECK_THAT(refused("-- +migrate Up\nselect 1\n"), Contains("semicolon"));
  CHECK_THAT(refused("-- +migrate Up\nselect 1\n-- +migrate Down\n"), Contains("semicolon"));
  CHECK_THAT(refused("select 1;\n"), Contains("neither"));
  CHECK_THAT(refused("-- +migrate Up\n-- +migrate StatementBegin\nselect 1;\n"),
             Contains("no StatementEnd"));
}

TEST_CASE("sql-migrate: a byte order mark hides the first command without a word") {
  const Migration migration = load_one(
      "sql-migrate", "\xEF\xBB\xBF-- +migrate Up\nselect 1;\n-- +migrate Down\nselect 2;\n");
  CHECK_FALSE(migration.up[0].refusal);
  CHECK(migration.up[0].queries.empty());
  CHECK(texts(migration.down.at(0)) == Strings{"select 2"});
}

TEST_CASE("sql-migrate: numbered names by number, others after them by name") {
  TestDirectory directory;
  const std::string text = "-- +migrate Up\nselect 1;\n";
  directory.write("b.sql", text)
      .write("10_x.sql", text)
      .write("9_y.sql", text)
      .write("a.sql", text);
  CHECK(ids(directory.load()) == Strings{"9_y", "10_x", "a", "b"});
}

}  // namespace
}  // namespace drydock
