#include "harness/base/text.h"
#include "harness/checks/check.h"
#include "harness/checks/safe_way.h"
#include "harness/testing/catch.h"
#include "harness/testing/judgement.h"
#include "harness/testing/locked.h"

namespace drydock {
namespace {

using testing::held;
using testing::held_index;
using testing::kDownFile;
using testing::kUpFile;
using testing::locking;
using testing::only_finding;
using testing::passed;
using testing::watched;
using enum LockMode;

const std::string kRetype = "ALTER TABLE orders ALTER COLUMN total TYPE bigint";

Judgement judged_by_budget(const Rehearsal& rehearsal, const Scenario& scenario = {}) {
  return find_check("lock-budget").judge(rehearsal, scenario);
}

/// A lock held for `ms` by a statement that took as long itself.
StatementRun long_statement(int line, const std::string& text, HeldLock lock) {
  StatementRun run = locking(line, "ALTER TABLE", text, {lock});
  run.duration_ms = lock.held_ms;
  run.footprint.rewrites = {{lock.relation, LockedKind::kTable, "", "column type", 1000}};
  return run;
}

Scenario with_budget(double held_ms) {
  Scenario scenario;
  scenario.locks.budgets = {{kAccessExclusive, "*", held_ms}};
  return scenario;
}

TEST_CASE("a lock held longer than its budget is reported with both times and who waits") {
  const Finding found = only_finding(judged_by_budget(
      watched({long_statement(3, kRetype, held("public.orders", kAccessExclusive, 1200))})));
  CHECK(found.severity == Severity::kError);
  CHECK(found.message ==
        "ACCESS EXCLUSIVE on public.orders (1,000 rows) was held for 1.2 s, more than the 501 ms "
        "of its budget (the default: 500 ms and 1 ms for each 1000 rows, at most 5 s)\n"
        "  Meanwhile every SELECT, INSERT, UPDATE and DELETE on public.orders waits.\n"
        "  ALTER TABLE orders ALTER COLUMN total TYPE bigint");
  CHECK_THAT(found.remedy, Catch::StartsWith("Add a column of the new type"));
  CHECK(found.file == kUpFile);
  CHECK(found.line == 3);
  CHECK(found.objects == std::vector<std::string>{"table public.orders"});
  CHECK(found.known_by == std::vector<std::string>{"the up script", "table public.orders"});
}

TEST_CASE("a lock within its budget, a weak one and one on an own table are no finding") {
  HeldLock own = held("public.fresh", kAccessExclusive, 9000);
  own.own = true;
  HeldLock advisory = held("advisory lock 42", kExclusive, 9000);
  advisory.kind = LockedKind::kAdvisory;
  CHECK(passed(judged_by_budget(
      watched({locking(1, "ALTER TABLE", "…",
                       {held("public.orders", kAccessExclusive, 400),
                        held("public.sites", kShareUpdateExclusive, 9000), own, advisory})}))));
}

TEST_CASE("a scenario's budget counts instead of the default") {
  const Rehearsal rehearsal =
      watched({long_statement(3, kRetype, held("public.orders", kAccessExclusive, 1200))});
  CHECK(passed(judged_by_budget(rehearsal, with_budget(2000))));
  CHECK_THAT(only_finding(judged_by_budget(rehearsal, with_budget(0))).message,
             Catch::Contains("more than the 0.0 ms of its budget (locks.budgets of the scenario)"));
}

TEST_CASE("a budget for a mode that no application waits for says who does") {
  Scenario scenario;
  scenario.locks.budgets = {{kShareUpdateExclusive, "*", 100}};
  const Finding found = only_finding(judged_by_budget(
      watched(
          {long_statement(1, "ANALYZE orders", held("public.orders", kShareUpdateExclusive, 200))}),
      scenario));
  CHECK_THAT(found.message, Catch::Contains("Other schema changes and VACUUM wait meanwhile."));
}

TEST_CASE("a lock that outlives its statement is put down to what follows in the transaction") {
  StatementRun add = locking(1, "ALTER TABLE", "ALTER TABLE orders ADD COLUMN total bigint",
                             {held("public.orders", kAccessExclusive, 900)});
  StatementRun fill = locking(2, "UPDATE", "UPDATE orders SET total = 0", {});
  fill.duration_ms = 890;
  const Finding found = only_finding(judged_by_budget(watched({add, fill})));
  CHECK(found.line == 1);
  CHECK_THAT(found.message,
             Catch::EndsWith("\n  The statement itself took 10 ms; the lock is kept until its "
                             "transaction ends, 890 ms later."));
  CHECK(found.remedy == kCommitBetween);
}

TEST_CASE("what the second up did faster was the machine's doing") {
  Rehearsal rehearsal =
      watched({long_statement(3, kRetype, held("public.orders", kAccessExclusive, 1200))});
  rehearsal.up_again.statements[0].duration_ms = 300;
  CHECK(passed(judged_by_budget(rehearsal)));
  rehearsal.up_again.statements[0].duration_ms = 700;
  CHECK_THAT(only_finding(judged_by_budget(rehearsal)).message,
             Catch::Contains("was held for 700 ms"));
  rehearsal.up_again.outcome = PhaseOutcome::kFailed;
  CHECK_THAT(only_finding(judged_by_budget(rehearsal)).message,
             Catch::Contains("was held for 1.2 s"));
}

TEST_CASE("one finding tells of a table, the worst; another script is another finding") {
  StatementRun two = long_statement(3, kRetype, held("public.orders", kAccessExclusive, 1200));
  two.footprint.locks.push_back(
      held_index("public.orders_pkey", "public.orders", kAccessExclusive));
  two.footprint.locks.back().held_ms = 1190;
  const StatementRun later = long_statement(5, kRetype, held("public.orders", kShare, 700));
  const StatementRun back =
      long_statement(2, kRetype, held("public.orders", kAccessExclusive, 800));
  const Judgement judgement = judged_by_budget(watched({two, later}, {back}));
  REQUIRE(judgement.findings.size() == 2);
  CHECK(judgement.findings[0].line == 3);
  CHECK(judgement.findings[1].file == kDownFile);
  CHECK(judgement.findings[1].known_by[0] == "the down script");
}

TEST_CASE("a lock that was sampled is told as such") {
  HeldLock sampled = held("public.orders", kShareRowExclusive, 1200);
  sampled.exact = false;
  const Finding found =
      only_finding(judged_by_budget(watched({long_statement(1, "CALL fill()", sampled)})));
  CHECK_THAT(found.message, Catch::Contains("was held for at least 1.2 s"));
  CHECK_THAT(found.message, Catch::EndsWith("Seen by sampling: the statement commits by itself."));
  CHECK(found.remedy == find_check("lock-budget").text.remedy);
}

LockForecast forecast() {
  LockForecast forecast;
  forecast.table = "public.orders";
  forecast.mode = kAccessExclusive;
  forecast.production_rows = 80'000'000;
  forecast.measured = {{1000, 10}, {100'000, 150}};
  forecast.held_ms = 41'000;
  forecast.error_ms = 6000;
  forecast.passes = 2;
  forecast.rewrite = true;
  forecast.statement = kRetype;
  forecast.file = kUpFile;
  forecast.line = 3;
  return forecast;
}

TEST_CASE("budgets apply to a forecast, which is called one") {
  Rehearsal rehearsal =
      watched({long_statement(3, kRetype, held("public.orders", kAccessExclusive, 10))});
  rehearsal.locks.forecasts = {forecast()};
  const Finding found = only_finding(judged_by_budget(rehearsal));
  CHECK(found.message ==
        "forecast: ACCESS EXCLUSIVE on public.orders will be held for about 41.0 s ± 6.0 s at "
        "80,000,000 rows: 2 passes + rewrite; its budget is 5.0 s (the default: 500 ms and 1 ms "
        "for each 1000 rows, at most 5 s)\n"
        "  Meanwhile every SELECT, INSERT, UPDATE and DELETE on public.orders waits.\n"
        "  ALTER TABLE orders ALTER COLUMN total TYPE bigint\n"
        "  A forecast, from what was measured: 10 ms at 1,000 rows, 150 ms at 100,000 rows.");
  CHECK_THAT(found.remedy, Catch::StartsWith("Add a column of the new type"));
  CHECK(found.line == 3);
  // The same finding as the one on what was measured.
  CHECK(found.known_by == std::vector<std::string>{"the up script", "table public.orders"});
  CHECK(passed(judged_by_budget(rehearsal, with_budget(60'000))));
}

TEST_CASE("a forecast that could not be made is told") {
  Rehearsal rehearsal = watched({});
  LockForecast none = forecast();
  none.problem = "the table could not be filled";
  rehearsal.locks.forecasts = {none};
  const Finding found = only_finding(judged_by_budget(rehearsal));
  CHECK(found.severity == Severity::kInfo);
  CHECK(found.message ==
        "no forecast for public.orders (80,000,000 rows) in production: the table could not be "
        "filled");
}

TEST_CASE("the locks of a migration that were not watched are not judged") {
  Rehearsal rehearsal = watched({});
  rehearsal.locks.observed = false;
  CHECK(judged_by_budget(rehearsal).skipped ==
        "locks were not watched: --no-locks, or locks.ledger");
}

}  // namespace
}  // namespace drydock
