// What an observer of the schema tells was touched, held against looking: after each statement of a
// long history whoever is told must know the tables that whoever looks knows.
#include "harness/model/touched.h"

#include <utility>

#include "harness/data/shape_reader.h"
#include "harness/observe/contents.h"
#include "harness/observe/contents_tables.h"
#include "harness/observe/schema_snapshot.h"
#include "harness/testing/catch.h"
#include "harness/testing/schema_history.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

/// A follower's session, and what it has to be told.
struct Follower {
  explicit Follower(const ConnectionInfo& info) : session(info) {}
  TouchedSource source() {
    return [this] { return std::optional<Touched>(std::exchange(pending, {})); };
  }
  Session session;
  Touched pending;
};

/// Each table with what a shape is made of.
std::string words_of(const WatchedTable& table) {
  std::string words = table.name + " from " + table.source + " key";
  for (const int part : table.key) words += " " + std::to_string(part);
  for (const WatchedColumn& column : table.columns) {
    words += "; " + std::to_string(column.number) + " " + column.name + " " + column.type + " " +
             std::to_string(column.type_oid) + (column.required ? " required " : " ") +
             column.digest.name + " " + column.digest.text +
             (column.digest.identity ? " as is" : "");
  }
  return words;
}

std::string shapes_seen(ContentsTables& tables, Session& session) {
  ContentsTransaction transaction(session, {150000, true});
  const std::map<Oid, TableMark> marks = tables.look(transaction);
  std::vector<const TableMark*> all;
  for (const auto& [oid, mark] : marks) all.push_back(&mark);
  std::string seen;
  for (const auto& [oid, shape] : tables.shapes(transaction, all)) seen += words_of(*shape) + "\n";
  return seen;
}

std::string names_of(const std::map<Oid, TableShape>& tables) {
  std::string names;
  for (const auto& [oid, table] : tables) names += table.sql + " ";
  return names;
}

}  // namespace

TEST_CASE("whoever is told what was touched knows the tables that whoever looks knows") {
  testing::FreshDatabase database;
  Connection writer(database.info()), observing(database.info());
  SchemaObserver observer(observing, true);
  Follower rows(database.info()), contents(database.info());
  Session looking(database.info());
  ShapeReader told_shapes(rows.session, rows.source()), seen_shapes(looking, {});
  ContentsTables told_tables(contents.source()), seen_tables({});
  for (const std::string& statement : testing::kSchemaHistory) {
    INFO(statement);
    writer.execute(statement);
    writer.execute(flush_counters_statement(writer.server_version()));
    observer.refresh();
    rows.pending.add(observer.touched());
    contents.pending.add(observer.touched());
    told_shapes.refresh();
    seen_shapes.refresh();
    REQUIRE(names_of(told_shapes.tables()) == names_of(seen_shapes.tables()));
    REQUIRE(told_shapes.tables() == seen_shapes.tables());
    for (const auto& [oid, type] : seen_shapes.types()) {
      REQUIRE(told_shapes.types().count(oid) == 1);
      REQUIRE(told_shapes.types().at(oid) == type);
    }
    REQUIRE(shapes_seen(told_tables, contents.session) == shapes_seen(seen_tables, looking));
  }
}

TEST_CASE("where nobody can tell what was touched, the tables are looked at") {
  testing::FreshDatabase database;
  Session writer(database.info()), reading(database.info());
  bool known = true;
  ShapeReader shapes(reading, [&]() -> std::optional<Touched> {
    if (known) return Touched{};
    return std::nullopt;
  });
  shapes.refresh();
  writer.query("CREATE TABLE made (id int)");
  shapes.refresh();
  CHECK(shapes.tables().empty());  // it believes what it is told
  known = false;
  shapes.refresh();
  CHECK(names_of(shapes.tables()) == "public.made ");
}

}  // namespace drydock
