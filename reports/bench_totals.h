// What the summaries of `drydock bench` say alike: what each check came to for each backfill, the
// verdict, and what the comparison with the baseline comes to.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/model/backfill.h"
#include "harness/model/run_result.h"

namespace drydock {

/// One check of one backfill.
struct BenchCase {
  std::string check;
  Outcome outcome = Outcome::kErrored;
  std::string reason;                    ///< why it was skipped or errored
  std::vector<const Finding*> findings;  ///< of this check and backfill; points into the result
};

/// backfill-budget and backfill-regression, in this order. Errored: it could not be measured, or
/// not to its end.
std::vector<BenchCase> cases_of(const BenchResult& bench, const BackfillResult& backfill);

/// Why nothing can be said of a backfill; empty: something can. REQUIRES: one of `bench.backfills`
/// itself, no copy: of a run that was stopped the last one is not complete.
std::string unmeasured_reason(const BenchResult& bench, const BackfillResult& backfill);

/// What could not be told comes first, as for the exit code.
Outcome verdict_of(const BenchResult& bench);

/// The verdict in one sentence without its first word: "1 of 2 backfills got worse than the
/// baseline".
std::string verdict_phrase(const BenchResult& bench);

/// All variants that the baseline has too.
struct ComparedTotals {
  std::size_t variants = 0;
  double speed_ratio = 1, stall_ratio = 1;    ///< geometric means
  std::size_t slower = 0, stalls_more = 0;    ///< beyond the limit, and not by chance
  const BackfillComparison* worst = nullptr;  ///< the slowest against then; null: no variant
};
ComparedTotals compared(const BackfillResult& backfill);

/// "against bench/baseline.json: 0.72 × the rows/s and 1.23 × the stall over 19 variants; …"; empty
/// without a baseline, or when nothing was measured.
std::string comparison_phrase(const BenchResult& bench, const BackfillResult& backfill);

/// What reading past finished rows costs: "naive, 1,000 rows a batch, 1 worker: its last tenth of
/// the rows took 6.2 × as long as the first". Of the naive loops the worst; empty: none has one
/// that matters.
std::string naive_phrase(const BackfillResult& backfill);

/// Names of all backfills, in the order in which they first occur.
std::vector<std::string> names_of(const std::vector<BenchResult>& history);

/// "public.lots: SET … WHERE …, 200,000 rows".
std::string backfill_phrase(const BackfillResult& backfill);

}  // namespace drydock
