// What an application feels while something else happens on its tables: each operation sent over
// and over at a steady rate, on a connection of its own, and how long each one took.
//
// A latency counts from the moment at which the operation was due, not from when it could be sent:
// a stall of a second at 50 operations a second is 50 late operations, and whoever measures from
// the sending sees one (coordinated omission). Each operation is a transaction of its own, and one
// that writes is rolled back.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/clock.h"
#include "harness/model/lock_evidence.h"
#include "harness/postgres/connection.h"

namespace drydock {

/// Connections that probes may take in all: what a small application has, and a fraction of what
/// two cores can serve at 50 operations a second each.
inline constexpr std::size_t kMostProbes = 24;

/// An operation, as one SQL statement that touches one row of one table.
struct ProbeStatement {
  std::string table;  ///< "public.orders"
  ProbeOperation operation = ProbeOperation::kSelect;
  std::string sql;
};

struct ProbeSample {
  SteadyClock::time_point due;
  double latency_ms = 0;
};

struct Probe {
  ProbeStatement statement;
  int process = 0;       ///< of the server, in whose log it waits
  std::string problem;   ///< why the operation cannot be done at all; empty: it can
  std::string ended_by;  ///< the error that ended it later (the table is gone …); empty: none
  std::vector<ProbeSample> samples;  ///< in order
};

/// Calls: start, stop, probes.
class TrafficProbes {
 public:
  /// Connects as the administrator, whom neither privileges nor row security stop, and tries each
  /// statement once. Triggers and foreign keys stay out where the statement goes without them, so
  /// that a probe locks nothing but its table. REQUIRES: at most kMostProbes statements. Throws
  /// Error when the server lets nobody in.
  TrafficProbes(const ConnectionInfo& administrator, std::vector<ProbeStatement> statements,
                double operations_per_second);
  /// Stops.
  ~TrafficProbes();

  /// Returns when `calm` has passed and each probe has done 20 operations. Throws Cancelled.
  void start(std::chrono::milliseconds calm);
  /// What was due until now is still done; what then waits for ever is cancelled.
  void stop() noexcept;
  /// REQUIRES: stopped, or not started.
  std::vector<Probe> probes() const;

 private:
  class Lane;
  struct Control;

  void cancel() noexcept;

  ConnectionInfo administrator_;
  std::unique_ptr<Control> control_;
  SteadyClock::duration interval_;
  std::vector<std::unique_ptr<Lane>> lanes_;
};

}  // namespace drydock
