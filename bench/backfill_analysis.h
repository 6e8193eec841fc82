// From repetitions to an answer: medians, the frontier between throughput and stall, its knee, the
// variant to use, and whether it got worse. Pure.
#pragma once

#include "harness/model/backfill.h"

namespace drydock {

/// What traffic may feel when the scenario has no budget: half of what a person notices.
inline constexpr double kDefaultStallMs = 50;

/// Fills the medians of each point, share_of_single, on_frontier, within_budgets, and knee,
/// recommended and reason of the result.
void analyse(BackfillResult& result);

/// Against the same backfill in a baseline: fills `comparisons` for the variants that both have.
/// `calibration` and `baseline_calibration`: of the reference statement in both runs; where both
/// are known, rows/s are taken relative to them, so that a machine that is slower as a whole is no
/// regression.
void compare(BackfillResult& result, const BackfillResult& baseline, double calibration,
             double baseline_calibration);

/// All variants of a backfill taken together: one number with one test is far steadier than twenty.
struct OverallComparison {
  double speed_ratio = 1;  ///< geometric mean of the variants' ratios
  double stall_ratio = 1;
  double p_speed = 1, p_stall = 1;
  bool slower = false, stalls_more = false;
};
OverallComparison overall(const BackfillResult& result, const BackfillResult& baseline,
                          double calibration, double baseline_calibration);

}  // namespace drydock
