// A whole run of `drydock bench`: scenarios, their backfills, measured and analysed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/backfill_sweep.h"
#include "harness/model/backfill.h"
#include "harness/model/scenario.h"

namespace drydock {

struct BenchRequest {
  std::vector<Scenario> scenarios;
  std::string server;             ///< version or directory of binaries; empty: the newest found
  std::vector<std::string> only;  ///< names of backfills; empty: all
  std::optional<std::int64_t> rows;
  std::optional<int> repetitions;
};

/// Never throws for what happens to a backfill: its result carries the error, and the others go on.
/// After Ctrl-C the result has what was measured until then, and says so. Throws Error when nothing
/// can be measured at all (no server, no backfill of that name).
BenchResult run_bench(const BenchRequest& request, BenchProgress& progress);

}  // namespace drydock
