#include "reports/bench_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "harness/base/median.h"

namespace drydock {
namespace {

template <class Value>
double median(const std::vector<const BackfillRun*>& runs, Value value) {
  std::vector<double> values;
  for (const BackfillRun* run : runs) values.push_back(static_cast<double>(value(*run)));
  return drydock::median(std::move(values));
}

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

Latencies latencies(const std::vector<const BackfillRun*>& runs, Latencies BackfillRun::*which) {
  const auto of = [&](double Latencies::*value) {
    return median(runs, [&](const BackfillRun& run) { return run.*which.*value; });
  };
  Latencies all;
  all.p50 = of(&Latencies::p50);
  all.p95 = of(&Latencies::p95);
  all.p99 = of(&Latencies::p99);
  for (const BackfillRun* run : runs) {
    all.count += (run->*which).count;
    all.longest = std::max(all.longest, (run->*which).longest);
  }
  return all;
}

void take_traffic(const std::vector<const BackfillRun*>& runs, PointFigures& figures) {
  figures.reads = latencies(runs, &BackfillRun::reads);
  figures.writes = latencies(runs, &BackfillRun::writes);
  figures.calm_p99 = median(runs, [](const BackfillRun& run) {
    return std::max(run.calm_reads.p99, run.calm_writes.p99);
  });
  figures.traffic_share = median(runs, [](const BackfillRun& run) {
    return share(run.traffic_per_second, run.calm_traffic_per_second);
  });
}

void take_server(const std::vector<const BackfillRun*>& runs, PointFigures& figures) {
  const auto of = [&](auto value) { return median(runs, value); };
  using Run = const BackfillRun&;
  const auto rows = [](Run run) { return static_cast<double>(run.rows); };
  figures.wal_bytes_per_row = of([&](Run run) { return share(run.wal_bytes, rows(run)); });
  figures.hot_share =
      of([&](Run run) { return share(static_cast<double>(run.hot_updates), rows(run)); });
  figures.growth = of([](Run run) {
    return share(static_cast<double>(run.bytes_after), static_cast<double>(run.bytes_before));
  });
  figures.dead_tuples = of([](Run run) { return run.dead_tuples; });
  figures.buffers_read = of([](Run run) { return run.buffers_read; });
  figures.buffers_hit = of([](Run run) { return run.buffers_hit; });
  figures.checkpoints = of([](Run run) { return run.checkpoints; });
  figures.lock_wait_ms = of([](Run run) { return run.lock_wait_ms; });
  figures.first_tenth_s = of([](Run run) { return run.first_tenth_s; });
  figures.last_tenth_s = of([](Run run) { return run.last_tenth_s; });
}

/// Lower is told first.
int rank(const BackfillResult& backfill, const BackfillPoint& point) {
  if (&point == recommended_point(backfill)) return 0;
  if (!was_measured(point)) return 3;
  return point.on_frontier ? 1 : 2;
}

}  // namespace

PointFigures figures_of(const BackfillPoint& point) {
  PointFigures figures;
  std::vector<const BackfillRun*> runs;
  for (const BackfillRun& run : point.runs) {
    if (run.problem.empty()) {
      runs.push_back(&run);
    } else if (figures.dropped++ == 0) {
      figures.problem = run.problem;
    }
  }
  figures.runs = runs.size();
  figures.batch = latencies(runs, &BackfillRun::batch);
  take_traffic(runs, figures);
  take_server(runs, figures);
  return figures;
}

double tail_ratio(const PointFigures& figures) {
  return share(figures.last_tenth_s, figures.first_tenth_s);
}

std::vector<const BackfillPoint*> best_first(const BackfillResult& backfill) {
  std::vector<const BackfillPoint*> points;
  for (const BackfillPoint& point : backfill.points) points.push_back(&point);
  std::stable_sort(points.begin(), points.end(), [&](const auto* a, const auto* b) {
    const int rank_a = rank(backfill, *a), rank_b = rank(backfill, *b);
    return rank_a != rank_b ? rank_a < rank_b : a->rows_per_second > b->rows_per_second;
  });
  return points;
}

const BackfillPoint* recommended_point(const BackfillResult& backfill) {
  if (!backfill.recommended || *backfill.recommended >= backfill.points.size()) return nullptr;
  return &backfill.points[*backfill.recommended];
}

std::string grouped(double number) {
  std::string digits = fmt::format("{:.0f}", std::abs(number));
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return (number <= -0.5 ? "-" : "") + digits;
}

std::string rate_words(double rows_per_second) { return grouped(rows_per_second) + " rows/s"; }

}  // namespace drydock
