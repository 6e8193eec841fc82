// Which waits of an application were the migration's doing, and which statement's.
//
// A latency alone says nothing: on a busy machine anything may be late. A stall is a wait for a
// lock of which the server itself says that the migration held it or stood before in the queue.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/observe/lock_waits.h"

namespace drydock {

struct RelationName {
  std::string name;   ///< "public.orders_pkey"
  std::string table;  ///< of an index; else empty
};

/// One run of an up whose waits are in a server's log.
struct LoggedRun {
  int process = 0;   ///< of the migration
  double began = 0;  ///< when its first statement was sent, seconds since 1970
  const Phase& phase;
  const Phase& ledger;  ///< of the same scripts: which locks each statement takes
  std::map<std::uint32_t, RelationName> relations;  ///< as they were called before
};

struct Stall {
  double ms = 0;
  LockMode blocked_by = LockMode::kAccessShare;
  std::string blocked_on;
  std::string statement;
  int line = 0;
};

/// The longest wait of `process`, an application on `table`, for which the migration is the reason.
/// Behind a row that the migration wrote, blocked_by is ROW EXCLUSIVE and blocked_on the table.
std::optional<Stall> longest_stall(int process, const std::string& table, const LockLog& log,
                                   const LoggedRun& run);

/// The server's words about each deadlock in which the migration met another process.
std::string deadlocks_with(int process, const LockLog& log);

}  // namespace drydock
