// What another session holds at this moment, from pg_locks.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/model/lock_mode.h"
#include "harness/observe/relation_map.h"
#include "harness/postgres/connection.h"

namespace drydock {

struct SeenLock {
  Oid relation = 0;      ///< 0: an advisory lock
  std::string advisory;  ///< its key: "42" or "(4, 2)"
  LockMode mode = LockMode::kAccessShare;
  bool granted = true;
};

struct LockSight {
  std::map<Oid, std::int64_t> live_rows;  ///< of the relations, by the server's statistics
  std::string transaction;                ///< the other one after each COMMIT; empty: no locks
  std::vector<SeenLock> locks;            ///< on relations of this database, and advisory ones
  std::int64_t temp_bytes = 0;            ///< written to temporary files in the database, ever
  std::int64_t wal_position = 0;          ///< of the server, in bytes
};

class LockReader {
 public:
  /// Connects; the locks are those in that database.
  explicit LockReader(const ConnectionInfo& administrator);

  /// Takes no lock on what it looks at and waits for nobody.
  LockSight read(int backend_pid);
  /// Refreshes `map`, which must be on this connection(), in the same round trip.
  LockSight read_with(RelationMap& map, int backend_pid);
  /// The same, but looks only at the relations that `changed`.
  LockSight read_with(RelationMap& map, const std::set<Oid>& changed, int backend_pid);

  Connection& connection() { return connection_; }

 private:
  PreparedQuery question(int backend_pid) const;

  Connection connection_;
  std::string database_;  ///< oid
};

}  // namespace drydock
