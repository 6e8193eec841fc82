// Which tables are looked at, and that nothing that happens to rows escapes: the observer compares
// everything here (paranoid) and throws when something changed that it would not have looked at.
#include "harness/observe/contents.h"

#include "harness/observe/schema_snapshot.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"
#include "harness/testing/watched_contents.h"

namespace drydock {
namespace {

using testing::WatchedContents;
using testing::words;

const std::string kRows =
    "CREATE TABLE a (id int PRIMARY KEY, v text);"
    "INSERT INTO a SELECT i, 'v' || i FROM generate_series(1, 3) i;";

TEST_CASE("rows that nobody touched are not read") {
  WatchedContents watched(kRows + "CREATE TABLE b (id int PRIMARY KEY);", false);
  const ContentsDiff diff = watched.after("INSERT INTO b VALUES (1)");
  CHECK(words(diff) == "public.b: +1");
  CHECK(diff.tables_compared == 1);
  CHECK(diff.rows_compared == 1);
  CHECK(diff.tables[0].rows_after == 1);
  watched.observer.remember();
  CHECK(watched.observer.compare(ContentsMatch::kByName).tables_compared == 0);
}

TEST_CASE("catalog changes that leave rows alone do not make a table touched") {
  WatchedContents watched(kRows, false);
  const ContentsDiff diff = watched.after(
      "CREATE INDEX ON a (v); ALTER TABLE a RENAME v TO w; ALTER TABLE a RENAME TO b;"
      "ALTER TABLE b ADD CHECK (w <> ''); ANALYZE b; GRANT SELECT ON b TO PUBLIC");
  CHECK(words(diff) == "");
  CHECK(diff.tables_compared == 0);
}

TEST_CASE("each way of writing to a table is seen") {
  struct Way {
    std::string prepare, sql, seen;
  };
  const std::string child =
      "CREATE TABLE c (id int PRIMARY KEY, a int REFERENCES a ON DELETE CASCADE);"
      "INSERT INTO c VALUES (7, 1);";
  const Way way = GENERATE_COPY(values<Way>({
      {"", "INSERT INTO a VALUES (9, 'x')", "public.a: +1"},
      {"", "UPDATE a SET v = v || '!' WHERE id = 2", "public.a: v 1 (id = 2: v2 -> v2!)"},
      {"", "DELETE FROM a WHERE id = 2", "public.a: -1"},
      {"", "TRUNCATE a", "public.a: -3"},
      {"", "BEGIN; INSERT INTO a VALUES (9, 'x'); TRUNCATE a; COMMIT", "public.a: -3"},
      {"", "COPY a FROM PROGRAM 'echo 8,x' WITH (FORMAT csv)", "public.a: +1"},
      {"", "CREATE TABLE b AS SELECT * FROM a", ""},
      {"", "INSERT INTO a SELECT 5, 'x'; DELETE FROM a WHERE id = 5", ""},
      {"", "VACUUM FULL a", ""},
      {"", "UPDATE a SET v = v", ""},
      {"", "ALTER TABLE a ALTER v TYPE int USING length(v)",
       "public.a: v 3 (id = 1: v1 -> 2) (id = 2: v2 -> 2) (id = 3: v3 -> 2)"},
      {"", "MERGE INTO a USING (VALUES (1)) s (i) ON id = i WHEN MATCHED THEN DELETE",
       "public.a: -1"},
      {child, "DELETE FROM a WHERE id = 1", "public.a: -1; public.c: -1"},
      {"CREATE TABLE log (t text);"
       "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
       " $$BEGIN INSERT INTO public.log VALUES (NEW.v); RETURN NEW; END$$;"
       "CREATE TRIGGER note AFTER UPDATE ON a FOR EACH ROW EXECUTE FUNCTION note();",
       "UPDATE a SET v = v WHERE id = 1", "public.log: +1"},
      {"CREATE MATERIALIZED VIEW m AS SELECT count(*) FROM a;",
       "INSERT INTO a VALUES (9, 'x'); REFRESH MATERIALIZED VIEW m",
       "public.a: +1; public.m: -1 +1"},
      {"CREATE MATERIALIZED VIEW m AS SELECT id FROM a;",
       "REFRESH MATERIALIZED VIEW m WITH NO DATA", "public.m: -3 [it is not populated now]"},
      {"CREATE UNLOGGED TABLE u (i int); INSERT INTO u VALUES (1);", "DELETE FROM u",
       "public.u: -1"},
      {"", "SET session_replication_role = replica; DELETE FROM a WHERE id = 3", "public.a: -1"},
  }));
  INFO(way.sql);
  WatchedContents watched(kRows + way.prepare);
  CHECK(words(watched.after("SELECT 1")) == "");
  watched.observer.remember();
  for (const std::string& sql : {way.sql}) watched.run(sql);
  CHECK(words(watched.observer.compare(ContentsMatch::kByIdentity)) == way.seen);
  watched.observer.remember();
  CHECK(words(watched.observer.compare(ContentsMatch::kByIdentity)) == "");
}

TEST_CASE("renames are no changes by identity") {
  WatchedContents watched(
      "CREATE SCHEMA s; CREATE TABLE s.a (id int PRIMARY KEY, v text);"
      "INSERT INTO s.a VALUES (1, 'x');");
  const ContentsDiff diff = watched.after(
      "ALTER SCHEMA s RENAME TO t; ALTER TABLE t.a RENAME TO b; ALTER TABLE t.b RENAME v TO w;"
      "ALTER TABLE t.b RENAME id TO key");
  CHECK(words(diff) == "");
  watched.run("UPDATE t.b SET w = 'y'");
  const ContentsDiff changed = watched.observer.compare(ContentsMatch::kByIdentity);
  CHECK(words(changed) == "s.a now t.b: v>w 1 (id = 1: x -> y)");
  // By name nothing is found, and what is still there under another name is not lost.
  CHECK(words(watched.observer.compare(ContentsMatch::kByName)) ==
        "s.a now t.b: v>w 1 (id = 1: x -> y)");
}

TEST_CASE("what was dropped and made again stands for what was there") {
  WatchedContents watched(kRows);
  SECTION("a table with the same rows") {
    CHECK(words(watched.after(
              "CREATE TEMP TABLE k AS SELECT * FROM a; DROP TABLE a;"
              "CREATE TABLE a (v text, id int PRIMARY KEY); INSERT INTO a SELECT v, id FROM k;"
              "DROP TABLE k")) == "");
  }
  SECTION("an empty table") {
    const ContentsMatch match = GENERATE(ContentsMatch::kByIdentity, ContentsMatch::kByName);
    CHECK(words(watched.after("DROP TABLE a; CREATE TABLE a (id int PRIMARY KEY, v text)",
                              match)) == "public.a: -3");
  }
  SECTION("an empty column") {
    const ContentsMatch match = GENERATE(ContentsMatch::kByIdentity, ContentsMatch::kByName);
    CHECK(words(watched.after(
              "DELETE FROM a WHERE id = 3; ALTER TABLE a DROP v; ALTER TABLE a ADD v text",
              match)) == "public.a: -1 v 2 (id = 1: v1 -> NULL) (id = 2: v2 -> NULL)");
  }
  SECTION("a renamed column whose name another one takes") {
    CHECK(words(watched.after("ALTER TABLE a RENAME v TO old_v; ALTER TABLE a ADD v text")) == "");
  }
}

TEST_CASE("a dropped table and a dropped column count what went with them") {
  WatchedContents watched(kRows +
                          "CREATE TABLE b (id int); INSERT INTO b VALUES (1), (2);"
                          "UPDATE a SET v = NULL WHERE id = 2;");
  CHECK(words(watched.after("DROP TABLE b; ALTER TABLE a DROP v")) ==
        "public.a: v dropped 2; public.b: dropped -2");
}

TEST_CASE("new tables and new columns take nothing away") {
  WatchedContents watched(kRows);
  CHECK(words(watched.after("CREATE TABLE b (id int); INSERT INTO b VALUES (1);"
                            "ALTER TABLE a ADD w int NOT NULL DEFAULT 5")) == "");
}

TEST_CASE("partitions are seen through their root") {
  WatchedContents watched(
      "CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);"
      "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);"
      "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (100) PARTITION BY RANGE (id);"
      "CREATE TABLE p2a PARTITION OF p2 FOR VALUES FROM (10) TO (50);"
      "INSERT INTO p SELECT i, 'v' || i FROM generate_series(8, 12) i;");
  CHECK(words(watched.after("UPDATE p2a SET v = 'x' WHERE id = 12")) ==
        "public.p: v 1 (id = 12: v12 -> x)");
  CHECK(words(watched.after("UPDATE p SET id = 40 WHERE id = 8")) == "public.p: -1 +1");
  CHECK(words(watched.after("TRUNCATE p2a")) == "public.p: -4");
  CHECK(words(watched.after("ALTER TABLE p DETACH PARTITION p1;"
                            "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10)")) ==
        "");
}

TEST_CASE("rows of a detached partition are not lost") {
  WatchedContents watched(
      "CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);"
      "CREATE TABLE p1 (v text, id int NOT NULL);"
      "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10);"
      "INSERT INTO p VALUES (1, 'x'), (2, 'y');");
  CHECK(words(watched.after("ALTER TABLE p DETACH PARTITION p1")) == "");
  watched.run("ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10)");
  CHECK(words(watched.after(
            "ALTER TABLE p DETACH PARTITION p1; UPDATE p1 SET v = 'z' WHERE id = 1")) ==
        "public.p: v 1 (id = 1: x -> z)");
  watched.run("ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10)");
  const ContentsDiff diff = watched.after("ALTER TABLE p DETACH PARTITION p1; DROP TABLE p1");
  CHECK(words(diff) == "public.p: -2");
  CHECK(diff.tables.at(0).lost_with_partitions == 2);
}

TEST_CASE("a table that becomes a partition keeps its rows") {
  WatchedContents watched(
      "CREATE TABLE a (id int NOT NULL); INSERT INTO a VALUES (1);"
      "CREATE TABLE p (id int NOT NULL) PARTITION BY LIST (id);");
  CHECK(words(watched.after("ALTER TABLE p ATTACH PARTITION a FOR VALUES IN (1)")) ==
        "public.p: +1");
}

TEST_CASE("a table that inherits is a table of its own") {
  WatchedContents watched(
      "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (v text) INHERITS (a);"
      "INSERT INTO a VALUES (1); INSERT INTO b VALUES (2, 'x');");
  CHECK(words(watched.after("UPDATE b SET v = 'y'")) == "public.b: -1 +1");
}

TEST_CASE("what a transaction of this session did is seen inside it and forgotten after it") {
  WatchedContents watched(
      kRows + "CREATE ROLE nobody_much; ALTER TABLE a ENABLE ROW LEVEL SECURITY;", false);
  watched.observer.remember();
  for (int round = 0; round < 2; ++round) {
    watched.reader.query(
        "BEGIN; UPDATE a SET v = 'x' WHERE id = 1; INSERT INTO a VALUES (4, 'y');"
        "ALTER TABLE a ADD w int; SET LOCAL ROLE nobody_much;"
        "SET LOCAL search_path = nowhere");
    CHECK(words(watched.observer.compare(ContentsMatch::kByIdentity)) ==
          "public.a: +1 v 1 (id = 1: v1 -> x)");
    CHECK(watched.reader.query("SHOW search_path").at(0, 0) == "nowhere");
    CHECK(watched.reader.query("SELECT current_user").at(0, 0) == "nobody_much");
    watched.reader.query("ROLLBACK");
    watched.observer.ignore_rolled_back();
    CHECK(watched.observer.compare(ContentsMatch::kByIdentity).tables_compared == 0);
  }
  watched.run("DROP ROLE nobody_much");
}

TEST_CASE("looking leaves the session as it was") {
  WatchedContents watched(kRows);
  watched.reader.query("SET DateStyle = 'German'; SET search_path = elsewhere");
  watched.observer.remember();
  watched.observer.compare(ContentsMatch::kByName);
  CHECK(watched.reader.query("SHOW DateStyle").at(0, 0) == "German, DMY");
  CHECK(watched.reader.query("SHOW search_path").at(0, 0) == "elsewhere");
  CHECK(watched.reader.transaction() == TransactionState::kIdle);
}

TEST_CASE("images are in nobody's way") {
  WatchedContents watched(
      "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE COLLATION plain (LOCALE = 'C');"
      "CREATE TABLE a (id int PRIMARY KEY, m mood, t text COLLATE plain);"
      "INSERT INTO a VALUES (1, 'ok', 'x');"
      "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
      " $$BEGIN RAISE EXCEPTION 'no tables today'; END$$;"
      "CREATE EVENT TRIGGER refuse ON ddl_command_end WHEN TAG IN ('CREATE TABLE AS')"
      " EXECUTE FUNCTION refuse();");
  Connection connection(watched.database.info());
  SchemaObserver schema(connection);
  const SchemaSnapshot before = schema.refresh();
  CHECK(words(watched.after("ALTER TABLE a ALTER m TYPE text, ALTER t TYPE text COLLATE \"C\";"
                            "DROP TYPE mood; DROP COLLATION plain")) == "");
  watched.run(
      "CREATE COLLATION plain (LOCALE = 'C'); CREATE TYPE mood AS ENUM ('sad', 'ok');"
      "ALTER TABLE a ALTER m TYPE mood USING m::mood, ALTER t TYPE text COLLATE plain");
  CHECK(words(watched.observer.compare(ContentsMatch::kByName)) == "");
  CHECK(schema.refresh() == before);
}

TEST_CASE("tables of extensions and temporary tables are nobody's contents") {
  WatchedContents watched("CREATE TEMP TABLE t (i int); INSERT INTO t VALUES (1);");
  const ContentsDiff diff = watched.after("DELETE FROM t");
  CHECK(words(diff) == "");
  CHECK(diff.tables_compared == 0);
}

TEST_CASE("rows come and go over many looks") {
  WatchedContents watched(kRows);
  CHECK(words(watched.after("DELETE FROM a")) == "public.a: -3");
  CHECK(words(watched.after("INSERT INTO a VALUES (1, 'x')")) == "public.a: +1");
  CHECK(words(watched.after("UPDATE a SET v = 'y'")) == "public.a: v 1 (id = 1: x -> y)");
  CHECK(words(watched.after("ALTER TABLE a ADD w int DEFAULT 1")) == "");
  CHECK(words(watched.after("UPDATE a SET w = 2")) == "public.a: w 1 (id = 1: 1 -> 2)");
  CHECK(words(watched.after("ALTER TABLE a DROP v")) == "public.a: v dropped 1");
  CHECK(words(watched.after("DROP TABLE a")) == "public.a: dropped -1");
  CHECK(words(watched.after("SELECT 1")) == "");
}

TEST_CASE("types that print otherwise change no value, neither then nor later") {
  WatchedContents watched(
      "CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE pair AS (x int);"
      "CREATE TABLE t (id int PRIMARY KEY, m mood, p pair);"
      "INSERT INTO t VALUES (1, 'ok', ROW(1)), (2, 'sad', NULL);");
  CHECK(words(watched.after("ALTER TYPE mood RENAME VALUE 'ok' TO 'fine';"
                            "ALTER TYPE pair ADD ATTRIBUTE y int")) == "");
  CHECK(words(watched.after("UPDATE t SET m = 'sad' WHERE id = 1")) ==
        "public.t: m 1 (id = 1: fine -> sad)");
}

TEST_CASE("a table whose row security binds who looks is not compared, and said to when touched") {
  testing::FreshDatabase database;
  Session writer{database.info()}, reader{database.info()};
  writer.query(
      "CREATE ROLE bound; GRANT pg_read_all_data TO bound;"
      "CREATE TABLE secrets (id int PRIMARY KEY, v text); CREATE TABLE plain (id int PRIMARY KEY);"
      "INSERT INTO secrets VALUES (1, 'x'); INSERT INTO plain VALUES (1);"
      "ALTER TABLE secrets ENABLE ROW LEVEL SECURITY");
  reader.query("SET SESSION AUTHORIZATION bound");
  ContentsObserver observer(reader, false);
  const auto after = [&](const std::string& sql) {
    writer.query("SELECT pg_stat_force_next_flush()");
    observer.remember();
    writer.query(sql);
    writer.query("SELECT pg_stat_force_next_flush()");
    const ContentsDiff diff = observer.compare(ContentsMatch::kByIdentity);
    return words(diff) + (diff.tables.empty() ? "" : " " + diff.tables[0].hidden_from);
  };
  CHECK(after("SELECT 1") == "");
  CHECK(after("DELETE FROM plain") == "public.plain: -1 ");
  const std::string hidden = "public.secrets: [row security keeps rows from bound] bound";
  CHECK(after("DELETE FROM secrets") == hidden);
  ContentsPrints prints;
  observer.compare(ContentsMatch::kByIdentity, {}, &prints);
  CHECK(prints.empty());
  CHECK(after("INSERT INTO secrets VALUES (2); ALTER TABLE secrets DISABLE ROW LEVEL SECURITY") ==
        hidden);
  CHECK(after("DELETE FROM secrets") == "public.secrets: -1 ");
  CHECK(after("ALTER TABLE secrets ENABLE ROW LEVEL SECURITY; INSERT INTO secrets VALUES (3)") ==
        hidden);
}

TEST_CASE("a paranoid look finds what the counters hide") {
  WatchedContents watched(kRows);
  watched.observer.remember();
  watched.writer.query("SET track_counts = off");
  watched.writer.query("UPDATE a SET v = 'x'");
  const std::string missed = "the contents of public.a changed although";
  const auto compare = [&] { watched.observer.compare(ContentsMatch::kByName); };
  CHECK(testing::error_of(compare).message().find(missed) == 0);
  CHECK(testing::error_of([&] { watched.observer.remember(); }).message().find(missed) == 0);
  CHECK(watched.reader.transaction() == TransactionState::kIdle);
}

}  // namespace
}  // namespace drydock
