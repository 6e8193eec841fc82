#include "harness/observe/lock_sampler.h"

#include <atomic>
#include <exception>
#include <map>
#include <memory>
#include <thread>
#include <tuple>

#include "harness/base/clock.h"

namespace drydock {
namespace {

/// A short statement is watched without a break; a long one need not pay for it.
constexpr double kWithoutBreakMs = 50;
constexpr auto kBreak = std::chrono::milliseconds(1);

using LockKey = std::tuple<Oid, std::string, LockMode>;

}  // namespace

struct LockSampler::Impl {
  explicit Impl(const ConnectionInfo& administrator) : reader(administrator) {}

  void look(int backend_pid, SteadyClock::time_point from) {
    const double asked_ms = milliseconds_since(from);
    const LockSight sight = reader.read(backend_pid);
    const double now_ms = milliseconds_since(from);
    for (const SeenLock& lock : sight.locks) {
      const auto [place, first] =
          seen.try_emplace({lock.relation, lock.advisory, lock.mode}, SampledLock{lock});
      SampledLock& sample = place->second;
      if (!lock.granted) {
        sample.waited_ms += now_ms - last_look_ms;
        continue;
      }
      if (first || !sample.lock.granted) sample.first_ms = now_ms;
      sample.lock.granted = true;
      sample.last_ms = now_ms;
    }
    last_look_ms = asked_ms;
  }

  void run(int backend_pid, SteadyClock::time_point from) {
    try {
      while (!stopping) {
        look(backend_pid, from);
        looking.test_and_set();
        looking.notify_one();
        if (last_look_ms > kWithoutBreakMs) std::this_thread::sleep_for(kBreak);
      }
    } catch (...) {
      trouble = std::current_exception();
      looking.test_and_set();
      looking.notify_one();
    }
  }

  void join() {
    stopping = true;
    if (thread.joinable()) thread.join();
  }

  LockReader reader;
  std::map<LockKey, SampledLock> seen;
  double last_look_ms = 0;
  std::atomic<bool> stopping = false;
  std::atomic_flag looking;  ///< it has looked once
  std::exception_ptr trouble;
  std::thread thread;
};

LockSampler::LockSampler(const ConnectionInfo& administrator)
    : impl_(std::make_unique<Impl>(administrator)) {}

LockSampler::~LockSampler() { impl_->join(); }

void LockSampler::start(int backend_pid) {
  impl_->join();
  impl_->seen.clear();
  impl_->last_look_ms = 0;
  impl_->stopping = false;
  impl_->trouble = nullptr;
  impl_->looking.clear();
  impl_->thread = std::thread(
      [this, backend_pid, from = SteadyClock::now()] { impl_->run(backend_pid, from); });
}

std::vector<SampledLock> LockSampler::stop() {
  impl_->join();
  if (impl_->trouble) std::rethrow_exception(impl_->trouble);
  std::vector<SampledLock> result;
  for (const auto& [key, sample] : impl_->seen) {
    if (sample.lock.granted) result.push_back(sample);
  }
  return result;
}

}  // namespace drydock
