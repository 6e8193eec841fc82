// The incremental snapshot against the one read from scratch, on real servers. Each statement runs
// on a connection of its own, as a migration's would.
#include "harness/observe/schema_snapshot.h"

#include <string>
#include <vector>

#include "harness/observe/counters.h"
#include "harness/observe/schema_diff.h"
#include "harness/testing/catch.h"
#include "harness/testing/schema_history.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

struct Observed {
  testing::FreshDatabase database;
  Connection writer{database.info()};
  Connection reader{database.info()};
  SchemaObserver observer{reader};
};

std::string first_difference(const SchemaSnapshot& full, const SchemaSnapshot& incremental) {
  if (full == incremental) return "";
  for (const auto& object : full.objects) {
    const SchemaObject* other = incremental.find(object->key);
    if (other == nullptr) return "not seen: " + object->key.kind + " " + object->key.name;
    if (*other != *object) return "out of date: " + object->key.kind + " " + object->key.name;
  }
  for (const auto& object : incremental.objects) {
    if (full.find(object->key) == nullptr) {
      return "still there: " + object->key.kind + " " + object->key.name;
    }
  }
  return "order or duplicates";
}

}  // namespace

TEST_CASE("after every statement of a long history the incremental snapshot equals the full one") {
  Observed at;
  SchemaObserver by_counters(at.reader, true);
  at.observer.refresh();
  by_counters.refresh();
  for (const std::string& statement : testing::kSchemaHistory) {
    at.writer.execute(statement);
    at.writer.execute(flush_counters_statement(at.writer.server_version()));
    INFO(statement);
    const SchemaSnapshot full = at.observer.full();
    REQUIRE(first_difference(full, at.observer.refresh()) == "");
    REQUIRE(first_difference(full, by_counters.refresh()) == "");
  }
}

TEST_CASE("a change whose counters come late is seen when they come") {
  Observed at;
  SchemaObserver by_counters(at.reader, true);
  by_counters.refresh();
  // Within a second of the last flush the server keeps counters back.
  at.writer.execute(flush_counters_statement(at.writer.server_version()));
  at.writer.execute("CREATE FUNCTION late() RETURNS int LANGUAGE sql AS 'SELECT 1'");
  by_counters.refresh();
  at.writer.execute("CREATE TABLE meanwhile (id int)");
  CHECK(by_counters.refresh().find({"table", "public.meanwhile"}) != nullptr);
  at.writer.execute(flush_counters_statement(at.writer.server_version()));
  CHECK(by_counters.refresh().find({"function", "public.late()"}) != nullptr);
}

TEST_CASE(
    "many statements between two looks leave the incremental snapshot equal to the full one") {
  Observed at;
  at.writer.execute("CREATE ROLE snapshot_batch");
  at.observer.refresh();
  at.writer.execute(
      "CREATE TABLE a (id serial PRIMARY KEY, x int); CREATE VIEW v AS SELECT * FROM a;"
      "ALTER TABLE a ADD y text; ALTER TABLE a RENAME x TO z; GRANT SELECT ON v TO snapshot_batch;"
      "DROP VIEW v; CREATE VIEW v AS SELECT z FROM a; COMMENT ON VIEW v IS 'c'");
  REQUIRE(first_difference(at.observer.full(), at.observer.refresh()) == "");
  at.writer.execute("DROP TABLE a CASCADE; CREATE TABLE a (id serial PRIMARY KEY, x int)");
  REQUIRE(first_difference(at.observer.full(), at.observer.refresh()) == "");
  at.writer.execute("DROP TABLE a; DROP ROLE snapshot_batch");
  REQUIRE(first_difference(at.observer.full(), at.observer.refresh()) == "");
}

TEST_CASE("an ordinary change is read incrementally, a rename in full") {
  Observed at;
  at.writer.execute("CREATE TABLE a (id int); CREATE VIEW v AS SELECT * FROM a");
  at.observer.refresh();
  for (const char* ordinary :
       {"ALTER TABLE a ADD b int", "CREATE INDEX ON a (b)", "CREATE TABLE c (id serial)",
        "DROP TABLE c", "COMMENT ON TABLE a IS 'x'", "ALTER TABLE a DROP COLUMN b",
        "ALTER INDEX IF EXISTS a_b_idx RENAME TO i"}) {
    INFO(ordinary);
    at.writer.execute(ordinary);
    at.observer.refresh();
    CHECK_FALSE(at.observer.last_was_full());
  }
  at.writer.execute("ALTER TABLE a RENAME id TO number");
  at.observer.refresh();
  CHECK(at.observer.last_was_full());
}

TEST_CASE("snapshots taken before and after share the objects that did not change") {
  Observed at;
  at.writer.execute("CREATE TABLE a (id int); CREATE TABLE b (id int)");
  const SchemaSnapshot before = at.observer.refresh();
  at.writer.execute("ALTER TABLE a ADD x int");
  const SchemaSnapshot after = at.observer.refresh();
  CHECK(before.find({"table", "public.b"}) == after.find({"table", "public.b"}));
  CHECK(before.find({"column", "public.a.id"}) == after.find({"column", "public.a.id"}));
  CHECK(before.find({"column", "public.a.x"}) == nullptr);
  CHECK(after.find({"column", "public.a.x"}) != nullptr);
}

TEST_CASE("without superuser rights roles, grants and tables are still seen") {
  testing::FreshDatabase database;
  Connection writer(database.info());
  writer.execute("CREATE ROLE snapshot_plain; CREATE TABLE a (id int)");
  {
    Connection reader(database.info());
    reader.execute("SET SESSION AUTHORIZATION snapshot_plain");
    SchemaObserver observer(reader);
    const SchemaSnapshot before = observer.refresh();
    REQUIRE(before.find({"role", "snapshot_plain"}) != nullptr);
    writer.execute("CREATE ROLE snapshot_new; GRANT SELECT ON a TO snapshot_new");
    const SchemaSnapshot after = observer.refresh();
    CHECK(first_difference(observer.full(), after) == "");
    CHECK(after.find({"role", "snapshot_new"}) != nullptr);
    CHECK(compare_schemas(before, after).size() == 2);
  }
  writer.execute("DROP TABLE a; DROP ROLE snapshot_new, snapshot_plain");
}

TEST_CASE("system objects, temporary tables and members of extensions are no objects") {
  Observed at;
  const SchemaSnapshot before = at.observer.refresh();
  at.writer.execute("CREATE TEMPORARY TABLE passing (id serial PRIMARY KEY)");
  CHECK(at.observer.refresh() == before);
  at.writer.execute("CREATE EXTENSION citext");
  const SchemaDiff diff = compare_schemas(before, at.observer.refresh());
  REQUIRE(diff.size() == 1);
  CHECK(diff[0].object.kind == "extension");
}

}  // namespace drydock
