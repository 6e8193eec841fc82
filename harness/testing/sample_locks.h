// Migrations made by hand whose locks were watched: what the reports of locks have to show.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock::testing {

/// Everything that can be seen of locks: a rewrite, waits, sampled entries, relations of its own,
/// leftovers, stalled traffic, a deadlock, queues, interruptions and forecasts.
MigrationResult with_locks();

/// Ids of the checks that with_locks() was judged by, besides the ordinary ones.
const std::vector<std::string>& lock_checks();

/// `statements` transactions, each with a lock on each of `relations` tables.
MigrationResult with_crowded_ledger(const std::string& id, int statements, int relations);

/// A history whose migrations lock about as much as those of a grown application do.
RunResult long_run_with_locks(int count);

}  // namespace drydock::testing
