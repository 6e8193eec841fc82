// Lost, added and changed rows: numbers exact, examples a handful.
#include "harness/observe/contents.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/watched_contents.h"

namespace drydock {
namespace {

using testing::has;
using testing::WatchedContents;
using testing::words;

TEST_CASE("numbers are exact and examples few, in the order of the key") {
  WatchedContents watched(
      "CREATE TABLE t (id int PRIMARY KEY, v int, w text);"
      "INSERT INTO t SELECT i, i, 'w' || i FROM generate_series(1, 1000) i");
  const ContentsDiff diff = watched.after(
      "DELETE FROM t WHERE id > 900; UPDATE t SET v = -v WHERE id BETWEEN 8 AND 500;"
      "UPDATE t SET w = NULL WHERE id = 10; INSERT INTO t SELECT -i FROM generate_series(1, 7) i");
  REQUIRE(diff.tables.size() == 1);
  const TableChange& table = diff.tables[0];
  CHECK(table.key == std::vector<std::string>{"id"});
  CHECK(table.rows_before == 1000);
  CHECK(table.rows_after == 907);
  CHECK(table.lost == 100);
  CHECK(table.added == 7);
  CHECK(table.lost_samples ==
        std::vector<std::string>{"id = 901", "id = 902", "id = 903", "id = 904", "id = 905"});
  REQUIRE(table.columns.size() == 2);
  CHECK(table.columns[0].rows == 493);
  REQUIRE(table.columns[0].samples.size() == 5);
  CHECK(table.columns[0].samples[0].row == "id = 8");
  CHECK(table.columns[0].samples[2].row == "id = 10");
  CHECK(table.columns[1].rows == 1);
  CHECK(table.columns[1].samples[0].before == "w10");
  CHECK(!table.columns[1].samples[0].after);
}

TEST_CASE("rows without a key are counted by all their values") {
  WatchedContents watched(
      "CREATE TABLE t (v int, w text);"
      "INSERT INTO t VALUES (1, 'a'), (1, 'a'), (1, 'a'), (2, NULL)");
  SECTION("one of several alike is gone") {
    const ContentsDiff diff =
        watched.after("DELETE FROM t WHERE ctid = '(0,1)'; INSERT INTO t VALUES (2, NULL)");
    CHECK(words(diff) == "public.t: -1 +1");
    CHECK(diff.tables[0].key.empty());
    CHECK(diff.tables[0].lost_samples == std::vector<std::string>{"v = 1, w = a"});
  }
  SECTION("a column of another type") {
    CHECK(words(watched.after("ALTER TABLE t ALTER v TYPE numeric(10,2)")) == "");
    CHECK(words(watched.after("UPDATE t SET v = 2.5 WHERE v = 2")) == "public.t: -1 +1");
  }
  SECTION("a dropped column") {
    CHECK(words(watched.after("ALTER TABLE t DROP w")) == "public.t: w dropped 3");
  }
}

TEST_CASE("the key is the primary key, else a unique index that no row can escape") {
  const auto [sql, key] = GENERATE(table<std::string, std::vector<std::string>>({
      {"ALTER TABLE t ADD UNIQUE (a), ADD PRIMARY KEY (b, a)", {"b", "a"}},
      {"ALTER TABLE t ADD UNIQUE (a, b); CREATE UNIQUE INDEX ON t (b)", {"b"}},
      {"CREATE UNIQUE INDEX ON t (b) INCLUDE (v)", {"b"}},
      {"CREATE UNIQUE INDEX ON t (n)", {}},
      {"CREATE UNIQUE INDEX ON t (a) WHERE a > 0", {}},
      {"CREATE UNIQUE INDEX ON t ((a + 1))", {}},
      {"CREATE INDEX ON t (a)", {}},
  }));
  INFO(sql);
  WatchedContents watched("CREATE TABLE t (a int NOT NULL, b int NOT NULL, n int, v text);" + sql +
                          "; INSERT INTO t VALUES (1, 2, 3, 'x')");
  const ContentsDiff diff = watched.after("UPDATE t SET v = 'y'");
  REQUIRE(diff.tables.size() == 1);
  CHECK(diff.tables[0].key == key);
}

TEST_CASE("a key of several columns, of another type, renamed") {
  WatchedContents watched(
      "CREATE TABLE t (tenant int, code varchar(9), v int, PRIMARY KEY (tenant, code));"
      "INSERT INTO t VALUES (1, 'A-7', 1), (2, 'A-7', 2), (2, 'B', 3)");
  CHECK(
      words(watched.after("ALTER TABLE t ALTER tenant TYPE bigint; ALTER TABLE t RENAME code TO c;"
                          "ALTER TABLE t ALTER c TYPE text;"
                          "UPDATE t SET v = 9 WHERE (tenant, c) = (2, 'A-7')")) ==
      "public.t: v 1 (tenant = 2, code = A-7: 2 -> 9)");
}

TEST_CASE("a key that went or no longer tells rows apart is not relied on") {
  WatchedContents watched(
      "CREATE TABLE t (id int PRIMARY KEY, v int);"
      "INSERT INTO t VALUES (1, 10), (2, 20)");
  SECTION("dropped") {
    CHECK(words(watched.after("ALTER TABLE t DROP id; UPDATE t SET v = 21 WHERE v = 20")) ==
          "public.t: -1 +1 id dropped 2 [rows are compared as a whole: id, of the key, is gone]");
  }
  SECTION("rows of the same key") {
    CHECK(words(watched.after(
              "ALTER TABLE t DROP CONSTRAINT t_pkey; INSERT INTO t VALUES (1, 11)")) ==
          "public.t: +1 [rows are compared as a whole: the key (id) is not unique]");
  }
  SECTION("NULL where the key was") {
    CHECK(words(watched.after("ALTER TABLE t DROP CONSTRAINT t_pkey, ALTER id DROP NOT NULL;"
                              "UPDATE t SET id = NULL WHERE id = 1")) == "public.t: -1 +1");
  }
  SECTION("made anew") {
    CHECK(words(watched.after("ALTER TABLE t ADD n uuid DEFAULT gen_random_uuid();"
                              "ALTER TABLE t DROP id; ALTER TABLE t RENAME n TO id")) ==
          "public.t: -2 +2");
  }
}

TEST_CASE("names may be anything") {
  WatchedContents watched(
      R"(CREATE SCHEMA "Sch ema"; CREATE TABLE "Sch ema"."It's a ""t""" ("Kéy's" int PRIMARY KEY,
         "@1" text, "select" int, c1 int, here int, "x.y" int);
         INSERT INTO "Sch ema"."It's a ""t""" VALUES (1, 'a', 2, 3, 4, 5))");
  const ContentsDiff diff = watched.after(
      R"(UPDATE "Sch ema"."It's a ""t""" SET "@1" = 'b', "select" = 3, here = 5;
         ALTER TABLE "Sch ema"."It's a ""t""" DROP "x.y")");
  CHECK(words(diff) ==
        R"("Sch ema"."It's a ""t""": @1 1 ("Kéy's" = 1: a -> b) select 1 ("Kéy's" = 1: 2 -> 3))"
        R"( here 1 ("Kéy's" = 1: 4 -> 5) x.y dropped 1)");
}

TEST_CASE("long values are shortened on the server") {
  WatchedContents watched(
      "CREATE TABLE t (id text PRIMARY KEY, v text);"
      "INSERT INTO t VALUES (repeat('k', 999), repeat('é', 9999))");
  const ContentsDiff diff = watched.after("UPDATE t SET v = v || 'x'");
  REQUIRE(diff.tables.size() == 1);
  const ChangedValue& sample = diff.tables[0].columns.at(0).samples.at(0);
  CHECK(sample.row.size() == 200);
  CHECK(sample.before->size() == 400);
}

TEST_CASE("tables without columns and with very many are looked at") {
  std::string columns, values;
  for (int i = 0; i < 1600; ++i) {
    columns += (i > 0 ? ", c" : "c") + std::to_string(i) + " int";
    values += (i > 0 ? ", " : "") + std::to_string(1000000000 + i);
  }
  WatchedContents watched(
      "CREATE TABLE bare (); INSERT INTO bare DEFAULT VALUES;"
      "CREATE TABLE wide (" +
      columns + "); INSERT INTO wide VALUES (" + values + ")");
  const std::string seen =
      words(watched.after("INSERT INTO bare DEFAULT VALUES; UPDATE wide SET c7 = 7"));
  CHECK(seen ==
        "public.bare: +1; public.wide: [contents differ, but rows cannot be compared: row is too"
        " big: size 17624, maximum size 8160]");
  CHECK(words(watched.after("DELETE FROM bare")) == "public.bare: -2");
}

TEST_CASE("a materialized view is compared by its rows") {
  WatchedContents watched(
      "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2);"
      "CREATE MATERIALIZED VIEW m AS SELECT id, id * 2 AS twice FROM t");
  const ContentsDiff diff = watched.after(
      "DROP MATERIALIZED VIEW m; CREATE MATERIALIZED VIEW m AS SELECT id, id * 3 AS twice FROM t");
  CHECK(words(diff) == "public.m: -2 +2");
  CHECK(diff.tables.at(0).kind == ContentsKind::kMaterializedView);
}

}  // namespace
}  // namespace drydock
