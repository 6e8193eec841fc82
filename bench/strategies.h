// Each strategy's two sides: its workers, and the loop that a person can paste. One file a
// strategy; which one is wanted is decided in backfill_strategy.cc only.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "bench/backfill_strategy.h"

namespace drydock {

using BackfillWorkers = std::vector<std::unique_ptr<BackfillWorker>>;

BackfillWorkers single_workers(const BackfillTarget& target);
BackfillWorkers naive_workers(const BackfillTarget& target, const BackfillVariant& variant);
BackfillWorkers skip_locked_workers(const BackfillTarget& target, const BackfillVariant& variant);
BackfillWorkers keyset_workers(Session& session, const BackfillTarget& target,
                               const BackfillVariant& variant);
BackfillWorkers ctid_workers(Session& session, const BackfillTarget& target,
                             const BackfillVariant& variant);
BackfillWorkers as_written_workers(const BackfillTarget& target);

std::string naive_loop(const BackfillTarget& target, const BackfillVariant& variant);
std::string skip_locked_loop(const BackfillTarget& target, const BackfillVariant& variant);
std::string keyset_loop(const BackfillTarget& target, const BackfillVariant& variant);
std::string ctid_loop(const BackfillTarget& target, const BackfillVariant& variant);

/// "id", or "(a, b)" of several columns: the key as one value of SQL.
std::string key_of(const BackfillTarget& target);

}  // namespace drydock
