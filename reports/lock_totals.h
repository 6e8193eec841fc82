// What the summaries say of locks: the one that keeps most out of a table, and the figures that
// build servers draw over time.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/model/describe_locks.h"
#include "harness/model/run_result.h"

namespace drydock {

/// A lock and where it was taken; points into a Rehearsal.
struct TakenLock {
  const HeldLock* lock = nullptr;
  const StatementRun* statement = nullptr;
  const Phase* phase = nullptr;
};

/// The strongest lock of the up and the down that keeps traffic out, of those the one held longest.
std::optional<TakenLock> strongest_lock(const Rehearsal& evidence);

/// "ACCESS EXCLUSIVE on public.orders (12,000 rows) for 41 ms".
std::string lock_phrase(const HeldLock& lock);

/// The same with whom it keeps out and the place: "…, keeps out reads and writes (up, x.sql:3)".
std::string taken_phrase(const TakenLock& taken);

/// The same of the strongest lock; empty when none keeps traffic out.
std::string strongest_phrase(const Rehearsal& evidence);

/// The strongest lock of each migration that failed, could not be judged or has a warning: where
/// all is well nobody needs to read of locks.
std::vector<std::pair<const MigrationResult*, TakenLock>> locks_worth_telling(
    const ScenarioRun& run);

/// "a long report", "a dump".
std::string holder_phrase(QueueHolder holder);

/// Bytes as people read them: "512 B", "1.4 MB".
std::string human_bytes(std::int64_t bytes);

/// Figures of one migration by name, sorted: "lock.public.orders.AccessExclusiveLock.held_ms",
/// "stall.max_ms". The longest over up, down and up again; locks that keep no traffic out and
/// zeros are left out.
std::vector<std::pair<std::string, std::string>> lock_figures(const Rehearsal& evidence);

}  // namespace drydock
