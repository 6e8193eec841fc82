// What a lossy down leaves of rows, written again out of what is remembered of them.

#include "harness/testing/catch.h"
#include "harness/testing/watched_contents.h"

namespace drydock {
namespace {

using testing::WatchedContents;
using testing::words;

std::string present(WatchedContents& watched) {
  return words(watched.observer.compare(ContentsMatch::kByName));
}

TEST_CASE("rows and values that went are put back as they were") {
  struct Case {
    std::string rows, loss;
  };
  const Case given = GENERATE(values<Case>({
      {"CREATE TABLE a (id int PRIMARY KEY, v text); INSERT INTO a VALUES (1, 'x'), (2, NULL)",
       "UPDATE a SET v = 'lost'; DELETE FROM a WHERE id = 2; INSERT INTO a VALUES (3, 'new')"},
      {"CREATE TABLE a (id int, v numeric); INSERT INTO a VALUES (1, 1.50), (1, 1.50), (2, 1.5)",
       "DELETE FROM a WHERE id = 1"},
      {"CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY, v int, w int GENERATED ALWAYS AS "
       "(v * 2) STORED); INSERT INTO a (v) VALUES (7), (8)",
       "UPDATE a SET v = 0"},
      {"CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int NOT NULL REFERENCES a ON DELETE "
       "CASCADE); INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (1), (2), (2)",
       "DELETE FROM a WHERE id = 2"},
      {"CREATE TABLE a (id int, v text) PARTITION BY LIST (id); CREATE TABLE a1 PARTITION OF a FOR "
       "VALUES IN (1); CREATE TABLE a2 PARTITION OF a FOR VALUES IN (2); INSERT INTO a VALUES "
       "(1, 'x'), (2, 'y')",
       "UPDATE a SET id = 1"},
      {"CREATE TYPE mood AS ENUM ('low', 'high'); CREATE TABLE \"A b\" (\"I d\" mood, t "
       "timestamptz, "
       "c char(4), j jsonb, f float8, y bytea); INSERT INTO \"A b\" VALUES ('high', now(), 'x', "
       "'{\"k\": [1]}', 0.1, '\\x00ff')",
       "UPDATE \"A b\" SET \"I d\" = NULL, t = NULL, c = NULL, j = NULL, f = 1e-300, y = NULL"},
      {"CREATE TABLE a (id serial PRIMARY KEY); INSERT INTO a SELECT FROM generate_series(1, 5)",
       "DELETE FROM a; ALTER SEQUENCE a_id_seq RESTART"},
      {"CREATE TABLE a (id int); INSERT INTO a VALUES (1); CREATE FUNCTION no() RETURNS trigger "
       "LANGUAGE plpgsql AS $$BEGIN RAISE 'not so'; END$$; CREATE TRIGGER no BEFORE INSERT OR "
       "DELETE ON a FOR EACH ROW EXECUTE FUNCTION no()",
       "UPDATE a SET id = 2"},
  }));
  INFO(given.rows);
  WatchedContents watched(given.rows);
  REQUIRE_FALSE(watched.after(given.loss).empty());
  CHECK(watched.observer.put_back());
  CHECK(present(watched) == "");
}

TEST_CASE("rows stand in the order in which they stood") {
  WatchedContents watched(
      "CREATE TABLE a (id int); INSERT INTO a SELECT i * 7 % 101 FROM generate_series(1, 100) i");
  const std::string order = "SELECT string_agg(id::text, ' ' ORDER BY ctid) FROM a";
  const std::string before(watched.writer.query(order).at(0, 0));
  watched.after("UPDATE a SET id = id + 1");
  CHECK(watched.observer.put_back());
  CHECK(watched.writer.query(order).at(0, 0) == before);
}

TEST_CASE("nothing is changed where rows alone cannot make it what it was") {
  const std::string loss = GENERATE(
      as<std::string>{}, "UPDATE a SET v = 'lost'; DROP TABLE b",
      "UPDATE a SET v = 'lost'; ALTER TABLE b DROP COLUMN w",
      "UPDATE a SET v = 'lost'; ALTER TABLE b ALTER w TYPE text; UPDATE b SET w = 'lost'",
      "UPDATE a SET v = 'lost'; ALTER TABLE b ADD CHECK (w > 1) NOT VALID; UPDATE b SET w = 2");
  INFO(loss);
  WatchedContents watched(
      "CREATE TABLE a (id int PRIMARY KEY, v text); INSERT INTO a VALUES (1, 'x');"
      "CREATE TABLE b (id int PRIMARY KEY, w int); INSERT INTO b VALUES (1, 1);");
  const std::string lost = words(watched.after(loss, ContentsMatch::kByName));
  CHECK_FALSE(watched.observer.put_back());
  CHECK(present(watched) == lost);
}

}  // namespace
}  // namespace drydock
