#include "reports/lock_excerpt.h"

#include "harness/base/text.h"
#include "harness/testing/catch.h"
#include "harness/testing/sample_locks.h"

namespace drydock {
namespace {

Rehearsal sample() { return testing::with_locks().evidence; }

const std::string kFile = "db/migrations/000011_widen_order_totals.up.sql";

TEST_CASE("the ledger tells lock, statement and lock_timeout, and leaves out what is in no way") {
  const std::vector<std::string> lines = ledger_lines(sample().up);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] ==
        "ACCESS EXCLUSIVE on public.orders (12,000 rows) for 78 ms, after waiting 13 ms; " + kFile +
            ":3: ALTER TABLE orders ALTER COLUMN total TYPE bigint; lock_timeout 2.0 s");
  CHECK(ledger_lines(sample().down)[0].find("; no lock_timeout") != std::string::npos);
}

TEST_CASE("rewrites and passes are told with the statement that did them") {
  const std::vector<std::string> lines = pass_lines(sample().up);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == "rewrites table public.orders (12,000 rows): column type; " + kFile +
                        ":3: ALTER TABLE orders ALTER COLUMN total TYPE bigint");
  CHECK(lines[2].rfind("3 passes over public.orders (12,000 rows); ", 0) == 0);
  CHECK(lines[3].rfind("1 pass over public.orders (12,000 rows); ", 0) == 0);
}

TEST_CASE("a probe tells its latencies, and what kept it waiting") {
  const std::vector<std::string> lines = traffic_lines(sample().locks.traffic);
  CHECK(lines[0] == "public.orders SELECT:");
  CHECK(lines[1] == "  calm:  p50 0.2 ms, p99 0.8 ms, longest 1.4 ms of 250");
  CHECK(lines[2].rfind("  under: p50 0.2 ms, p99 80 ms, longest 88 ms", 0) == 0);
  CHECK(lines[3] ==
        "  waited 88 ms for ACCESS EXCLUSIVE on public.orders, taken by line 3: ALTER TABLE orders "
        "ALTER COLUMN total TYPE bigint");
  CHECK(lines[lines.size() - 4].rfind("public.sites INSERT: not tried: no row passed", 0) == 0);
  CHECK(lines[lines.size() - 3] == "the migration failed under traffic: deadlock detected");
  CHECK(lines.back().rfind("deadlock: Process 21 waits for RowExclusiveLock", 0) == 0);
}

TEST_CASE("an attempt behind a queue tells how it ended and what it left behind") {
  const std::vector<std::string> lines = queue_lines(sample().locks.queue);
  CHECK(lines[0] == "behind a long report on public.orders: gave up after 2.0 s [55P03]");
  CHECK(lines[2] == "  a SELECT behind it waited 2.0 s");
  CHECK(lines[3] == "  the second try applied");
  CHECK(lines[4] ==
        "behind a client idle in a transaction on public.orders: had to be stopped after 3.0 s");
  CHECK(lines[7] == "  the second try failed: relation \"order_notes\" already exists");
  CHECK(lines[8] == "  left behind: + extra table public.order_notes [behaviour]");
  CHECK(lines.back() ==
        "behind an old snapshot on public.sites: needed no lock that was in the way");
}

TEST_CASE("interruptions that do harm are told, the others counted") {
  const std::vector<std::string> lines = interruption_lines(sample().locks.interruptions);
  CHECK(lines[0] == "killed behind statement 2, " + kFile +
                        ":3: ALTER TABLE orders ALTER COLUMN total TYPE bigint");
  CHECK(lines[1] ==
        "  the second run failed: " + kFile + ":8:1: relation \"order_notes\" already exists");
  CHECK(lines[2].rfind("cancelled in statement 5, ", 0) == 0);
  CHECK(lines[lines.size() - 2] == "  rows: public.sites has 80 rows instead of 40");
  CHECK(lines.back() == "1 interruption without harm");
}

TEST_CASE("a forecast is told with its error and what it was measured at") {
  const std::vector<std::string> lines = forecast_lines(sample().locks.forecasts);
  CHECK(lines[0] ==
        "forecast: ACCESS EXCLUSIVE on public.orders for about 4 min 28 s ± 31.0 s at 80,000,000 "
        "rows, 3 passes, a rewrite; " +
            kFile + ":3: ALTER TABLE orders ALTER COLUMN total TYPE bigint");
  CHECK(lines[1] == "  measured: 78 ms at 12,000 rows");
  CHECK(lines[4].rfind("forecast: SHARE ROW EXCLUSIVE on public.sites for about 17 ms ± 2.4 ms at "
                       "900 rows; ",
                       0) == 0);
}

TEST_CASE("each check on locks has the evidence that it judged, and no other check has any") {
  for (const std::string& check : testing::lock_checks()) {
    CAPTURE(check);
    CHECK(lock_text(sample(), check).empty() == (check == "duration-budget"));
  }
  CHECK(lock_text(sample(), "up-applies").empty());
  CHECK(lock_text(sample(), "concurrent-leftover")
            .rfind("index public.orders_site_idx is INVALID: " + kFile + ":12: ", 0) == 0);
}

TEST_CASE("the evidence of a crowded migration stops before it fills a build server's box") {
  const std::string text =
      lock_text(testing::with_crowded_ledger("000001_x", 200, 30).evidence, "lock-budget");
  const std::vector<std::string_view> lines = split_lines(text);
  CHECK(lines.size() == 201);
  CHECK(lines.back().rfind("… and ", 0) == 0);
}

}  // namespace
}  // namespace drydock
