#include "harness/testing/sample_bench.h"

#include <utility>

#include "harness/testing/sample_parts.h"

namespace drydock::testing {
namespace {

constexpr std::int64_t kRows = 200'000;
constexpr double kFastest = 98'000;  // rows/s of one UPDATE

Latencies latencies(std::int64_t count, double p50, double p95, double p99, double longest) {
  Latencies out;
  out.count = count;
  out.p50 = p50;
  out.p95 = p95;
  out.p99 = p99;
  out.longest = longest;
  return out;
}

struct Measured {
  BackfillVariant variant;
  double rows_per_second = 0;
  double stall_ms = 0;
  double tail = 1;  ///< last tenth over the first
};

/// One repetition, `speed` times as fast as the others.
BackfillRun run_of(const Measured& measured, double speed) {
  BackfillRun run;
  run.rows = kRows;
  run.seconds = kRows / (measured.rows_per_second * speed);
  const std::int64_t size = measured.variant.batch_size > 0 ? measured.variant.batch_size : kRows;
  run.batches = kRows / size;
  const double batch = 1000 * run.seconds / static_cast<double>(run.batches);
  run.batch = latencies(run.batches, batch, 1.5 * batch, 1.75 * batch, 2.5 * batch);
  run.first_tenth_s = 2 * run.seconds / (10 * (1 + measured.tail));
  run.last_tenth_s = run.first_tenth_s * measured.tail;
  run.wal_bytes = 212.0 * kRows;
  run.buffers_read = 1'250;
  run.buffers_hit = 1'640'000;
  run.dead_tuples = kRows;
  run.hot_updates = 24'000;
  run.bytes_before = 32'000'000;
  run.bytes_after = 56'000'000;
  run.checkpoints = 1;
  run.lock_wait_ms = measured.variant.workers > 1 ? 3.5 : 0;
  const double stall = measured.stall_ms;
  run.reads = latencies(400, 0.2, 0.5, 0.25 * stall, 0.5 * stall);
  run.writes = latencies(400, 0.5, 0.5 * stall, stall, 1.5 * stall);
  run.calm_reads = latencies(60, 0.2, 0.25, 0.5, 0.75);
  run.calm_writes = latencies(60, 0.5, 0.75, 1.25, 1.5);
  run.traffic_per_second = 380;
  run.calm_traffic_per_second = 400;
  return run;
}

BackfillPoint point_of(const Measured& measured) {
  BackfillPoint point;
  point.variant = measured.variant;
  for (const double speed : {0.96, 1.0, 1.04}) point.runs.push_back(run_of(measured, speed));
  point.rows_per_second = measured.rows_per_second;
  point.spread = 0.08;
  point.stall_p99_ms = measured.stall_ms;
  point.share_of_single = measured.rows_per_second / kFastest;
  point.within_budgets = measured.stall_ms <= 20;
  return point;
}

BackfillPoint unmeasured(const BackfillVariant& variant, const std::string& problem) {
  BackfillPoint point;
  point.variant = variant;
  for (int i = 0; i < 3; ++i) point.runs.emplace_back().problem = problem;
  point.within_budgets = false;
  return point;
}

std::vector<BackfillPoint> points() {
  using enum BackfillStrategy;
  const std::vector<Measured> all = {
      {{kSingle, 0, 0, 1}, kFastest, 240},
      {{kAsWritten, 0, 0, 1}, 91'000, 260},
      {{kNaive, 1'000, 0, 1}, 17'500, 6.5, 6.25},
      {{kNaive, 10'000, 0, 1}, 52'000, 38, 2.5},
      {{kSkipLocked, 1'000, 0, 1}, 16'800, 6.25, 6.5},
      {{kSkipLocked, 10'000, 0, 1}, 49'500, 41, 2.75},
      {{kSkipLocked, 10'000, 0, 2}, 61'000, 55, 3},
      {{kKeyset, 100, 0, 1}, 41'000, 2.5},
      {{kKeyset, 1'000, 0, 1}, 79'000, 5.25},
      {{kKeyset, 1'000, 5, 1}, 36'500, 4.75},
      {{kKeyset, 10'000, 0, 1}, 85'500, 31},
      {{kKeyset, 100, 0, 2}, 58'000, 3.5},
      {{kKeyset, 1'000, 0, 2}, 92'500, 9.2},
      {{kKeyset, 10'000, 0, 2}, 94'000, 47},
      {{kCtid, 100, 0, 1}, 47'500, 2.75},
      {{kCtid, 1'000, 0, 1}, 83'000, 5.6},
      {{kCtid, 10'000, 0, 1}, 89'000, 29},
      {{kCtid, 100, 0, 2}, 62'500, 3.75},
      {{kCtid, 1'000, 0, 2}, 93'500, 12.5},
  };
  std::vector<BackfillPoint> out;
  for (const Measured& measured : all) out.push_back(point_of(measured));
  for (const std::size_t best : {0, 7, 8, 11, 12, 13, 14, 15, 17, 18}) out[best].on_frontier = true;
  out.push_back(unmeasured({kCtid, 10'000, 0, 2}, "12 rows were left"));
  return out;
}

/// As fast as before but for what writes most.
std::vector<BackfillComparison> comparisons(const std::vector<BackfillPoint>& measured) {
  std::vector<BackfillComparison> out;
  for (const BackfillPoint& point : measured) {
    if (point.rows_per_second <= 0) continue;
    BackfillComparison& each = out.emplace_back();
    each.variant = point.variant;
    each.speed_ratio = point.variant.workers > 1 ? 0.62 : 0.78;
    each.stall_ratio = point.variant.workers > 1 ? 1.5 : 1.05;
    each.p_speed = 0.0125;
    each.p_stall = point.variant.workers > 1 ? 0.03 : 0.4;
    each.slower = true;
    each.stalls_more = point.variant.workers > 1;
  }
  return out;
}

BackfillResult measured_backfill() {
  BackfillResult backfill;
  backfill.name = "lot_codes";
  backfill.table = "public.lots";
  backfill.set = "lot_code = upper(lot_number)";
  backfill.where = "lot_code IS NULL";
  backfill.statement = "UPDATE lots SET lot_code = upper(lot_number) WHERE lot_code IS NULL";
  backfill.rows = kRows;
  backfill.key = "id";
  backfill.points = points();
  backfill.knee = 15;
  backfill.recommended = 12;
  backfill.reason =
      "keyset, 1,000 rows a batch, 2 workers does 92500 rows/s, 94 % of one single UPDATE, while "
      "traffic waits 9.2 ms at p99; no other way is clearly faster.";
  backfill.sql =
      "DO $backfill$\nBEGIN\n  LOOP\n    UPDATE public.lots SET lot_code = upper(lot_number)\n"
      "    WHERE lot_code IS NULL AND id >= 1 AND id < 1001;\n    COMMIT;\n"
      "    EXIT WHEN NOT FOUND;\n  END LOOP;\nEND\n$backfill$;\n";
  backfill.hot = {true,
                  "",
                  100,
                  0.12,
                  "Written anew with fillfactor 50, the table takes 148000 rows/s instead of 92500 "
                  "(1.6 ×).",
                  148'000,
                  50};
  backfill.comparisons = comparisons(backfill.points);
  backfill.notes = {
      "naive with 100 rows a batch was left out: each of its 2000 batches reads past "
      "all rows that are done; name it in strategies to have it measured"};
  backfill.budgets.stall_p99_ms = 20;
  backfill.budgets.rows_per_second = 15'000;
  backfill.file = "drydock.json";
  backfill.line = 14;
  return backfill;
}

BackfillResult broken_backfill() {
  BackfillResult backfill;
  backfill.name = hostile_text();
  backfill.table = "public.lot_history";
  backfill.set = "note = '" + hostile_text() + "'";
  backfill.where = "note IS NULL";
  backfill.error = "drydock.json:22: the backfill does not converge: " + hostile_text();
  backfill.error_remedy = "Write a condition that the UPDATE makes false.";
  backfill.file = "drydock.json";
  backfill.line = 22;
  return backfill;
}

Finding regression() {
  Finding finding;
  finding.check = "backfill-regression";
  finding.message =
      "the backfill lot_codes does 0.72 × the rows/s of the baseline over all ways of doing it "
      "(p = 2e-06); 0.85 × is the limit\n"
      "  keyset, 1,000 rows a batch, 2 workers: 0.62 × the rows/s, 1.50 × the stall";
  finding.remedy = "Look at what changed since the baseline: indexes and triggers on the table.";
  finding.file = "drydock.json";
  finding.line = 14;
  finding.objects = {"backfill lot_codes", "table public.lots"};
  return finding;
}

BenchResult empty_bench() {
  BenchResult bench;
  bench.version = "0.1.0";
  bench.started_at = "2026-11-05T06:07:08Z";
  bench.command = "drydock bench drydock.json --baseline bench/baseline.json";
  bench.machine = {{"cores", "4"}, {"kernel", "Linux 6.1.0"}, {"memory", "16 GB"}};
  bench.postgres = "15.20";
  bench.settings = {{"shared_buffers", "256MB"}, {"synchronous_commit", "on"}};
  bench.calibration = 212'000;
  bench.duration_ms = 154'000;
  return bench;
}

}  // namespace

BenchResult sample_bench() {
  BenchResult bench = empty_bench();
  bench.baseline = "bench/baseline.json";
  bench.backfills = {measured_backfill(), broken_backfill()};
  bench.findings = {regression()};
  return bench;
}

std::vector<BenchResult> sample_bench_history() {
  std::vector<BenchResult> history;
  for (const double speed : {1.25, 1.3, 1.2}) {
    BenchResult bench = calm_bench();
    bench.started_at = "2026-11-0" + std::to_string(history.size() + 1) + "T06:07:08Z";
    BackfillResult& backfill = bench.backfills.front();
    backfill.recommended = history.empty() ? 11 : 12;
    BackfillPoint& chosen = backfill.points[*backfill.recommended];
    chosen.rows_per_second *= speed;
    chosen.stall_p99_ms /= speed;
    history.push_back(std::move(bench));
  }
  history.push_back(sample_bench());
  return history;
}

BenchResult calm_bench() {
  BenchResult bench = empty_bench();
  bench.command = "drydock bench";
  bench.backfills = {measured_backfill()};
  bench.backfills.front().comparisons.clear();
  bench.backfills.front().budgets = {};
  return bench;
}

}  // namespace drydock::testing
