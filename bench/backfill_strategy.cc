#include "bench/backfill_strategy.h"

#include <fmt/format.h>

#include "bench/strategies.h"
#include "harness/base/error.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// What a batch of nothing would be, or half a worker.
void require_sane(const BackfillVariant& variant) {
  if (variant.workers < 1 || (has_batches(variant.strategy) && variant.batch_size < 1)) {
    throw InputError(fmt::format("{} with {} rows a batch and {} workers does nothing",
                                 word(variant.strategy), variant.batch_size, variant.workers),
                     "A batch has at least one row, and there is at least one worker.");
  }
}

}  // namespace

std::vector<std::unique_ptr<BackfillWorker>> make_workers(Session& session,
                                                          const BackfillTarget& target,
                                                          const BackfillVariant& variant) {
  require_sane(variant);
  if (const std::string reason = why_not(variant.strategy, target); !reason.empty()) {
    throw InputError(fmt::format("the strategy {} does not fit {}: {}", word(variant.strategy),
                                 target.table, reason),
                     "Leave it out of `strategies`.");
  }
  switch (variant.strategy) {
    case BackfillStrategy::kSingle:
      return single_workers(target);
    case BackfillStrategy::kNaive:
      return naive_workers(target, variant);
    case BackfillStrategy::kSkipLocked:
      return skip_locked_workers(target, variant);
    case BackfillStrategy::kKeyset:
      return keyset_workers(session, target, variant);
    case BackfillStrategy::kCtid:
      return ctid_workers(session, target, variant);
    case BackfillStrategy::kAsWritten:
      return as_written_workers(target);
  }
  return {};
}

std::string why_not(BackfillStrategy strategy, const BackfillTarget& target) {
  switch (strategy) {
    case BackfillStrategy::kNaive:
    case BackfillStrategy::kSkipLocked:
    case BackfillStrategy::kKeyset:
      return target.key.empty() ? "it has neither a primary key nor a unique index over columns"
                                  " that are never NULL, so that no row can be named by its key"
                                : "";
    case BackfillStrategy::kCtid:
      return target.ctid_ranges ? ""
                                : "ranges of pages need PostgreSQL 14 and a table that is not made"
                                  " of partitions or inherited from";
    case BackfillStrategy::kAsWritten:
      return target.statement.empty() ? "no migration does this backfill" : "";
    case BackfillStrategy::kSingle:
      break;
  }
  return "";
}

bool has_batches(BackfillStrategy strategy) {
  return strategy != BackfillStrategy::kSingle && strategy != BackfillStrategy::kAsWritten;
}

bool has_workers(BackfillStrategy strategy) {
  return has_batches(strategy) && strategy != BackfillStrategy::kNaive;
}

std::string loop_to_paste(const BackfillTarget& target, const BackfillVariant& variant) {
  switch (variant.strategy) {
    case BackfillStrategy::kNaive:
      return naive_loop(target, variant);
    case BackfillStrategy::kSkipLocked:
      return skip_locked_loop(target, variant);
    case BackfillStrategy::kKeyset:
      return keyset_loop(target, variant);
    case BackfillStrategy::kCtid:
      return ctid_loop(target, variant);
    case BackfillStrategy::kSingle:
    case BackfillStrategy::kAsWritten:
      break;
  }
  return (variant.strategy == BackfillStrategy::kAsWritten ? target.statement
                                                           : update_statement(target, "")) +
         ";\n";
}

std::string key_of(const BackfillTarget& target) {
  const std::string columns = join(target.key, ", ");
  return target.key.size() == 1 ? columns : "(" + columns + ")";
}

}  // namespace drydock
