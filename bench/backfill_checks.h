// The two checks of `drydock bench`: budgets, and whether it got worse. Pure.
#pragma once

#include <string>
#include <vector>

#include "harness/model/backfill.h"
#include "harness/model/finding.h"

namespace drydock {

/// backfill-budget: no batched way keeps the scenario's budgets, or the migration's own does not.
std::vector<Finding> judge_budgets(const BackfillResult& result);

/// Why ratios to the baseline are shown but do not gate: it is of another machine or server, and
/// one of both was not calibrated. Empty: they gate.
std::string why_not_comparable(const BenchResult& bench, const BenchResult& baseline);

/// Fills comparisons, baseline_refused and findings of both checks. `baseline` null: none was
/// given.
void judge_bench(BenchResult& bench, const BenchResult* baseline);

}  // namespace drydock
