#include "bench/workers_control.h"

#include <algorithm>

#include "harness/base/cancellation.h"

namespace drydock {
namespace {

/// How often a pause is interrupted to see whether the user wants to stop.
constexpr auto kLongestSleep = std::chrono::milliseconds(100);

}  // namespace

void WorkersControl::add_batch(SteadyClock::time_point began, std::int64_t rows) {
  const double seconds = seconds_between(began, SteadyClock::now());
  const std::lock_guard lock(mutex_);
  rows_ += rows;
  marks_.push_back({SteadyClock::now(), rows_});
  latencies_.push_back(seconds * 1000);
  if (rows_ > most_ || (progress_ && progress_(rows_))) stop_locked();
}

void WorkersControl::fail(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
  stop_locked();
}

bool WorkersControl::stopped() {
  const std::lock_guard lock(mutex_);
  return stopped_;
}

void WorkersControl::pause(double milliseconds) {
  const auto end =
      SteadyClock::now() + std::chrono::duration_cast<SteadyClock::duration>(
                               std::chrono::duration<double, std::milli>(milliseconds));
  std::unique_lock lock(mutex_);
  while (!stopped_ && SteadyClock::now() < end) {
    throw_if_cancelled();
    change_.wait_until(lock, std::min(end, SteadyClock::now() + kLongestSleep));
  }
}

void WorkersControl::worker_ended() {
  const std::lock_guard lock(mutex_);
  ++ended_;
  change_.notify_all();
}

bool WorkersControl::still_at_work(std::size_t workers, std::chrono::milliseconds wait) {
  std::unique_lock lock(mutex_);
  return !change_.wait_for(lock, wait, [&] { return ended_ >= workers; });
}

void WorkersControl::stop_locked() {
  stopped_ = true;
  change_.notify_all();
}

}  // namespace drydock
