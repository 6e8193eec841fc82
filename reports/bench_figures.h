// What the reports of a backfill tell of one variant beyond its medians, and in which order.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/model/backfill.h"

namespace drydock {

/// Over the repetitions without a problem: medians, but for `longest`, which is the longest of all.
/// Milliseconds where nothing else is said; zeros without a repetition that counts.
struct PointFigures {
  std::size_t runs = 0;     ///< that count
  std::size_t dropped = 0;  ///< that have a problem
  std::string problem;      ///< of the first of those
  Latencies batch, reads, writes;
  double calm_p99 = 0;       ///< of reads and writes, the worse
  double traffic_share = 0;  ///< operations a second over those in the calm; 0: no traffic
  double wal_bytes_per_row = 0;
  double dead_tuples = 0;
  double growth = 0;  ///< 1.5: half as large again
  double hot_share = 0;
  double buffers_read = 0, buffers_hit = 0;
  double checkpoints = 0;
  double lock_wait_ms = 0;
  double first_tenth_s = 0, last_tenth_s = 0;
};
PointFigures figures_of(const BackfillPoint& point);

/// Last tenth over first; 0 where it was not measured.
double tail_ratio(const PointFigures& figures);

/// Whether anything came of it.
inline bool was_measured(const BackfillPoint& point) { return point.rows_per_second > 0; }

/// Points into `backfill`: the recommended one, those on the frontier, the others, those without a
/// figure; each by rows/s.
std::vector<const BackfillPoint*> best_first(const BackfillResult& backfill);

/// The recommended variant; null: none.
const BackfillPoint* recommended_point(const BackfillResult& backfill);

/// "42,500".
std::string grouped(double number);

/// "92,500 rows/s".
std::string rate_words(double rows_per_second);

}  // namespace drydock
