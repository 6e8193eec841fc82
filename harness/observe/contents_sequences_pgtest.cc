// Sequences that went back, and large objects.
#include "harness/observe/contents.h"
#include "harness/testing/catch.h"
#include "harness/testing/watched_contents.h"

namespace drydock {
namespace {

using testing::WatchedContents;
using testing::words;

TEST_CASE("a sequence that will give numbers again is told with what it feeds") {
  struct Way {
    std::string sql, seen;
  };
  const auto way = GENERATE(values<Way>({
      {"INSERT INTO t DEFAULT VALUES", "public.t: +1"},
      {"ALTER SEQUENCE t_id_seq RESTART", "public.t_id_seq 11 -> 1 public.t.id <= 10"},
      {"SELECT setval('t_id_seq', 5)", "public.t_id_seq 11 -> 6 public.t.id <= 10"},
      {"SELECT setval('t_id_seq', 10, false)", "public.t_id_seq 11 -> 10 public.t.id <= 10"},
      {"SELECT setval('t_id_seq', 100)", ""},
      {"TRUNCATE t RESTART IDENTITY", "public.t: -10"},
      {"ALTER SEQUENCE t_id_seq RENAME TO s; SELECT setval('s', 1, false)",
       "public.s 11 -> 1 public.t.id <= 10"},
      {"ALTER TABLE t ALTER id DROP DEFAULT; DROP SEQUENCE t_id_seq;"
       "CREATE SEQUENCE t_id_seq; ALTER TABLE t ALTER id SET DEFAULT nextval('t_id_seq')",
       "public.t_id_seq 11 -> 1 public.t.id <= 10"},
      {"ALTER TABLE t ALTER id DROP DEFAULT; DROP SEQUENCE t_id_seq", ""},
      {"ALTER SEQUENCE down RESTART", "public.down 8 -> 10 public.d.id <= 9"},
      {"SELECT setval('alone', 1)", "public.alone 8 -> 2 "},
      {"SELECT setval('round', 1)", ""},
      {"SELECT setval('coded', 1)", "public.coded 3 -> 2 "},
      {"CREATE SEQUENCE new", ""},
  }));
  INFO(way.sql);
  WatchedContents watched(
      "CREATE TABLE t (id serial PRIMARY KEY); INSERT INTO t SELECT FROM generate_series(1, 10);"
      "CREATE SEQUENCE down INCREMENT -1 START 10 MINVALUE 1 MAXVALUE 10;"
      "CREATE TABLE d (id int DEFAULT nextval('down')); INSERT INTO d DEFAULT VALUES;"
      "INSERT INTO d DEFAULT VALUES; CREATE SEQUENCE alone; SELECT setval('alone', 7);"
      "CREATE SEQUENCE round CYCLE; SELECT setval('round', 7);"
      "CREATE SEQUENCE coded; CREATE TABLE c (id text DEFAULT 'C' || nextval('coded'));"
      "INSERT INTO c VALUES (DEFAULT), (DEFAULT)");
  CHECK(words(watched.after(way.sql)) == way.seen);
}

TEST_CASE("large objects are compared one by one") {
  WatchedContents watched(
      "SELECT lo_from_bytea(70001, 'one'), lo_from_bytea(70002, 'two'),"
      " lo_from_bytea(70003, '')");
  CHECK(words(watched.after("SELECT lo_put(70002, 0, 'two')")) == "");
  const ContentsDiff diff =
      watched.after("SELECT lo_put(70002, 0, 'TW'), lo_unlink(70001), lo_from_bytea(70004, 'x')");
  REQUIRE(diff.tables.size() == 1);
  const TableChange& change = diff.tables[0];
  CHECK(change.kind == ContentsKind::kLargeObjects);
  CHECK(change.table == "large objects");
  CHECK(change.rows_before == 3);
  CHECK(change.rows_after == 3);
  CHECK(change.lost == 1);
  CHECK(change.added == 1);
  CHECK(change.lost_samples == std::vector<std::string>{"oid = 70001"});
  REQUIRE(change.columns.size() == 1);
  CHECK(change.columns[0].rows == 1);
  CHECK(change.columns[0].samples.at(0).row == "oid = 70002");
}

}  // namespace
}  // namespace drydock
