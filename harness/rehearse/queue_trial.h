// The up behind somebody who is in its way.
//
// A migration that waits for a lock makes everybody wait who comes after it. What an application
// feels then is not how long the migration takes but how long the report takes that it waits for.
// So a copy of the database gets a session that holds what a long report, a client idle in a
// transaction or a dump would hold on the tables that the up locks, and the up is run as its tool
// runs it. It is to give up by itself, leave nothing half-done, and come through once the way is
// free.
#pragma once

#include <vector>

#include "harness/model/lock_evidence.h"
#include "harness/model/scenario.h"
#include "harness/rehearse/staged_up.h"

namespace drydock {

/// `up`: the walk's, with the ledger's footprints. Each holder is tried for which the ledger shows
/// a lock that it is in the way of; where the up is several transactions, on one table after the
/// other, because what the first of them did stays when a later one gives up. Half-done things that
/// an attempt left, or took for done, go to `leftovers`. Throws Cancelled.
QueueTrial try_lock_queue(const StagingGround& ground, const Phase& up, const LockRules& rules,
                          std::vector<Leftover>& leftovers);

}  // namespace drydock
