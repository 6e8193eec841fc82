#include "bench/backfill_driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <thread>

#include "bench/batch_sender.h"
#include "bench/workers_control.h"
#include "harness/base/cancellation.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/observe/latencies.h"

namespace drydock {
namespace {

/// The server keeps no account of waits before 18, so that they are looked at from outside. More
/// often would be felt by what is measured: a look costs some tenths of a millisecond.
constexpr auto kLookInterval = std::chrono::milliseconds(50);

void work(BackfillWorker& worker, Session& session, double pause_ms, WorkersControl& control) {
  try {
    while (!control.stopped()) {
      throw_if_cancelled();
      const auto began = SteadyClock::now();
      const std::optional<std::int64_t> rows = worker.next(session);
      if (!rows) break;
      control.add_batch(began, *rows);
      if (pause_ms > 0) control.pause(pause_ms);
    }
  } catch (...) {
    control.fail(std::current_exception());
  }
  control.worker_ended();
}

/// Threads that are waited for whatever happens to us.
class Threads {
 public:
  Threads() = default;
  ~Threads() {
    for (std::thread& thread : threads_) thread.join();
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  template <typename Work>
  void start(Work run) {
    threads_.emplace_back(std::move(run));
  }

 private:
  std::vector<std::thread> threads_;
};

std::string waiting_statement(const std::vector<Session>& sessions) {
  std::vector<std::string> processes;
  for (const Session& session : sessions) {
    processes.push_back(std::to_string(session.backend_pid()));
  }
  return fmt::format(
      "SELECT count(*) FROM unnest(ARRAY[{}]::int[]) p, pg_stat_get_activity(p) a"
      " WHERE a.wait_event_type = 'Lock'",
      join(processes, ","));
}

/// Looks at the workers until they have ended; milliseconds that they waited for locks, in all. A
/// look counts for the time since the one before.
double watch_waits(Session& observer, const std::vector<Session>& sessions,
                   WorkersControl& control) {
  const std::string look = waiting_statement(sessions);
  double waited_ms = 0;
  auto last = SteadyClock::now();
  while (control.still_at_work(sessions.size(), kLookInterval)) {
    const double waiting = std::stod(std::string(observer.query(look).at(0, 0)));
    waited_ms += waiting * milliseconds_since(last);
    last = SteadyClock::now();
  }
  return waited_ms;
}

/// Seconds until `rows` were done; between two batches as if they came evenly.
double seconds_until(double rows, SteadyClock::time_point began,
                     const std::vector<BatchMark>& marks) {
  BatchMark before{began, 0};
  for (const BatchMark& mark : marks) {
    if (static_cast<double>(mark.rows) >= rows && mark.rows > before.rows) {
      const double share =
          (rows - static_cast<double>(before.rows)) / static_cast<double>(mark.rows - before.rows);
      return seconds_between(began, before.at) + share * seconds_between(before.at, mark.at);
    }
    before = mark;
  }
  return seconds_between(began, before.at);
}

void tell_tenths(SteadyClock::time_point began, const std::vector<BatchMark>& marks,
                 DrivenBackfill& driven) {
  if (marks.empty()) return;
  const auto rows = static_cast<double>(marks.back().rows);
  driven.first_tenth_s = seconds_until(rows / 10, began, marks);
  driven.last_tenth_s =
      seconds_until(rows, began, marks) - seconds_until(rows * 9 / 10, began, marks);
}

std::int64_t count_left(Session& session, const BackfillTarget& target) {
  return std::stoll(std::string(
      session.query(fmt::format("SELECT count(*) FROM {} WHERE ({})", target.table, target.where))
          .at(0, 0)));
}

/// What has no batches to look at, and may not even say how many rows it did, is known by what it
/// left.
void tell_whole(Session& session, const BackfillTarget& target, const BackfillVariant& variant,
                std::int64_t expected, DrivenBackfill& driven) {
  const std::int64_t left = count_left(session, target);
  if (variant.strategy == BackfillStrategy::kAsWritten && driven.rows == 0) {
    driven.rows = std::max<std::int64_t>(0, expected - left);
  }
  if (driven.rows > 0 && left >= driven.rows) throw_endless(target, left, driven.rows);
}

/// More than once over: rows come as fast as they are done, and whoever goes on never ends.
std::int64_t most_rows(const BackfillVariant& variant, std::int64_t expected) {
  return 2 * expected + variant.batch_size * variant.workers;
}

std::vector<Session> connect(const ConnectionInfo& where, std::size_t count) {
  std::vector<Session> sessions;
  for (std::size_t i = 0; i < count; ++i) sessions.emplace_back(where);
  return sessions;
}

}  // namespace

DrivenBackfill drive(const ConnectionInfo& where, const BackfillTarget& target,
                     const BackfillVariant& variant, std::int64_t expected,
                     const BackfillProgress& progress) {
  Session observer(where);
  const auto began_planning = SteadyClock::now();
  const auto workers = make_workers(observer, target, variant);
  const double planning_s = seconds_between(began_planning, SteadyClock::now());
  std::vector<Session> sessions = connect(where, workers.size());
  WorkersControl control(most_rows(variant, expected), progress);
  DrivenBackfill driven;
  const auto began = SteadyClock::now();
  {
    Threads threads;
    for (std::size_t i = 0; i < workers.size(); ++i) {
      threads.start([&, i] { work(*workers[i], sessions[i], variant.pause_ms, control); });
    }
    try {
      driven.lock_wait_ms = watch_waits(observer, sessions, control);
    } catch (...) {
      control.fail(std::current_exception());
    }
  }
  if (control.error()) std::rethrow_exception(control.error());
  if (!control.marks().empty()) {
    driven.seconds = planning_s + seconds_between(began, control.marks().back().at);
    driven.rows = control.marks().back().rows;
  }
  driven.batches = static_cast<std::int64_t>(control.marks().size());
  driven.batch = summarise(control.take_latencies());
  tell_tenths(began, control.marks(), driven);
  if (!has_batches(variant.strategy)) tell_whole(observer, target, variant, expected, driven);
  return driven;
}

}  // namespace drydock
