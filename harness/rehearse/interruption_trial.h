// A migration that is not one transaction, stopped on its way and run again.
//
// A deploy that is killed leaves what was committed until then, and the tool runs the file again
// from its first line. Only a file that is written for it (IF NOT EXISTS, batches that find what is
// left to do) then comes to the same end. So on copies of the database the up is stopped behind
// each of its commits but the last, with the backend killed, and cancelled inside each statement
// that works CONCURRENTLY, while it waits for a snapshot of ours, which leaves an INVALID index.
// Each time the whole file is run again, and schema and rows are held to those of a run that nobody
// disturbed.
#pragma once

#include <vector>

#include "harness/model/lock_evidence.h"
#include "harness/rehearse/staged_up.h"

namespace drydock {

/// Half-done things that the second run took for done go to `leftovers`. Values that two
/// undisturbed runs write differently (the clock, random numbers) are not compared. Throws
/// Cancelled.
InterruptionTrial try_interruptions(const StagingGround& ground, std::vector<Leftover>& leftovers);

}  // namespace drydock
