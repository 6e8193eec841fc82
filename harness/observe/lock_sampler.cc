#include "harness/observe/lock_sampler.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
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

/// A lock in all the looks that caught it.
struct Caught {
  SampledLock sample;
  std::int64_t last_look = -2;
  double since_ms = 0;
  std::string transaction = {};

  void held(std::int64_t look, double now_ms, const std::string& by) {
    // What CONCURRENTLY and VACUUM keep across their transactions is weaker.
    const bool another = by != transaction && sample.lock.mode >= LockMode::kShare;
    if (look != last_look + 1 || another) since_ms = now_ms;
    const bool first = last_look < 0;
    if (first || now_ms - since_ms > sample.last_ms - sample.first_ms) {
      sample.first_ms = since_ms;
      sample.last_ms = now_ms;
    }
    sample.lock.granted = true;
    last_look = look;
    transaction = by;
  }
};

}  // namespace

struct LockSampler::Impl {
  explicit Impl(const ConnectionInfo& administrator) : reader(administrator) {}

  void look(int backend_pid) {
    const double asked_ms = milliseconds_since(from);
    const LockSight sight = reader.read(backend_pid);
    const double now_ms = milliseconds_since(from);
    if (last_look_ms > 0) unseen_ms = std::max(unseen_ms, now_ms - last_look_ms);
    for (const SeenLock& lock : sight.locks) {
      Caught& caught =
          seen.try_emplace({lock.relation, lock.advisory, lock.mode}, Caught{{lock}}).first->second;
      if (lock.granted) {
        caught.held(looks, now_ms, sight.transaction);
      } else {
        caught.sample.waited_ms += now_ms - last_look_ms;
      }
    }
    ++looks;
    last_look_ms = asked_ms;
  }

  void run(int backend_pid) {
    try {
      while (!stopping) {
        look(backend_pid);
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
  SteadyClock::time_point from;
  std::map<LockKey, Caught> seen;
  std::int64_t looks = 0;
  double last_look_ms = 0;  ///< when it was asked for
  double unseen_ms = 0;     ///< the longest from one look's question to the next one's answer
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
  impl_->looks = 0;
  impl_->last_look_ms = 0;
  impl_->unseen_ms = 0;
  impl_->stopping = false;
  impl_->trouble = nullptr;
  impl_->looking.clear();
  impl_->from = SteadyClock::now();
  impl_->thread = std::thread([this, backend_pid] { impl_->run(backend_pid); });
}

std::vector<SampledLock> LockSampler::stop() {
  const double ended_ms = milliseconds_since(impl_->from);
  impl_->join();
  impl_->unseen_ms = std::max(impl_->unseen_ms, ended_ms - impl_->last_look_ms);
  if (impl_->trouble) std::rethrow_exception(impl_->trouble);
  std::vector<SampledLock> result;
  for (const auto& [key, caught] : impl_->seen) {
    if (caught.sample.lock.granted) result.push_back(caught.sample);
  }
  return result;
}

double LockSampler::unseen_ms() const { return impl_->unseen_ms; }

}  // namespace drydock
