// The locks of a statement that commits by itself (CONCURRENTLY, VACUUM, a procedure with COMMIT):
// no boundary ever shows them, so a thread with a connection of its own looks again and again while
// the statement runs. What is held shorter than a look takes can be missed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "harness/observe/lock_reader.h"

namespace drydock {

struct SampledLock {
  SeenLock lock;
  double first_ms = 0;  ///< seen held, since start(): the longest time without a break
  double last_ms = 0;   ///< seen held for the last time in it
  double waited_ms = 0;
};

class LockSampler {
 public:
  explicit LockSampler(const ConnectionInfo& administrator);
  ~LockSampler();
  LockSampler(const LockSampler&) = delete;
  LockSampler& operator=(const LockSampler&) = delete;

  /// Returns when it is looking. What was seen until then is forgotten.
  void start(int backend_pid);
  /// What was seen since. Throws Error when the looking failed.
  std::vector<SampledLock> stop();
  /// Between start() and stop(): a lock that no look has caught was held for less.
  double unseen_ms() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace drydock
