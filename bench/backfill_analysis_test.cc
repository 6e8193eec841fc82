#include "bench/backfill_analysis.h"

#include <algorithm>

#include "harness/testing/catch.h"

namespace drydock {
namespace {

BackfillRun run_of(double rows_per_second, double stall_ms) {
  BackfillRun run;
  run.rows = 100'000;
  run.seconds = 100'000 / rows_per_second;
  run.writes.p99 = stall_ms;
  run.reads.p99 = stall_ms / 2;
  run.wal_bytes = 40'000'000;
  run.bytes_before = 10;
  run.bytes_after = 20;
  return run;
}

BackfillPoint point(BackfillStrategy strategy, std::int64_t batch, double rows_per_second,
                    double stall_ms, int workers = 1) {
  BackfillPoint made;
  made.variant = {strategy, batch, 0, workers};
  for (const double factor : {0.98, 1.0, 1.03, 1.01, 0.99}) {
    made.runs.push_back(run_of(rows_per_second * factor, stall_ms * factor));
  }
  return made;
}

/// Faster and rougher with the batch; two workers win, one UPDATE of everything is the limit.
BackfillResult sweep() {
  BackfillResult result;
  result.points = {point(BackfillStrategy::kSingle, 0, 200'000, 900),
                   point(BackfillStrategy::kNaive, 1'000, 60'000, 9),
                   point(BackfillStrategy::kKeyset, 100, 110'000, 2),
                   point(BackfillStrategy::kKeyset, 1'000, 136'000, 8),
                   point(BackfillStrategy::kKeyset, 10'000, 140'000, 90),
                   point(BackfillStrategy::kCtid, 10'000, 180'000, 120, 2)};
  return result;
}

TEST_CASE("a point's figures are the medians of its runs, without those that failed") {
  BackfillResult result = sweep();
  BackfillRun broken = run_of(1, 1);
  broken.problem = "12 rows were left";
  result.points[3].runs.push_back(broken);
  analyse(result);
  CHECK(result.points[3].rows_per_second == Approx(136'000));
  CHECK(result.points[3].stall_p99_ms == Approx(8));
  CHECK(result.points[3].spread == Approx(0.05));
  CHECK(result.points[3].share_of_single == Approx(0.68));
}

TEST_CASE("only what nothing else beats in both is on the frontier") {
  BackfillResult result = sweep();
  analyse(result);
  std::vector<bool> frontier;
  for (const BackfillPoint& each : result.points) frontier.push_back(each.on_frontier);
  CHECK(frontier == std::vector<bool>{true, false, true, true, true, true});
  REQUIRE(result.knee);
  CHECK(*result.knee == 3);
}

TEST_CASE("the fastest that keeps the stall budget is recommended, with the reason") {
  BackfillResult result = sweep();
  analyse(result);
  REQUIRE(result.recommended);
  CHECK(*result.recommended == 3);
  CHECK(result.reason ==
        "keyset, 1,000 rows a batch, 1 worker does 136000 rows/s, 68 % of one single UPDATE, "
        "while traffic waits 8.0 ms at p99; ctid, 10,000 rows a batch, 2 workers would be faster "
        "(180000 rows/s), but makes it wait 120 ms, over 50 ms (no budget was given).");
}

TEST_CASE("a wider stall budget lets a faster way in, a narrow one a slower") {
  BackfillResult wide = sweep(), narrow = sweep();
  wide.budgets.stall_p99_ms = 500;
  narrow.budgets.stall_p99_ms = 3;
  analyse(wide);
  analyse(narrow);
  CHECK(wide.recommended == std::size_t{5});
  CHECK(narrow.recommended == std::size_t{2});
}

TEST_CASE("among ways as fast as each other the gentlest is recommended") {
  BackfillResult result;
  result.points = {point(BackfillStrategy::kKeyset, 10'000, 141'000, 40),
                   point(BackfillStrategy::kKeyset, 1'000, 138'000, 8)};
  analyse(result);
  CHECK(result.recommended == std::size_t{1});
}

TEST_CASE("a loop that looks for what is left is not recommended, however fast it was here") {
  BackfillResult result;
  result.points = {point(BackfillStrategy::kNaive, 10'000, 150'000, 8),
                   point(BackfillStrategy::kSkipLocked, 10'000, 160'000, 8),
                   point(BackfillStrategy::kKeyset, 1'000, 110'000, 8)};
  analyse(result);
  CHECK(result.recommended == std::size_t{2});
}

TEST_CASE("where nothing keeps the budgets nothing is recommended, and that is said") {
  BackfillResult result = sweep();
  result.budgets.wal_bytes_per_row = 100;
  analyse(result);
  CHECK_FALSE(result.recommended);
  CHECK_FALSE(result.points[3].within_budgets);
  CHECK(result.reason ==
        "No way by ranges keeps the budgets with a p99 stall of at most 50 ms (no budget was "
        "given).");
}

BackfillResult times(double speed, double stall) {
  BackfillResult result = sweep();
  for (BackfillPoint& each : result.points) {
    for (BackfillRun& run : each.runs) {
      run.seconds /= speed;
      run.writes.p99 *= stall;
    }
  }
  analyse(result);
  return result;
}

TEST_CASE("a third slower is a regression, of each variant and of all together") {
  const BackfillResult baseline = times(1, 1);
  BackfillResult now = times(0.7, 1);
  compare(now, baseline, 0, 0);
  REQUIRE(now.comparisons.size() == 6);
  CHECK(now.comparisons[3].slower);
  CHECK_FALSE(now.comparisons[3].stalls_more);
  CHECK(now.comparisons[3].speed_ratio == Approx(0.7));
  const OverallComparison all = overall(now, baseline, 0, 0);
  CHECK(all.slower);
  CHECK(all.speed_ratio == Approx(0.7));
  CHECK_FALSE(all.stalls_more);
}

TEST_CASE("a machine that is slower as a whole is no regression when both runs were calibrated") {
  const BackfillResult baseline = times(1, 1);
  BackfillResult now = times(0.7, 1);
  CHECK_FALSE(overall(now, baseline, 70'000, 100'000).slower);
  CHECK(overall(now, baseline, 100'000, 100'000).slower);
}

TEST_CASE("a tenth slower is within the threshold, and longer stalls are told apart from speed") {
  const BackfillResult baseline = times(1, 1);
  CHECK_FALSE(overall(times(0.9, 1), baseline, 0, 0).slower);
  const OverallComparison stalls = overall(times(1, 2), baseline, 0, 0);
  CHECK_FALSE(stalls.slower);
  CHECK(stalls.stalls_more);
}

TEST_CASE("stalls too short to be felt are alike") {
  BackfillResult baseline, now;
  baseline.points = {point(BackfillStrategy::kKeyset, 100, 100'000, 0.5)};
  now.points = {point(BackfillStrategy::kKeyset, 100, 100'000, 4)};
  analyse(baseline);
  analyse(now);
  CHECK_FALSE(overall(now, baseline, 0, 0).stalls_more);
}

}  // namespace
}  // namespace drydock
