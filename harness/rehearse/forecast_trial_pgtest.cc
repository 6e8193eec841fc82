#include "harness/rehearse/forecast_trial.h"

#include <set>

#include "harness/testing/catch.h"
#include "harness/testing/staging_bench.h"

namespace drydock {
namespace {

constexpr const char* kOrders =
    "create table customers(id int primary key); insert into customers select generate_series(1, "
    "20); create table orders(id int primary key, customer int not null references customers, "
    "amount int not null, code text); insert into orders select n, 1 + n % 20, n, 'c' || n from "
    "generate_series(1, 50) n";

std::vector<LockForecast> forecasts(const std::vector<std::string>& up,
                                    const std::string& before = kOrders) {
  testing::StagingBench bench(before, up);
  Scenario scenario;
  scenario.rows = 50;
  scenario.tables["public.orders"].production_rows = 10'000'000;
  scenario.tables["public.customers"].rows = 20;
  const Phase walked = bench.walked();
  INFO((walked.error ? walked.error->message : ""));
  REQUIRE(walked.outcome == PhaseOutcome::kOk);
  return forecast_locks(bench.ground(), walked, scenario);
}

TEST_CASE("a lock under which a table is written anew is forecast for production") {
  const auto all = forecasts({"select 1; alter table orders alter amount type bigint"});
  REQUIRE(all.size() == 1);
  const LockForecast& forecast = all[0];
  CHECK(forecast.problem == "");
  CHECK(forecast.table == "public.orders");
  CHECK(forecast.mode == LockMode::kAccessExclusive);
  CHECK(forecast.rewrite);
  CHECK(forecast.production_rows == 10'000'000);
  CHECK(forecast.statement == "alter table orders alter amount type bigint");
  CHECK(forecast.file == "2_up.sql");
  CHECK(forecast.line == 1);
  std::set<std::int64_t> sizes;
  for (const LockForecast::Point& point : forecast.measured) {
    sizes.insert(point.rows);
    CHECK(point.held_ms > 0);
  }
  CHECK(sizes == std::set<std::int64_t>{5000, 10'000, 20'000});
  CHECK(forecast.measured.size() == 9);
  CHECK(forecast.held_ms > forecast.measured.back().held_ms);
  CHECK(forecast.error_ms > 0);
}

TEST_CASE("a lock that keeps writes out while an index is built is forecast") {
  const auto all = forecasts({"create index on orders(code)"});
  REQUIRE(all.size() == 1);
  CHECK(all[0].problem == "");
  CHECK(all[0].mode == LockMode::kShare);
  CHECK(all[0].passes == 1);
  CHECK_FALSE(all[0].rewrite);
}

TEST_CASE("what takes no time by the row is not forecast") {
  CHECK(forecasts({"alter table orders add column note text"}).empty());
  CHECK(forecasts({"create index concurrently on orders(code)"}).empty());
}

TEST_CASE("a table that is read because another one changes is forecast too") {
  const auto all = forecasts({"alter table customers alter id type bigint"});
  REQUIRE(all.size() == 1);
  CHECK(all[0].table == "public.orders");
  CHECK(all[0].passes > 0);
  CHECK_FALSE(all[0].rewrite);
}

TEST_CASE("a forecast that cannot be made says why") {
  const auto all = forecasts(
      {"alter table orders add check (amount >= 0 and amount <= 50)"},
      "create table customers(id int primary key); create table orders(id int primary key check "
      "(id between 1 and 50), amount int); insert into orders select n, n from generate_series(1, "
      "50) n");
  REQUIRE(all.size() == 1);
  CHECK_FALSE(all[0].problem.empty());
  CHECK(all[0].held_ms == 0);
}

}  // namespace
}  // namespace drydock
