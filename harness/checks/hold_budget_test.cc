#include "harness/checks/hold_budget.h"

#include "harness/testing/catch.h"

namespace drydock {
namespace {

using enum LockMode;

double budget_ms(const Scenario& scenario, LockMode mode, const std::string& table,
                 std::int64_t rows = 1000) {
  const auto budget = hold_budget(scenario, mode, table, rows);
  return budget ? budget->held_ms : -1;
}

Scenario with(std::vector<LockBudget> budgets) {
  Scenario scenario;
  scenario.locks.budgets = std::move(budgets);
  return scenario;
}

TEST_CASE("the default grows with the table and is for locks that applications wait for") {
  CHECK(budget_ms({}, kAccessExclusive, "public.t", 0) == 500);
  CHECK(budget_ms({}, kAccessExclusive, "public.t", -1) == 500);
  CHECK(budget_ms({}, kShare, "public.t", 1'000'000) == 1500);
  CHECK(budget_ms({}, kAccessExclusive, "public.t", 80'000'000) == 5000);
  CHECK(budget_ms({}, kShareUpdateExclusive, "public.t") == -1);
  CHECK(budget_ms({}, kRowExclusive, "public.t") == -1);
}

TEST_CASE("the first budget that fits counts, and the default where none does") {
  const Scenario scenario = with({{kAccessExclusive, "public.orders", 10},
                                  {kShare, "audit.*", 20},
                                  {kAccessExclusive, "*", 30}});
  CHECK(budget_ms(scenario, kAccessExclusive, "public.orders") == 10);
  CHECK(budget_ms(scenario, kAccessExclusive, "public.lots") == 30);
  CHECK(budget_ms(scenario, kAccessExclusive, "audit.log") == 20);
  CHECK(budget_ms(scenario, kShare, "audit.log") == 20);
  CHECK(budget_ms(scenario, kShare, "public.orders") == 501);
  CHECK(hold_budget(scenario, kShare, "audit.log", 1)->source == "locks.budgets of the scenario");
}

TEST_CASE("a budget is for every lock that keeps out what its mode keeps out") {
  const Scenario scenario = with({{kShare, "*", 1}});
  for (const LockMode mode : {kShare, kShareRowExclusive, kExclusive, kAccessExclusive})
    CHECK(budget_ms(scenario, mode, "public.t") == 1);
  // SHARE UPDATE EXCLUSIVE lets INSERT in.
  CHECK(budget_ms(scenario, kShareUpdateExclusive, "public.t") == -1);
  // SHARE lets another SHARE in, which SHARE UPDATE EXCLUSIVE does not.
  CHECK(budget_ms(with({{kShareUpdateExclusive, "*", 1}}), kShare, "public.t") == 501);
}

TEST_CASE("a mode that nobody waits for has a budget when one is asked for") {
  CHECK(budget_ms(with({{kRowExclusive, "*", 7}}), kRowExclusive, "public.t") == 7);
}

TEST_CASE("a star stands for any letters, none included, anywhere and more than once") {
  const auto fits = [](const std::string& pattern, const std::string& table) {
    return budget_ms(with({{kAccessExclusive, pattern, 1}}), kAccessExclusive, table) == 1;
  };
  CHECK(fits("*", "public.orders"));
  CHECK(fits("*.orders", "public.orders"));
  CHECK(fits("public.order*", "public.orders"));
  CHECK(fits("public.orders*", "public.orders"));
  CHECK(fits("p*.o*s", "public.orders"));
  CHECK(fits("*.*", "public.orders"));
  CHECK_FALSE(fits("public.orders", "public.orders2"));
  CHECK_FALSE(fits("*.orders", "public.orders2"));
  CHECK_FALSE(fits("p*.o*x", "public.orders"));
}

}  // namespace
}  // namespace drydock
