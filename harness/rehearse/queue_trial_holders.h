// Who is in a migration's way, and what they hold.
//
// A report has read a table and its cursor is still open: ACCESS SHARE on the table and its
// indexes. A client that is idle in a transaction has changed a row: ROW EXCLUSIVE, and the row. A
// dump has ACCESS SHARE on every table and a snapshot as old as itself. An old snapshot on a table
// that the migration has nothing to do with is in the way of CREATE INDEX CONCURRENTLY only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/lock_evidence.h"
#include "harness/postgres/session.h"

namespace drydock {

/// A relation that was there before the up and that it locks.
struct QueueTarget {
  std::string relation;  ///< table or view
  LockedKind kind = LockedKind::kTable;
  std::vector<LockMode> on_relation, on_indexes;  ///< that the up wants
  bool concurrently = false;  ///< a statement with CONCURRENTLY works on it: it waits for others
                              ///< to end, whatever they hold
};

/// In the order in which the up comes to them. `session`, in the state before the up and with the
/// search_path of the role that migrates, tells the tables of statements with CONCURRENTLY.
std::vector<QueueTarget> queue_targets(const Phase& up, Session& session);

/// Whether what the holder has of the relation keeps the up waiting.
bool in_the_way(QueueHolder holder, const QueueTarget& target);

/// Begins a transaction in `session`, an administrator's, that holds what `holder` would of
/// `targets`; it lasts until the session ends it. Returns a relation that it holds. Throws Error
/// when it cannot be had.
std::string hold(Session& session, QueueHolder holder, const std::vector<QueueTarget>& targets);

}  // namespace drydock
