#include "harness/rehearse/lock_wait.h"

#include <fmt/format.h>

#include <thread>

#include "harness/base/cancellation.h"
#include "harness/base/error.h"

namespace drydock {
namespace {

constexpr auto kLookEvery = std::chrono::milliseconds(4);
/// A wait that is seen so many times in a row lasts.
constexpr int kLooksThatLast = 4;
/// A cancelled statement that goes on for longer is ended with its session.
constexpr auto kGrace = std::chrono::seconds(5);

constexpr const char* kWaitQuery = R"sql(
select coalesce((select format('%I.%I', n.nspname, c.relname)
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.oid = coalesce((select i.indrelid from pg_index i where i.indexrelid = l.relation),
      l.relation)), ''), l.mode
from pg_locks l where l.pid = )sql";

std::chrono::milliseconds whole(SteadyClock::duration time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time);
}

}  // namespace

std::optional<LockWait> Backend::wait() {
  const Rows rows =
      administrator_.query(fmt::format("{}{} and not l.granted limit 1", kWaitQuery, pid_));
  if (rows.size() == 0) return {};
  return LockWait{std::string(rows.at(0, 0)), std::string(rows.at(0, 1))};
}

void Backend::cancel() { administrator_.query(fmt::format("select pg_cancel_backend({})", pid_)); }

void Backend::end() {
  administrator_.query(fmt::format("select pg_terminate_backend({})", pid_));
  const auto deadline = SteadyClock::now() + kGrace;
  const std::string alive = fmt::format("select from pg_stat_activity where pid = {}", pid_);
  while (administrator_.query(alive).size() > 0 && SteadyClock::now() < deadline) {
    std::this_thread::sleep_for(kLookEvery);
  }
}

WatchedRun Backend::watch(const std::function<bool()>& ended, std::chrono::milliseconds patience,
                          const std::function<void(const LockWait&)>& on_wait) {
  WatchedRun run;
  int looks = 0;
  SteadyClock::time_point since, cancelled_at;
  const auto lasts = [&] { return looks >= kLooksThatLast; };
  while (!ended()) {
    stop_if_asked();
    const std::optional<LockWait> now = wait();
    if (!now && lasts()) run.waited_ms += milliseconds_since(since);
    if (now && looks == 0) since = SteadyClock::now();
    looks = now ? looks + 1 : 0;
    if (lasts() && !run.wait) {
      run.wait = now;
      on_wait(*now);
    }
    if (lasts() && whole(SteadyClock::now() - since) >= patience) {
      lose_patience(run, cancelled_at);
    }
    std::this_thread::sleep_for(kLookEvery);
  }
  if (lasts()) run.waited_ms += milliseconds_since(since);
  return run;
}

void Backend::stop_if_asked() {
  if (!cancelled()) return;
  end();
  throw Cancelled();
}

void Backend::lose_patience(WatchedRun& run, SteadyClock::time_point& cancelled_at) {
  if (!run.stopped) {
    run.stopped = true;
    cancelled_at = SteadyClock::now();
    cancel();
  } else if (SteadyClock::now() - cancelled_at > kGrace) {
    end();
  }
}

}  // namespace drydock
