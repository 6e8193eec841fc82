// One measurement of one variant: a fresh copy, traffic beside, and what it cost.
#pragma once

#include "bench/backfill_driver.h"
#include "bench/backfill_stage.h"
#include "bench/calibration.h"
#include "harness/model/backfill.h"

namespace drydock {

/// Never throws for what the backfill does: BackfillRun::problem tells. Throws Cancelled, and
/// InputError for a rule under which no variant can work (it does not converge). `calibration` (may
/// be null) is measured right before and right after: a shared machine's speed moves within
/// seconds.
BackfillRun measure_backfill(BackfillStage& stage, const BackfillVariant& variant,
                             Calibration* calibration = nullptr,
                             const BackfillProgress& progress = {});

/// The same on a table of another fillfactor, written anew; without traffic.
BackfillRun measure_with_fillfactor(BackfillStage& stage, const BackfillVariant& variant,
                                    int fillfactor);

/// Whether updates can be HOT (heap-only tuples: no index has an assigned column; PostgreSQL docs,
/// "Heap-Only Tuples"), and the table's fillfactor.
HotAdvice read_hot(BackfillStage& stage);

}  // namespace drydock
