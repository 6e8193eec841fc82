// How long a lock would be held where the table is as large as in production.
//
// Nobody rehearses on 80 million rows. But what a statement does to a table under its lock, reading
// it or writing it anew, takes time by the row. So the up is run on copies of the database in which
// the table has three sizes, several times each, a line is laid through the times, and it is read
// off at the number of rows that the scenario gives for production, together with the interval in
// which the line says that the next time lies. What a line cannot know stays unknown: production's
// discs, caches, other sessions, and sorts that no longer fit into memory.
#pragma once

#include <vector>

#include "harness/model/lock_evidence.h"
#include "harness/model/scenario.h"
#include "harness/rehearse/staged_up.h"

namespace drydock {

/// One for each table with production_rows that the up (`up`: the walk's, with the ledger's
/// footprints) locks against reads or writes and reads from end to end or writes anew. Where none
/// can be made, LockForecast::problem says why. Throws Cancelled.
std::vector<LockForecast> forecast_locks(const StagingGround& ground, const Phase& up,
                                         const Scenario& scenario);

}  // namespace drydock
