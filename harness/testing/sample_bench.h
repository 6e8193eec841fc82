// Results of `drydock bench` made by hand, in which everything occurs that a report has to show.
#pragma once

#include <vector>

#include "harness/model/backfill.h"

namespace drydock::testing {

/// A backfill measured in every way, with recommendation, advice and a regression; one that could
/// not be measured, whose name breaks careless writers.
BenchResult sample_bench();

/// Earlier runs and sample_bench(), the oldest first.
std::vector<BenchResult> sample_bench_history();

/// A run of one backfill with nothing but good news: no budget, no baseline, nothing found.
BenchResult calm_bench();

}  // namespace drydock::testing
