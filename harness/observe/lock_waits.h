// Who waited for which lock, for how long and behind whom, as the server's own log tells it.
//
// Sampling pg_locks misses what happens between two looks. With log_lock_waits the server itself
// tells each wait that outlasts deadlock_timeout, with its holders and its queue, and its length to
// the microsecond when it ends (PostgreSQL docs, "log_lock_waits"; the texts are those of
// ProcSleep() in 13 to 18). The log must be written as lock_log_settings() has it: seconds since
// 1970 and the process before each message, in English.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/lock_mode.h"

namespace drydock {

/// transaction: a row that it wrote; tuple: one's turn to wait for a row.
enum class LockTarget { kRelation, kTuple, kTransaction, kAdvisory, kOther };

struct LoggedWait {
  int process = 0;  ///< that waited
  LockMode wanted = LockMode::kAccessShare;
  LockTarget target = LockTarget::kOther;
  std::uint32_t relation = 0;  ///< oid; 0: the target is no relation and no row of one
  std::string on;              ///< as the server says it: "relation 16384 of database 5"
  /// When the wait was told, which is when it had lasted for deadlock_timeout.
  std::vector<int> holders;
  std::vector<int> ahead;  ///< in the queue, before the process itself
  double began = 0;        ///< seconds since 1970
  double waited_ms = 0;    ///< all of it where it ended; else until it was told
  bool ended = false;      ///< with the lock or without; false: nobody told (it was cancelled)
};

/// Processes that waited for each other until the server ended one of them.
struct Deadlock {
  int victim = 0;
  std::vector<int> processes;  ///< all that it names
  double at = 0;               ///< seconds since 1970
  std::string text;            ///< the server's, with the statement of each process
};

struct LockLog {
  std::vector<LoggedWait> waits;  ///< in the order in which they were told
  std::vector<Deadlock> deadlocks;
};

/// Reads whole lines; what it does not know it passes over.
LockLog parse_lock_log(std::string_view log);

/// What a server's log tells from now on.
class LockLogReader {
 public:
  /// Starts at the end of the file. Throws Error when it cannot be read.
  explicit LockLogReader(const std::filesystem::path& log);
  /// Everything that was told since. A process writes that it got a lock before it goes on, so what
  /// has been answered has been told. Throws Error.
  LockLog read() const;

 private:
  std::filesystem::path path_;
  std::uintmax_t start_ = 0;
};

}  // namespace drydock
