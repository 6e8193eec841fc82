// Runs a variant from its first batch to its last and writes down what it took.
#pragma once

#include <functional>

#include "bench/backfill_strategy.h"
#include "harness/base/clock.h"
#include "harness/postgres/connection.h"

namespace drydock {

/// What the workers did, without what is around them (traffic, sizes).
struct DrivenBackfill {
  double seconds = 0;
  std::int64_t rows = 0, batches = 0;
  Latencies batch;
  double first_tenth_s = 0, last_tenth_s = 0;
  double lock_wait_ms = 0;
};

/// Called after each batch with the rows done so far, from any worker's thread; true: stop.
using BackfillProgress = std::function<bool(std::int64_t rows)>;

/// Each worker has a session and a thread of its own. Throws Error: a batch failed (the server's
/// words and the statement), or the condition is still true of rows that were just done, so that
/// the loop would never end (told after the first batch); Cancelled. `expected`: rows to be done.
DrivenBackfill drive(const ConnectionInfo& where, const BackfillTarget& target,
                     const BackfillVariant& variant, std::int64_t expected,
                     const BackfillProgress& progress = {});

/// After a run: empty when no row is left and the contents are those that one UPDATE of everything
/// gives (`expected_print`, see backfill_print); else what is wrong.
std::string verify_backfill(Session& session, const BackfillTarget& target,
                            const std::string& expected_print);
/// Number of rows and an order-free digest of the table, without columns that SET or a trigger
/// gives another value each time (the clock, chance).
std::string backfill_print(Session& session, const BackfillTarget& target);

}  // namespace drydock
