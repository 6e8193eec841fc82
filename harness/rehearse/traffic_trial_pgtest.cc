// What an application on the tables feels of migrations. How long the locks are held is said by the
// migrations themselves (pg_sleep), so that nothing depends on the machine's speed.

#include "harness/rehearse/traffic_trial.h"

#include <deque>

#include "harness/observe/traffic_probes.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using enum ProbeOperation;

Migration migration(const std::string& id, const std::string& up) {
  Migration made;
  made.id = id;
  made.up = {{id + ".up.sql", false, {{up, 1, {}}}, {}, 0}};
  return made;
}

constexpr const char* kOrders =
    "CREATE TABLE orders(id int PRIMARY KEY, note text, other int);"
    "INSERT INTO orders SELECT n, 'note ' || n, n FROM generate_series(1, 1000) n;";

struct Fixture {
  explicit Fixture(const std::string& schema = kOrders, Scenario the_scenario = {})
      : scenario(std::move(the_scenario)),
        traffic(testing::shared_server(), scenario, std::chrono::minutes(1)) {
    scenario.locks.operations_per_second = 100;
    apply(schema);
  }

  /// Goes into what was there before.
  void apply(const std::string& up) {
    migrations.push_back(migration("before", up));
    prefix.push_back({&migrations.back()});
  }

  /// Locks by the ledger: `table` in this mode, by the first statement.
  TrafficTrial run(const std::string& up, const std::string& table = "public.orders",
                   LockMode mode = LockMode::kAccessExclusive) {
    Rehearsal rehearsal;
    rehearsal.up.outcome = PhaseOutcome::kOk;
    rehearsal.up.statements.resize(2);
    HeldLock lock;
    lock.relation = table;
    lock.mode = mode;
    lock.held_ms = 1000;
    rehearsal.up.statements[0].footprint.locks = {lock};
    migrations.push_back(migration("tried", up));
    return traffic.run(migrations.back(), rehearsal, prefix);
  }
  /// And then the walk goes on behind it.
  void keep() { prefix.push_back({&migrations.back()}); }

  Scenario scenario;
  std::deque<Migration> migrations;
  std::vector<Step> prefix;
  TrafficRehearsal traffic;
};

const ProbeResult& result(const TrafficTrial& trial, ProbeOperation operation,
                          const std::string& table = "public.orders") {
  for (const ProbeResult& each : trial.probes) {
    if (each.operation == operation && each.table == table) return each;
  }
  FAIL("no such probe; skipped: " + trial.skipped);
  return trial.probes.front();
}

bool stalled(const TrafficTrial& trial, ProbeOperation operation,
             const std::string& table = "public.orders") {
  return result(trial, operation, table).longest_stall_ms > 0;
}

constexpr ProbeOperation kAll[] = {kSelect, kInsert, kUpdate, kDelete, kSelectForUpdate, kPlan};

TEST_CASE("under an ACCESS EXCLUSIVE lock everything waits, until the lock is given back") {
  Fixture f;
  const TrafficTrial trial =
      f.run("ALTER TABLE orders ADD COLUMN more int;\nSELECT pg_sleep(0.4);");
  REQUIRE(trial.ran);
  CHECK_FALSE(trial.failure);
  CHECK(trial.deadlock.empty());
  CHECK(trial.probes.size() == 6);
  for (const ProbeOperation operation : kAll) {
    const ProbeResult& each = result(trial, operation);
    CHECK(each.problem.empty());
    CHECK(each.calm.count >= 20);
    CHECK(each.longest_stall_ms > 0);
    CHECK(each.longest_stall_ms <= each.under.longest);
    CHECK(each.blocked_by == LockMode::kAccessExclusive);
    CHECK(each.blocked_on == "public.orders");
    CHECK(each.statement == "ALTER TABLE orders ADD COLUMN more int");
    CHECK(each.line == 1);
  }
}

TEST_CASE("CREATE INDEX keeps writers waiting, but no reader") {
  Fixture f;
  const TrafficTrial trial = f.run("CREATE INDEX ON orders(other); SELECT pg_sleep(0.3)",
                                   "public.orders", LockMode::kShare);
  for (const ProbeOperation each : {kInsert, kUpdate, kDelete}) CHECK(stalled(trial, each));
  for (const ProbeOperation each : {kSelect, kPlan, kSelectForUpdate})
    CHECK_FALSE(stalled(trial, each));
  CHECK(result(trial, kInsert).blocked_by == LockMode::kShare);
}

TEST_CASE("rows that a migration changed keep those waiting who want them, and nobody else") {
  Fixture f;
  const TrafficTrial trial = f.run("UPDATE orders SET note = 'x'; SELECT pg_sleep(0.3)",
                                   "public.orders", LockMode::kRowExclusive);
  for (const ProbeOperation each : {kUpdate, kDelete, kSelectForUpdate}) {
    CHECK(stalled(trial, each));
    CHECK(result(trial, each).blocked_by == LockMode::kRowExclusive);
    CHECK(result(trial, each).blocked_on == "public.orders");
  }
  for (const ProbeOperation each : {kSelect, kPlan, kInsert}) CHECK_FALSE(stalled(trial, each));
}

TEST_CASE("a migration that takes no lock for longer than a moment stalls nobody") {
  Fixture f;
  const TrafficTrial trial = f.run("CREATE INDEX CONCURRENTLY ON orders(other)", "public.orders",
                                   LockMode::kShareUpdateExclusive);
  REQUIRE(trial.ran);
  CHECK_FALSE(trial.failure);
  for (const ProbeOperation each : kAll) CHECK_FALSE(stalled(trial, each));
}

TEST_CASE("REINDEX keeps a plain SELECT waiting at the index, although it locks the table mildly") {
  Fixture f;
  const TrafficTrial trial =
      f.run("REINDEX TABLE orders; SELECT pg_sleep(0.3)", "public.orders", LockMode::kShare);
  CHECK(stalled(trial, kSelect));
  CHECK(result(trial, kSelect).blocked_on == "public.orders_pkey");
  CHECK(result(trial, kSelect).blocked_by == LockMode::kAccessExclusive);
}

TEST_CASE("a probe locks its table and nothing else") {
  Fixture f(
      "CREATE TABLE parent(id int PRIMARY KEY); INSERT INTO parent VALUES (1), (2), (3);"
      "CREATE TABLE orders(id int PRIMARY KEY, parent int NOT NULL REFERENCES parent);"
      "INSERT INTO orders SELECT n, n FROM generate_series(1, 3) n");
  f.scenario.locks.traffic_tables = {"public.orders"};
  const TrafficTrial trial = f.run("LOCK TABLE parent; SELECT pg_sleep(0.3)", "public.parent");
  REQUIRE(trial.ran);
  for (const ProbeOperation each : kAll) {
    CHECK(result(trial, each).problem.empty());
    CHECK_FALSE(stalled(trial, each));
  }
}

TEST_CASE("a table without a key has probes that need none, and the others say why not") {
  Fixture f("CREATE TABLE orders(note text); INSERT INTO orders VALUES ('a'), ('b')");
  const TrafficTrial trial = f.run("LOCK TABLE orders; SELECT pg_sleep(0.3)");
  for (const ProbeOperation each : {kSelect, kInsert, kSelectForUpdate, kPlan}) {
    CHECK(stalled(trial, each));
  }
  for (const ProbeOperation each : {kUpdate, kDelete}) {
    CHECK(result(trial, each).problem.find("no key") != std::string::npos);
  }
}

TEST_CASE("tables of every kind can be used while a migration runs") {
  Fixture f(
      "CREATE TABLE empty(id int PRIMARY KEY);"
      "CREATE TABLE \"Odd Name\"(\"a'b\" text, \"c%d\" int, PRIMARY KEY (\"a'b\", \"c%d\"));"
      "INSERT INTO \"Odd Name\" VALUES ('it''s', 1), (E'back\\\\slash', 2);"
      "CREATE TABLE parted(id bigint GENERATED ALWAYS AS IDENTITY, day date NOT NULL, "
      "twice bigint GENERATED ALWAYS AS (7) STORED, PRIMARY KEY (id, day)) PARTITION BY RANGE "
      "(day);"
      "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2030-01-01');"
      "INSERT INTO parted(day) VALUES ('2024-02-03'), ('2024-02-04')");
  f.scenario.locks.traffic_tables = {"public.empty", "public.\"Odd Name\"", "public.parted"};
  const TrafficTrial trial = f.run("LOCK TABLE empty, \"Odd Name\", parted; SELECT pg_sleep(0.3)");
  for (const std::string& table : f.scenario.locks.traffic_tables) {
    for (const ProbeOperation each : kAll) {
      INFO(table << ": " << result(trial, each, table).problem);
      CHECK(stalled(trial, each, table));
    }
  }
}

TEST_CASE("many tables share the connections, and those left out say so") {
  std::string schema, lock;
  Fixture f("SELECT 1");
  for (int i = 1; i <= 14; ++i) {
    const std::string name = "t" + std::to_string(i);
    f.scenario.locks.traffic_tables.push_back("public." + name);
    schema += "CREATE TABLE " + name + "(id int PRIMARY KEY, a int);";
    lock += (lock.empty() ? "LOCK TABLE " : ", ") + name;
  }
  f.apply(schema);
  const TrafficTrial trial = f.run(lock + "; SELECT pg_sleep(0.3)");
  std::size_t tried = 0, left_out = 0;
  for (const ProbeResult& each : trial.probes) (each.problem.empty() ? tried : left_out) += 1;
  CHECK(tried == kMostProbes);
  CHECK(left_out == 2);
  for (const ProbeOperation each : {kSelect, kUpdate}) CHECK(stalled(trial, each, "public.t1"));
}

TEST_CASE(
    "a deadlock with the application is told with both sides, and spoils nothing that follows") {
  Fixture f;
  const TrafficTrial trial = f.run(
      "UPDATE orders SET note = 'x'; SELECT pg_sleep(0.3);"
      "ALTER TABLE orders ADD COLUMN more int");
  REQUIRE(trial.ran);
  CHECK(trial.deadlock.find("ALTER TABLE orders ADD COLUMN more int") != std::string::npos);
  CHECK(trial.deadlock.find("public.orders") != std::string::npos);
  const TrafficTrial next = f.run("ALTER TABLE orders ADD COLUMN other_more int");
  CHECK(next.ran);
  CHECK_FALSE(next.failure);
}

TEST_CASE("the server follows the walk: what was tried stays, and what is missing is made up for") {
  Fixture f;
  REQUIRE(f.run("ALTER TABLE orders ADD COLUMN first int").ran);
  f.keep();
  f.prefix.push_back({nullptr, "UPDATE orders SET first = id", nullptr});
  f.apply("CREATE TABLE later(id int PRIMARY KEY)");
  const TrafficTrial trial = f.run("ALTER TABLE orders ALTER first SET NOT NULL");
  REQUIRE(trial.ran);
  CHECK_FALSE(trial.failure);
}

TEST_CASE("a walk that went another way is followed too") {
  Fixture f;
  REQUIRE(f.run("ALTER TABLE orders ADD COLUMN first int").ran);
  f.apply("ALTER TABLE orders ADD COLUMN first int");
  const TrafficTrial trial = f.run("ALTER TABLE orders DROP COLUMN first");
  REQUIRE(trial.ran);
  CHECK_FALSE(trial.failure);
}

TEST_CASE("what cannot be tried is skipped with the reason") {
  Fixture f;
  CHECK(f.run("SELECT 1", "public.orders", LockMode::kAccessShare).skipped ==
        "the up locks no table that was there before");
  f.scenario.locks.traffic_tables = {"public.nowhere"};
  const TrafficTrial nowhere = f.run("SELECT 1");
  CHECK_FALSE(nowhere.ran);
  CHECK(nowhere.probes.at(0).problem == "there is no such table before the up");
  f.scenario.locks.traffic_tables.clear();
  f.apply("SELECT 1/0");
  const TrafficTrial broken = f.run("LOCK TABLE orders");
  CHECK_FALSE(broken.ran);
  CHECK(broken.skipped.find("division by zero") != std::string::npos);
}

}  // namespace
}  // namespace drydock
