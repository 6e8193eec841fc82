// Every variant of a backfill, measured over and over in random order.
//
// Google Benchmark repeats and shuffles (random interleaving), so that a machine that gets slower
// meanwhile does not make the last variant look bad.
#pragma once

#include <string>
#include <vector>

#include "bench/backfill_stage.h"
#include "bench/calibration.h"
#include "harness/model/backfill.h"

namespace drydock {

/// Told while a sweep goes on; from its thread.
class BenchProgress {
 public:
  virtual ~BenchProgress() = default;
  virtual void preparing(const std::string& /*backfill*/) {}
  virtual void sweep_started(const std::string& /*backfill*/, std::size_t /*runs*/) {}
  virtual void run_started(const BackfillVariant& /*variant*/, std::size_t /*index*/) {}
  virtual void run_ended(const BackfillVariant& /*variant*/, const BackfillRun& /*run*/) {}
  virtual void sweep_ended() {}
};

/// What to measure on the target; what was left out, and why, goes into `notes`. Throws InputError
/// when nothing is left.
std::vector<BackfillVariant> variants_of(const BackfillRule& rule, const BackfillTarget& target,
                                         std::int64_t rows, std::vector<std::string>& notes);

/// Measures them all; the points' runs are what was measured until now also when it throws:
/// Cancelled, InputError (see measure_backfill).
void sweep(BackfillStage& stage, Calibration& calibration, BenchProgress& progress,
           BackfillResult& result);

}  // namespace drydock
