// What the threads of a backfill's workers have in common: how far they are together, and whether
// to go on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <vector>

#include "bench/backfill_driver.h"
#include "harness/base/clock.h"

namespace drydock {

inline double seconds_between(SteadyClock::time_point from, SteadyClock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// A batch's end, and the rows that all workers together had done by then.
struct BatchMark {
  SteadyClock::time_point at;
  std::int64_t rows;
};

class WorkersControl {
 public:
  /// With more than `most` rows done, it is over.
  WorkersControl(std::int64_t most, BackfillProgress progress)
      : most_(most), progress_(std::move(progress)) {}

  /// A batch that began then and has just ended.
  void add_batch(SteadyClock::time_point began, std::int64_t rows);
  /// Stops all; the first error is kept.
  void fail(std::exception_ptr error);
  bool stopped();
  /// Returns early when there is nothing to go on for. Throws Cancelled.
  void pause(double milliseconds);

  void worker_ended();
  /// Waits; false: all `workers` have ended.
  bool still_at_work(std::size_t workers, std::chrono::milliseconds wait);

  // REQUIRES, for what follows: the threads have ended.
  const std::exception_ptr& error() const { return error_; }
  const std::vector<BatchMark>& marks() const { return marks_; }
  /// Milliseconds of each batch.
  std::vector<double> take_latencies() { return std::move(latencies_); }

 private:
  void stop_locked();

  const std::int64_t most_;
  const BackfillProgress progress_;
  std::mutex mutex_;
  std::condition_variable change_;
  bool stopped_ = false;
  std::size_t ended_ = 0;
  std::int64_t rows_ = 0;
  std::vector<BatchMark> marks_;
  std::vector<double> latencies_;
  std::exception_ptr error_;
};

}  // namespace drydock
