#include "bench/bench_json.h"

#include "harness/base/error.h"
#include "harness/testing/catch.h"
#include "harness/testing/error_of.h"

namespace drydock {
namespace {

BenchResult sample() {
  BackfillRun run;
  run.seconds = 1.5;
  run.rows = 200'000;
  run.batches = 200;
  run.batch = {200, 4.5, 6, 19, 25, {}};
  run.wal_bytes = 8e7;
  run.hot_updates = 12;
  run.writes = {75, 1, 2, 30, 31, {}};
  BackfillRun broken;
  broken.problem = "12 rows were left";
  BackfillResult backfill;
  backfill.name = "lot_code";
  backfill.table = "public.lots";
  backfill.set = "lot_code = upper(lot_number)";
  backfill.where = "lot_code IS NULL";
  backfill.rows = 200'000;
  backfill.budgets.stall_p99_ms = 40;
  backfill.sql = "DO $$ … $$";
  backfill.points.resize(1);
  backfill.points[0].variant = {BackfillStrategy::kKeyset, 1'000, 2.5, 2};
  backfill.points[0].runs = {run, broken};
  backfill.recommended = 0;
  BenchResult bench;
  bench.version = "1.2";
  bench.started_at = "2026-11-21T08:00:00Z";
  bench.machine = {{"cores", "2"}, {"kernel", "Linux 6"}};
  bench.postgres = "15.20";
  bench.calibration = 61'000;
  bench.backfills = {backfill};
  return bench;
}

TEST_CASE("bench.json is read back as it was written") {
  const BenchResult bench = read_bench_json(write_bench_json(sample()), "b.json");
  CHECK(bench.machine == sample().machine);
  CHECK(bench.calibration == 61'000);
  REQUIRE(bench.backfills.size() == 1);
  const BackfillResult& backfill = bench.backfills[0];
  CHECK(backfill.set == "lot_code = upper(lot_number)");
  CHECK(backfill.budgets.stall_p99_ms == 40.0);
  CHECK(backfill.sql == "DO $$ … $$");
  REQUIRE(backfill.points.size() == 1);
  CHECK(backfill.points[0].variant == sample().backfills[0].points[0].variant);
  REQUIRE(backfill.points[0].runs.size() == 2);
  CHECK(backfill.points[0].runs[0].batch.p99 == 19);
  CHECK(backfill.points[0].runs[0].writes.longest == 31);
  CHECK(backfill.points[0].runs[0].hot_updates == 12);
  CHECK(backfill.points[0].runs[1].problem == "12 rows were left");
  CHECK(backfill.points[0].rows_per_second == Approx(200'000 / 1.5));
  CHECK(write_bench_json(bench) == write_bench_json(read_bench_json(write_bench_json(bench), "")));
}

TEST_CASE("bench.json has what Google Benchmark's tools look for") {
  const std::string text = write_bench_json(sample());
  for (const char* wanted :
       {"\"run_type\": \"iteration\"", "\"repetitions\": 2", "\"real_time\": 1500.0",
        "\"time_unit\": \"ms\"", "\"error_occurred\": true", "\"num_cpus\": 2",
        "\"name\": \"lot_code/keyset/batch:1000/pause_ms:2.5/workers:2/manual_time\""}) {
    INFO(wanted);
    CHECK(text.find(wanted) != std::string::npos);
  }
}

TEST_CASE("what is no bench.json is refused with the file's name") {
  const Error broken = testing::error_of([] { read_bench_json("{", "old.json"); });
  CHECK(broken.message().find("old.json is not a bench.json") == 0);
  CHECK_FALSE(broken.remedy().empty());
  const Error other = testing::error_of([] { read_bench_json("{\"context\": {}}", "x.json"); });
  CHECK(other.message().find("x.json") == 0);
}

}  // namespace
}  // namespace drydock
