// How one worker finds the next rows to do. One file a strategy.
//
// Each batch is one transaction, and what was committed is never done again: a strategy that is
// stopped anywhere and started anew goes on where the rows say that it was.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/backfill_target.h"
#include "harness/model/backfill.h"
#include "harness/postgres/session.h"

namespace drydock {

class BackfillWorker {
 public:
  virtual ~BackfillWorker() = default;
  /// Does the next batch in one transaction; rows changed (0: a range without any to do). Nothing:
  /// this worker is through. Throws Error with the server's words.
  virtual std::optional<std::int64_t> next(Session& session) = 0;
};

/// The workers of a variant, over disjoint ranges (or rows that the others have not locked).
/// `session` may be used to find the ranges. Throws Error where the strategy does not fit the
/// target (see why_not).
std::vector<std::unique_ptr<BackfillWorker>> make_workers(Session& session,
                                                          const BackfillTarget& target,
                                                          const BackfillVariant& variant);

/// Why the strategy cannot be used on the target; empty: it can.
std::string why_not(BackfillStrategy strategy, const BackfillTarget& target);

/// Whether a batch size, a pause and several workers mean something to it.
bool has_batches(BackfillStrategy strategy);
bool has_workers(BackfillStrategy strategy);

/// What a person would paste into psql or a migration that runs outside a transaction: a procedure
/// or DO block with COMMIT between batches, progress by RAISE NOTICE, resumable.
std::string loop_to_paste(const BackfillTarget& target, const BackfillVariant& variant);

}  // namespace drydock
