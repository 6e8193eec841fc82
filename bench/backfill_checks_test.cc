#include "bench/backfill_checks.h"

#include "bench/backfill_analysis.h"
#include "harness/testing/catch.h"

namespace drydock {
namespace {

BackfillPoint point(BackfillStrategy strategy, std::int64_t batch, double rows_per_second,
                    double stall_ms) {
  BackfillPoint made;
  made.variant = {strategy, batch, 0, 1};
  for (const double factor : {0.98, 1.0, 1.03, 1.01, 0.99}) {
    BackfillRun run;
    run.rows = 100'000;
    run.seconds = 100'000 / (rows_per_second * factor);
    run.writes.p99 = stall_ms * factor;
    made.runs.push_back(run);
  }
  return made;
}

BenchResult bench(double speed = 1, double stall = 1) {
  BackfillResult result;
  result.name = "lot_code";
  result.table = "public.lots";
  result.file = "scenarios/wms.json";
  result.line = 40;
  for (const std::int64_t batch : {100, 1'000, 10'000}) {
    const double b = static_cast<double>(batch);
    result.points.push_back(
        point(BackfillStrategy::kKeyset, batch, 100'000 * speed, b / 100 * 10 * stall));
    result.points.push_back(
        point(BackfillStrategy::kCtid, batch, 120'000 * speed, b / 100 * 12 * stall));
  }
  BenchResult all;
  all.calibration = 50'000;
  all.machine = {{"cores", "2"}};
  all.postgres = "15.1";
  analyse(result);
  all.backfills.push_back(std::move(result));
  return all;
}

TEST_CASE("without budgets and without a baseline nothing is judged") {
  BenchResult now = bench();
  judge_bench(now, nullptr);
  CHECK(now.findings.empty());
}

TEST_CASE("a budget that no batched way keeps is an error at the backfill's line of the scenario") {
  BenchResult now = bench();
  now.backfills[0].budgets.stall_p99_ms = 5;
  analyse(now.backfills[0]);
  judge_bench(now, nullptr);
  REQUIRE(now.findings.size() == 1);
  const Finding& finding = now.findings[0];
  CHECK(finding.check == "backfill-budget");
  CHECK(finding.severity == Severity::kError);
  CHECK(finding.file == "scenarios/wms.json");
  CHECK(finding.line == 40);
  CHECK(finding.message.find("no way of doing the backfill lot_code keeps its budgets (a p99 stall "
                             "of at most 5 ms)") == 0);
  CHECK(finding.message.find(
            "keyset, 100 rows a batch, 1 worker: 100000 rows/s, p99 stall 10.0 ms") !=
        std::string::npos);
}

TEST_CASE("a budget that one way keeps is kept, but not by a migration that goes another way") {
  BenchResult now = bench();
  now.backfills[0].budgets.stall_p99_ms = 15;
  now.backfills[0].points.push_back(point(BackfillStrategy::kAsWritten, 0, 200'000, 4'000));
  analyse(now.backfills[0]);
  judge_bench(now, nullptr);
  REQUIRE(now.findings.size() == 1);
  CHECK(now.findings[0].message.find("as the migration has it") != std::string::npos);
  now.backfills[0].points.pop_back();
  analyse(now.backfills[0]);
  judge_bench(now, nullptr);
  CHECK(now.findings.empty());
}

TEST_CASE("a backfill a third slower than in the baseline is an error that names the worst ways") {
  const BenchResult baseline = bench();
  BenchResult now = bench(0.7);
  judge_bench(now, &baseline);
  REQUIRE(now.findings.size() == 1);
  CHECK(now.findings[0].check == "backfill-regression");
  CHECK(now.findings[0].message.find("does 0.70 × the rows/s of the baseline") !=
        std::string::npos);
  CHECK(now.findings[0].message.find("0.70 × the rows/s, 1.00 × the stall") != std::string::npos);
  CHECK(now.backfills[0].comparisons.size() == 6);
}

TEST_CASE("longer waits of traffic are a regression of their own, and what is alike is none") {
  const BenchResult baseline = bench();
  BenchResult rougher = bench(1, 2), same = bench(1.05, 0.95);
  judge_bench(rougher, &baseline);
  REQUIRE(rougher.findings.size() == 1);
  CHECK(rougher.findings[0].message.find("waits 2.00 × as long") != std::string::npos);
  judge_bench(same, &baseline);
  CHECK(same.findings.empty());
}

TEST_CASE("a baseline of another machine or server gates only when both runs were calibrated") {
  BenchResult baseline = bench(), now = bench(0.7);
  baseline.machine = {{"cores", "64"}};
  baseline.calibration = 0;
  judge_bench(now, &baseline);
  CHECK(now.findings.empty());
  CHECK(now.baseline_refused.find("another machine") != std::string::npos);
  CHECK(now.backfills[0].comparisons.size() == 6);
  baseline.calibration = 50'000;
  judge_bench(now, &baseline);
  CHECK(now.findings.size() == 1);
  CHECK(now.baseline_refused.empty());
  baseline = bench();
  baseline.calibration = 0;
  baseline.postgres = "16.2";
  judge_bench(now, &baseline);
  CHECK(now.baseline_refused.find("PostgreSQL 16.2") != std::string::npos);
}

}  // namespace
}  // namespace drydock
