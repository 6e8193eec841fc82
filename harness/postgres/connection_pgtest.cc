#include "harness/postgres/connection.h"

#include "harness/base/error.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using testing::error_of;
using testing::has;

TEST_CASE("rows come as text, NULL told from an empty text") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  const Rows rows = connection.query("values (1, 'a', null), (-2, '', E'\\\\x\\n')");
  REQUIRE(rows.size() == 2);
  REQUIRE(rows.columns() == 3);
  CHECK(rows.at(0, 0) == "1");
  CHECK(rows.at(1, 0) == "-2");
  CHECK(rows.at(1, 1).empty());
  CHECK_FALSE(rows.is_null(1, 1));
  CHECK(rows.is_null(0, 2));
  CHECK(rows.at(0, 2).empty());
  CHECK(rows.at(1, 2) == "\\x\n");
}

TEST_CASE("rows outlive later queries and the connection") {
  const testing::FreshDatabase database;
  Rows rows = [&] {
    Connection connection(database.info());
    Rows first = connection.query("select 'kept'");
    connection.query("select 'other'");
    return first;
  }();
  CHECK(rows.at(0, 0) == "kept");
}

TEST_CASE("a query without rows has none") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  CHECK(connection.query("select 1 where false").size() == 0);
  CHECK(connection.query("create table t (id int)").size() == 0);
}

TEST_CASE("several statements are run together or not at all") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  connection.execute("create table a (id int); create table b (id int)");
  CHECK_THROWS_AS(connection.execute("drop table a; drop table missing"), Error);
  CHECK(connection.query_value("select count(*) from pg_class where relname in ('a', 'b')") == "2");
}

TEST_CASE("an error tells the server's words, the SQLSTATE and the query, and can be survived") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  const Error error = error_of([&] { connection.query("select\n  missing"); });
  CHECK(has(error.message(), "column \"missing\" does not exist"));
  CHECK(has(error.message(), "(SQLSTATE 42703) in: select missing"));
  CHECK(connection.query_value("select 1") == "1");
}

TEST_CASE("only the beginning of a long query is told") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  const Error error =
      error_of([&] { connection.query("select missing, '" + std::string(5000, 'x') + "'"); });
  CHECK(error.message().size() < 600);
  CHECK(has(error.message(), "…"));
}

TEST_CASE("a prepared query is run with its parameters as often as wanted") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  const std::string sql = "select $1::int + 1, $2::text";
  for (int i = 0; i < 3; ++i) {
    const Rows rows = connection.query_prepared("plus", sql, {std::to_string(i), "it's; 'x'"});
    CHECK(rows.at(0, 0) == std::to_string(i + 1));
    CHECK(rows.at(0, 1) == "it's; 'x'");
  }
  CHECK(connection.query_value("select count(*) from pg_prepared_statements") == "1");
}

TEST_CASE("a prepared query that fails tells why each time") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  for (int i = 0; i < 2; ++i) {
    CHECK(has(error_of([&] { connection.query_prepared("p", "selct $1", {"1"}); }).message(),
              "SQLSTATE 42601"));
  }
  CHECK(connection.query_prepared("q", "select $1::text", {"fine"}).at(0, 0) == "fine");
}

TEST_CASE("a value that is not there is an error that names the query") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  CHECK(error_of([&] { connection.query_value("select 1\nwhere false"); }).message() ==
        "no row from: select 1 where false");
  CHECK(connection.query_value("values ('first', 2), ('second', 3)") == "first");
}

TEST_CASE("texts and names are quoted so that the server reads the same again") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  for (const char* text : {"it's", "back\\slash", "\"double\"", "", "z\xC3\xBC; --"}) {
    CHECK(connection.query_value("select " + connection.quote(text)) == text);
  }
  connection.execute("create table " + connection.quote_name("Odd \"name'; --") + " (id int)");
  CHECK(connection.query_value("select relname from pg_class where relname like 'Odd%'") ==
        "Odd \"name'; --");
}

TEST_CASE("the server's version is known as its number") {
  const testing::FreshDatabase database;
  Connection connection(database.info());
  CHECK(std::to_string(connection.server_version()) ==
        connection.query_value("show server_version_num"));
}

TEST_CASE("a database that does not exist is told by name") {
  const Error error =
      error_of([] { Connection(testing::shared_server().administrator("no_such_database")); });
  CHECK(has(error.message(), "cannot connect: "));
  CHECK(has(error.message(), "no_such_database"));
}

}  // namespace
}  // namespace drydock
