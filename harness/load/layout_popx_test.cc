#include "harness/testing/catch.h"
#include "harness/testing/layout_test_directory.h"

namespace drydock {
namespace {

using Catch::Contains;
using Strings = std::vector<std::string>;

TEST_CASE("popx: pieces that share fourteen digits are one migration, its downs in reverse") {
  TestDirectory directory;
  directory.write("20200101000000000000_a.up.sql", "select 1;")
      .write("20200101000000000000_a.down.sql", "select -1;")
      .write("20200101000000000001_a.up.sql", "select 2;")
      .write("20200101000000000001_a.down.sql", "select -2;")
      .write("20200102000000000000_b.up.sql", "select 3;");
  const MigrationSet set = directory.load();
  CHECK(set.layout == "popx");
  CHECK(ids(set) == Strings{"20200101000000_a", "20200102000000_b"});
  REQUIRE(set.migrations[0].up.size() == 2);
  CHECK(texts(set.migrations[0].up[1]) == Strings{"select 2;"});
  CHECK(texts(set.migrations[0].down[0]) == Strings{"select -2;"});
  CHECK(texts(set.migrations[0].down[1]) == Strings{"select -1;"});
  CHECK_FALSE(set.migrations[1].has_down);
}

TEST_CASE("popx: a file for postgres stands before the one for all, others are ignored by name") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 'all';")
      .write("1_a.postgresql.up.sql", "select 'postgres';")
      .write("1_a.mysql.up.sql", "select 'mysql';")
      .write("1_a.crdb.up.sql", "select 'cockroach';")
      .write("1_a.down.sql", "select 'all';");
  const MigrationSet set = directory.load();
  CHECK(texts(set.migrations.at(0).up.at(0)) == Strings{"select 'postgres';"});
  CHECK(texts(set.migrations[0].down.at(0)) == Strings{"select 'all';"});
  CHECK(ignored(set) == Strings{"1_a.crdb.up.sql: for cockroach", "1_a.mysql.up.sql: for mysql"});
}

TEST_CASE("popx: a file is one message in a transaction, outside when named autocommit") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1; select 2;")
      .write("2_b.autocommit.up.sql", "select 1;")
      .write("3_c.postgres.autocommit.up.sql", "select 1;");
  const MigrationSet set = directory.load();
  CHECK(set.migrations.at(0).up[0].in_transaction);
  CHECK(set.migrations[0].up[0].queries.size() == 1);
  CHECK_FALSE(set.migrations.at(1).up[0].in_transaction);
  CHECK_FALSE(set.migrations.at(2).up[0].in_transaction);
}

TEST_CASE("popx: comments only are nothing, folders below are searched") {
  TestDirectory directory;
  directory.write("sql/1_a.postgres.up.sql", "-- nothing here\n\n");
  const MigrationSet set = directory.load();
  CHECK(ids(set) == Strings{"1_a"});
  CHECK(set.migrations[0].up[0].queries.empty());
}

TEST_CASE("popx: templates and fizz are refused, because only the application can fill them in") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "create table {{ .Parameters.name }} ();")
      .write("2_b.up.fizz", "drop_table(\"a\")");
  const MigrationSet set = directory.load("popx");
  CHECK_THAT(set.migrations.at(0).up[0].refusal.value_or(""), Contains("template"));
  CHECK_THAT(set.migrations.at(1).up[0].refusal.value_or(""), Contains("fizz"));
}

TEST_CASE("popx: a down without an up is an error, unless the up is for other databases") {
  TestDirectory directory;
  directory.write("1_a.up.sql", "select 1;")
      .write("2_b.mysql.up.sql", "select 1;")
      .write("2_b.down.sql", "select 1;");
  CHECK_THAT(ignored(directory.load()).back(), Contains("its up is for other databases only"));
  directory.write("3_c.down.sql", "select 1;");
  CHECK_THAT(directory.load_error(), Contains("3_c.down.sql has no up script"));
}

TEST_CASE("popx: two files of one version and database are an error naming both") {
  TestDirectory directory;
  directory.write("1_a.pg.up.sql", "select 1;").write("1_b.postgres.up.sql", "select 1;");
  CHECK_THAT(directory.load_error(), Contains("1_a.pg.up.sql") && Contains("1_b.postgres.up.sql"));
}

}  // namespace
}  // namespace drydock
