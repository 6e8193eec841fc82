// Watching a backend that may have to wait for a lock, and stopping it.
//
// Whether a statement waits is read from pg_locks by a second session; a wait counts only when it
// is still there some looks later, because the looking itself holds a snapshot for a moment, which
// CREATE INDEX CONCURRENTLY waits for.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "harness/base/clock.h"
#include "harness/postgres/session.h"

namespace drydock {

/// What a backend waits for. `relation`: a table or view (an index's table), qualified and quoted
/// as SQL wants it; empty when it waits for another transaction.
struct LockWait {
  std::string relation;
  std::string mode;  ///< as pg_locks says it
};

/// How a run that was watched went.
struct WatchedRun {
  std::optional<LockWait> wait;  ///< the first that lasted
  double waited_ms = 0;          ///< in all waits that lasted
  bool stopped = false;          ///< by us
};

/// A backend of another session in the same database.
class Backend {
 public:
  /// `administrator` is used by nobody else meanwhile, and idle.
  Backend(Session& administrator, int pid) : administrator_(administrator), pid_(pid) {}

  /// What it waits for at this moment.
  std::optional<LockWait> wait();
  /// Its statement is cancelled.
  void cancel();
  /// It is terminated; returns when it is gone, or after some seconds.
  void end();

  /// Looks at it until `ended()`. `on_wait` is told of the first wait. A wait that lasts longer
  /// than `patience` is cancelled. Throws Cancelled when the user asks to stop; the backend is
  /// ended.
  WatchedRun watch(const std::function<bool()>& ended, std::chrono::milliseconds patience,
                   const std::function<void(const LockWait&)>& on_wait);

 private:
  void stop_if_asked();
  void lose_patience(WatchedRun& run, SteadyClock::time_point& cancelled_at);

  Session& administrator_;
  int pid_;
};

}  // namespace drydock
