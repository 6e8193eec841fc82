// Time, named by unit. Durations in evidence are milliseconds as double, because they are printed
// and written to JSON; everything that waits uses std::chrono.
#pragma once

#include <chrono>
#include <string>

namespace drydock {

using SteadyClock = std::chrono::steady_clock;

inline double milliseconds_since(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count();
}

/// UTC, ISO 8601 with seconds: 2026-11-21T08:00:00Z.
std::string utc_timestamp(std::chrono::system_clock::time_point at);

}  // namespace drydock
