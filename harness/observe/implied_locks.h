// Locks that a statement must have taken because of what it did.
//
// A statement that commits by itself can be over before anybody has looked. But a file that was
// replaced, an index that came or went, a partition that was detached, a row that was written each
// prove a lock (PostgreSQL docs, "Table-Level Locks" and the statement's page), whatever the load
// on the machine.
#pragma once

#include <map>
#include <vector>

#include "harness/observe/lock_reader.h"
#include "harness/observe/relation_map.h"
#include "harness/observe/statement_words.h"
#include "harness/observe/table_work.h"

namespace drydock {

/// A relation as everybody can see it, outside transactions.
struct SharedWork {
  ScanCounters scans;
  Oid file = 0;
  std::int64_t written = 0;     ///< rows inserted, updated, deleted
  std::int64_t maintained = 0;  ///< times of VACUUM and ANALYZE
  Oid parent = 0;               ///< of a partition
};

/// `map` was refreshed after the statement.
std::vector<SeenLock> implied_locks(const StatementWords& words, const RelationMap& map,
                                    const std::map<Oid, SharedWork>& before,
                                    const std::map<Oid, SharedWork>& after);

}  // namespace drydock
