// What probes feel, and what they leave alone.

#include "harness/observe/traffic_probes.h"

#include <algorithm>

#include "harness/postgres/session.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock {
namespace {

using testing::FreshDatabase;

struct Fixture {
  Fixture() { session.query("CREATE TABLE t(id int PRIMARY KEY); INSERT INTO t VALUES (1)"); }
  FreshDatabase database;
  Session session{database.info()};
};

ProbeStatement probe(ProbeOperation operation, const std::string& sql) {
  return {"public.t", operation, sql};
}

TEST_CASE(
    "each probe has done its calm operations when starting returns, and goes on until stopped") {
  Fixture f;
  TrafficProbes probes(f.database.info(),
                       {probe(ProbeOperation::kSelect, "SELECT FROM t WHERE id = 1"),
                        probe(ProbeOperation::kPlan, "EXPLAIN SELECT FROM t WHERE id = 1")},
                       200);
  probes.start(std::chrono::milliseconds(50));
  probes.stop();
  for (const Probe& each : probes.probes()) {
    CHECK(each.problem.empty());
    CHECK(each.ended_by.empty());
    CHECK(each.samples.size() >= 20);
    CHECK(std::is_sorted(each.samples.begin(), each.samples.end(),
                         [](const auto& a, const auto& b) { return a.due < b.due; }));
  }
}

TEST_CASE("what probes write is not there afterwards") {
  Fixture f;
  {
    TrafficProbes probes(f.database.info(),
                         {probe(ProbeOperation::kInsert, "INSERT INTO t VALUES (7)"),
                          probe(ProbeOperation::kDelete, "DELETE FROM t WHERE id = 1")},
                         500);
    probes.start(std::chrono::milliseconds(20));
    probes.stop();
    CHECK(probes.probes()[0].samples.size() >= 20);
  }
  const Rows rows = f.session.query("SELECT id FROM t");
  REQUIRE(rows.size() == 1);
  CHECK(rows.at(0, 0) == "1");
}

TEST_CASE("an operation that the table refuses has a problem, and is not tried again") {
  Fixture f;
  TrafficProbes probes(f.database.info(),
                       {probe(ProbeOperation::kInsert, "INSERT INTO t VALUES (1)")}, 100);
  probes.start(std::chrono::milliseconds(1));
  probes.stop();
  CHECK(probes.probes()[0].problem.find("duplicate key") != std::string::npos);
  CHECK(probes.probes()[0].samples.empty());
}

TEST_CASE("a stall of one operation is felt by all that were due meanwhile") {
  Fixture f;
  TrafficProbes probes(f.database.info(),
                       {probe(ProbeOperation::kSelect, "SELECT FROM t WHERE id = 1")}, 100);
  probes.start(std::chrono::milliseconds(1));
  f.session.query("BEGIN; LOCK TABLE t; SELECT pg_sleep(0.3); COMMIT");
  probes.stop();
  const Probe seen = probes.probes()[0];
  const auto late = std::count_if(seen.samples.begin(), seen.samples.end(),
                                  [](const ProbeSample& each) { return each.latency_ms > 100; });
  CHECK(late >= 10);
}

TEST_CASE("a probe whose table is gone ends, and says why") {
  Fixture f;
  TrafficProbes probes(f.database.info(),
                       {probe(ProbeOperation::kSelect, "SELECT FROM t WHERE id = 1")}, 500);
  probes.start(std::chrono::milliseconds(1));
  f.session.query("DROP TABLE t; SELECT pg_sleep(0.1)");
  probes.stop();
  CHECK(probes.probes()[0].ended_by.find("does not exist") != std::string::npos);
}

TEST_CASE("triggers and foreign keys stay out, unless the row is not valid without a trigger") {
  Fixture f;
  f.session.query(
      "CREATE TABLE child(id int, t int NOT NULL REFERENCES t);"
      "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS "
      "'BEGIN NEW.t := 1; RETURN NEW; END';"
      "CREATE TABLE filled(id int, t int NOT NULL);"
      "CREATE TRIGGER fill BEFORE INSERT ON filled FOR EACH ROW EXECUTE FUNCTION fill()");
  TrafficProbes probes(
      f.database.info(),
      {{"public.child", ProbeOperation::kInsert, "INSERT INTO child VALUES (1, 999)"},
       {"public.filled", ProbeOperation::kInsert, "INSERT INTO filled(id) VALUES (1)"}},
      100);
  for (const Probe& each : probes.probes()) CHECK(each.problem.empty());
}

TEST_CASE("stopping does not wait for what nobody will let go of") {
  Fixture f;
  Session other(f.database.info());
  TrafficProbes probes(f.database.info(),
                       {probe(ProbeOperation::kSelect, "SELECT FROM t WHERE id = 1")}, 100);
  probes.start(std::chrono::milliseconds(1));
  other.query("BEGIN; LOCK TABLE t; SELECT pg_sleep(0.1)");
  probes.stop();
  CHECK_FALSE(probes.probes()[0].ended_by.empty());
}

}  // namespace
}  // namespace drydock
