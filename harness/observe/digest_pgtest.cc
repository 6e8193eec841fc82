// The digest as PostgreSQL computes it, in both forms: of the record, and of its text, which is all
// that servers before 14 can do.
#include "harness/observe/digest.h"

#include <string>

#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

struct Digested {
  testing::FreshDatabase database;
  Connection connection{database.info()};
  int version = GENERATE(130000, 150000);

  /// Count and sum over the rows of a VALUES list with columns a and b.
  std::string of(const std::string& values) {
    const Rows rows =
        connection.query(digest_select("(VALUES " + values + ") t (a, b)",
                                       {{"a", true, "a::text"}, {"b", false, "b::text"}}, version));
    return std::string(rows.at(0, 0)) + " " + std::string(rows.at(0, 1));
  }
};

TEST_CASE("a digest does not depend on the order of rows") {
  Digested digested;
  CHECK(digested.of("(1, 1.0), (2, 2.0), (3, NULL)") ==
        digested.of("(3, NULL), (1, 1.0), (2, 2.0)"));
}

TEST_CASE("a digest sees what other sums do not") {
  Digested digested;
  const std::string rows = digested.of("(1, 1.0), (2, 2.0)");
  CHECK(rows != digested.of("(1, 2.0), (2, 1.0)"));
  CHECK(rows != digested.of("(1, 1.00), (2, 2.0)"));
  CHECK(rows != digested.of("(1, 1.0), (2, NULL)"));
  CHECK(digested.of("(1, 1.0), (1, 1.0)") != digested.of("(2, 2.0), (2, 2.0)"));
  CHECK(digested.of("(1, 1.0)") != digested.of("(1, 1.0), (1, 1.0), (1, 1.0)"));
}

TEST_CASE("a thousand swaps of two values are all seen") {
  Digested digested;
  const std::string query =
      "WITH r AS (SELECT i, i * 7 % 1000 AS v FROM generate_series(1, 1000) i), s AS (SELECT k,"
      " (SELECT sum FROM ({}) d) FROM generate_series(1, 999) k) SELECT count(DISTINCT sum) FROM s";
  // k: the row whose value is exchanged with the next one's; 0 would be none.
  const std::string swapped =
      "(SELECT i, CASE i WHEN k THEN (k + 1) * 7 % 1000 WHEN k + 1 THEN k * 7 % 1000 ELSE v END AS "
      "v"
      " FROM r) t";
  std::string sql = query;
  sql.replace(sql.find("{}"), 2,
              digest_select(swapped, {{"i", true, ""}, {"v", true, ""}}, digested.version));
  CHECK(digested.connection.query_value(sql) == "999");
}

TEST_CASE("rows without columns are counted") {
  Digested digested;
  const Rows rows =
      digested.connection.query(digest_select("generate_series(1, 3)", {}, digested.version));
  CHECK(rows.at(0, 0) == "3");
}

}  // namespace
}  // namespace drydock
