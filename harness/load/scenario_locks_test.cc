// The keys about locks: budgets, traffic, queues, and the sizes that forecasts are for.
#include "harness/base/error.h"
#include "harness/load/scenario_file.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

Scenario with(const std::string& members) {
  return parse_scenario("dir/wms.json", "{\"migrations\": {\"path\": \"m\"},\n" + members + "}");
}

std::string refusal(const std::string& locks) {
  try {
    with("\"locks\": {" + locks + "}");
  } catch (const Error& error) {
    return error.message();
  }
  return "no error";
}

TEST_CASE("without a word about locks they are watched, and nothing runs again") {
  const LockRules locks = with("\"locks\": {}").locks;
  CHECK(locks.ledger);
  CHECK(locks.interruptions);
  CHECK_FALSE(locks.traffic);
  CHECK_FALSE(locks.queue);
  CHECK(locks.budgets.empty());
  CHECK_FALSE(locks.duration_ms.has_value());
}

TEST_CASE("every key about locks arrives in the scenario") {
  const LockRules locks = with(R"("locks": {
    "ledger": false, "duration_ms": 90000, "interruptions": false,
    "traffic": true, "traffic_tables": ["public.lots", "public.\"Odd.Name\""],
    "operations_per_second": 20, "stall_ms": 300,
    "queue": true, "queue_holders": ["old_snapshot", "idle_in_transaction", "dump", "report"],
    "queue_patience_ms": 5000 })")
                              .locks;
  CHECK_FALSE(locks.ledger);
  CHECK(locks.duration_ms == 90'000);
  CHECK_FALSE(locks.interruptions);
  CHECK(locks.traffic);
  CHECK(locks.traffic_tables == std::vector<std::string>{"public.lots", "public.\"Odd.Name\""});
  CHECK(locks.operations_per_second == 20);
  CHECK(locks.stall_ms == 300);
  CHECK(locks.queue);
  using enum QueueHolder;
  CHECK(locks.queue_holders ==
        std::vector<QueueHolder>{kOldSnapshot, kIdleInTransaction, kDump, kReport});
  CHECK(locks.queue_patience_ms == 5000);
}

TEST_CASE("a budget is for ACCESS EXCLUSIVE on all tables unless it says otherwise") {
  const auto budgets = with(R"("locks": { "budgets": [
    { "mode": "SHARE ROW EXCLUSIVE", "tables": "audit.*", "held_ms": 250 },
    { "held_ms": 0 } ] })")
                           .locks.budgets;
  REQUIRE(budgets.size() == 2);
  CHECK(budgets[0].mode == LockMode::kShareRowExclusive);
  CHECK(budgets[0].tables == "audit.*");
  CHECK(budgets[0].held_ms == 250);
  CHECK(budgets[1].mode == LockMode::kAccessExclusive);
  CHECK(budgets[1].tables == "*");
  CHECK(budgets[1].held_ms == 0);
}

TEST_CASE("production's size of a table arrives beside what is generated for it") {
  const Scenario scenario = with(
      "\"data\": {\"tables\": {\"public.lots\": {\"rows\": 50, \"production_rows\": 80000000}}}");
  CHECK(scenario.tables.at("public.lots").rows == 50);
  CHECK(scenario.tables.at("public.lots").production_rows == 80'000'000);
}

TEST_CASE("a budget without a time is none") {
  CHECK_THAT(refusal("\"budgets\": [{\"tables\": \"*\"}]"),
             Catch::Contains("/locks/budgets/0/held_ms is missing"));
}

TEST_CASE("a mode is one of LOCK TABLE's") {
  CHECK_THAT(refusal("\"budgets\": [{\"mode\": \"AccessExclusiveLock\", \"held_ms\": 1}]"),
             Catch::Contains("/locks/budgets/0/mode: expected one of ACCESS SHARE, ROW SHARE, ROW "
                             "EXCLUSIVE, SHARE UPDATE EXCLUSIVE, SHARE, SHARE ROW EXCLUSIVE, "
                             "EXCLUSIVE, ACCESS EXCLUSIVE, found \"AccessExclusiveLock\""));
}

TEST_CASE("a budget's tables are named with their schema, which a star may stand for") {
  for (const std::string right : {"*", "public.orders", "public.*", "*.events", "a*.b*"}) {
    INFO(right);
    CHECK(refusal("\"budgets\": [{\"tables\": \"" + right + "\", \"held_ms\": 1}]") == "no error");
  }
  for (const std::string wrong : {"orders", "orders*", "a.b.c", "", "public."}) {
    INFO(wrong);
    CHECK_THAT(refusal("\"budgets\": [{\"tables\": \"" + wrong + "\", \"held_ms\": 1}]"),
               Catch::Contains("/tables: expected a table as schema.table, * for any letters"));
  }
}

TEST_CASE("numbers, switches and holders are refused when they are something else") {
  CHECK_THAT(refusal("\"traffic\": \"yes\""),
             Catch::Contains("/locks/traffic: expected true or false, found \"yes\""));
  CHECK_THAT(refusal("\"operations_per_second\": 0"),
             Catch::Contains("/locks/operations_per_second: expected a whole number of 1 or more, "
                             "found the number 0"));
  CHECK_THAT(refusal("\"stall_ms\": 0.5"),
             Catch::Contains("/locks/stall_ms: expected a whole number of 0 or more"));
  CHECK_THAT(refusal("\"queue_holders\": []"),
             Catch::Contains("/locks/queue_holders: expected a list of at least one of report, "
                             "idle_in_transaction, dump, old_snapshot, found a list"));
  CHECK_THAT(refusal("\"queue_holders\": [\"reports\"]"),
             Catch::Contains("/locks/queue_holders/0: expected one of report, "
                             "idle_in_transaction, dump, old_snapshot, found \"reports\""));
  CHECK_THAT(refusal("\"traffic_tables\": [\"lots\"]"),
             Catch::Contains("/locks/traffic_tables/0: expected a table as schema.table, found "
                             "\"lots\""));
}

}  // namespace
}  // namespace drydock
