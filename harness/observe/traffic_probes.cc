#include "harness/observe/traffic_probes.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/postgres/session.h"

namespace drydock {
namespace {

/// Of each probe, before anything happens: enough for a median that means something.
constexpr std::size_t kCalmOperations = 20;
/// A probe that cannot do them in that time is as slow as that by itself.
constexpr auto kCalmLimit = std::chrono::seconds(5);
/// When the probes are stopped, nobody should be in their way any more. What was due is done within
/// this time or not at all.
constexpr auto kCatchUp = std::chrono::seconds(1);
constexpr auto kFar = std::chrono::hours(24);

/// The administrator can set what others cannot: no other setting of the database hides a wait.
constexpr const char* kSettings =
    "SET application_name = 'drydock traffic'; SET statement_timeout = 0; SET lock_timeout = 0; "
    "SET idle_in_transaction_session_timeout = 0; SET log_lock_waits = on; "
    "SET deadlock_timeout = '10ms'; SET client_min_messages = error";

constexpr const char* kWithoutTriggers = "SET session_replication_role = replica";
constexpr const char* kWithTriggers = "SET session_replication_role = origin";

bool reads_only(ProbeOperation operation) {
  return operation == ProbeOperation::kSelect || operation == ProbeOperation::kPlan;
}

/// One message, so that a round trip of the network is not counted three times.
std::string message_of(const ProbeStatement& statement) {
  if (reads_only(statement.operation)) return statement.sql;
  return "BEGIN; " + statement.sql + "; ROLLBACK";
}

/// What the next try may not meet again.
bool passes(const ServerError& error) {
  return error.sqlstate == "40P01" || error.sqlstate == "40001" || error.sqlstate == "55P03";
}

}  // namespace

/// What the threads are told.
struct TrafficProbes::Control {
  std::mutex lock;
  std::condition_variable changed;
  std::optional<SteadyClock::time_point> stop_at;  ///< guarded by `lock`

  /// Waits for `due`; false: it is no longer to be done.
  bool wait_until(SteadyClock::time_point due) {
    std::unique_lock guard(lock);
    changed.wait_until(guard, due, [&] { return stop_at.has_value(); });
    return !stop_at || (due <= *stop_at && SteadyClock::now() < *stop_at + kCatchUp);
  }
};

/// One probe, its connection and its thread.
class TrafficProbes::Lane {
 public:
  Lane(const ConnectionInfo& administrator, ProbeStatement statement)
      : message_(message_of(statement)), session_(administrator) {
    probe_.statement = std::move(statement);
    probe_.process = session_.backend_pid();
    session_.query(kSettings);
    try_once();
  }

  void start(Control& control, SteadyClock::time_point first, SteadyClock::duration interval) {
    if (!probe_.problem.empty()) return;
    running_ = true;
    thread_ = std::jthread([this, &control, first, interval] {
      run(control, first, interval);
      running_ = false;
    });
  }

  void join() {
    if (thread_.joinable()) thread_.join();
  }
  bool running() const { return running_; }
  /// It has seen enough of how things are while nothing happens, or never will.
  bool calm() const { return !running_ || done_ >= kCalmOperations; }
  const Probe& probe() const { return probe_; }

 private:
  void try_once() {
    for (const char* triggers : {kWithoutTriggers, kWithTriggers}) {
      if (!session_.send(triggers, SteadyClock::now() + kFar).ok) continue;
      const Reply reply = send();
      if (reply.ok) return probe_.problem.clear();
      probe_.problem = reply.error ? reply.error->message : "it was not answered";
      if (!session_.connected()) return;
    }
  }

  Reply send() {
    const Reply reply = session_.send(message_, SteadyClock::now() + kFar);
    if (session_.connected() && session_.transaction() != TransactionState::kIdle) {
      session_.send("ROLLBACK", SteadyClock::now() + kFar);
    }
    return reply;
  }

  void run(Control& control, SteadyClock::time_point due, SteadyClock::duration interval) {
    for (; control.wait_until(due); due += interval) {
      const Reply reply = send();
      probe_.samples.push_back({due, milliseconds_since(due)});
      ++done_;
      if (reply.ok || (reply.error && passes(*reply.error))) continue;
      probe_.ended_by = reply.error ? reply.error->message : "it was cancelled";
      return;
    }
  }

  Probe probe_;
  std::string message_;
  Session session_;
  std::atomic<std::size_t> done_{0};
  std::atomic<bool> running_{false};
  std::jthread thread_;
};

TrafficProbes::TrafficProbes(const ConnectionInfo& administrator,
                             std::vector<ProbeStatement> statements, double operations_per_second)
    : administrator_(administrator),
      control_(std::make_unique<Control>()),
      interval_(std::chrono::duration_cast<SteadyClock::duration>(
          std::chrono::duration<double>(1 / operations_per_second))) {
  for (ProbeStatement& statement : statements) {
    lanes_.push_back(std::make_unique<Lane>(administrator, std::move(statement)));
  }
}

TrafficProbes::~TrafficProbes() { stop(); }

void TrafficProbes::start(std::chrono::milliseconds calm) {
  const auto begin = SteadyClock::now();
  auto first = begin;
  for (const auto& lane : lanes_) {
    lane->start(*control_, first, interval_);
    first += interval_ / static_cast<int>(lanes_.size());  // not all of them at once
  }
  const auto enough = [&] {
    return SteadyClock::now() >= begin + calm &&
           std::all_of(lanes_.begin(), lanes_.end(), [](const auto& lane) { return lane->calm(); });
  };
  while (!enough() &&
         SteadyClock::now() < begin + std::max<SteadyClock::duration>(calm, kCalmLimit)) {
    throw_if_cancelled();
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

void TrafficProbes::stop() noexcept {
  {
    const std::lock_guard guard(control_->lock);
    if (!control_->stop_at) control_->stop_at = SteadyClock::now();
  }
  control_->changed.notify_all();
  const auto busy = [&] {
    return std::any_of(lanes_.begin(), lanes_.end(),
                       [](const auto& lane) { return lane->running(); });
  };
  const auto limit = SteadyClock::now() + 2 * kCatchUp;
  while (busy() && SteadyClock::now() < limit) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (busy()) cancel();
  for (const auto& lane : lanes_) lane->join();
}

/// Something stands in their way that the end of the migration did not take away: a prepared
/// transaction, say.
void TrafficProbes::cancel() noexcept {
  try {
    Connection connection(administrator_);
    for (const auto& lane : lanes_) {
      if (!lane->running()) continue;
      connection.query(fmt::format("SELECT pg_terminate_backend({})", lane->probe().process));
    }
  } catch (const Error&) {
    // A server that lets nobody in any more ends its sessions too.
  }
}

std::vector<Probe> TrafficProbes::probes() const {
  std::vector<Probe> all;
  for (const auto& lane : lanes_) all.push_back(lane->probe());
  return all;
}

}  // namespace drydock
