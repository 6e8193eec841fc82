// Tables that are read or written anew while nobody else gets at them: what table-scan and
// table-rewrite tell, which differ in the work and its cure only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/checks/check.h"
#include "harness/checks/lock_words.h"
#include "harness/checks/safe_way.h"

namespace drydock {

/// Work on all rows of a table, by statements that do the same thing to it.
struct RowsUnderLock {
  const Phase* phase = nullptr;
  std::string table;
  LockedKind kind = LockedKind::kTable;
  std::string how;  ///< "reads … from end to end", "writes … anew (column type)"
  LockAt lock;      ///< over the first of them
  std::vector<const StatementRun*> statements;
  SafeWay way;
};

/// Adds the work of `run`, if it is felt: on a table with rows, under a lock that keeps writers
/// out, and not small by what the scenario says. Work of the same kind on the same table is one.
void add_work(const Scenario& scenario, const Phase& phase, const StatementRun& run,
              const RowsUnderLock& work, std::int64_t rows, std::vector<RowsUnderLock>& all);

/// Calls `add` for every statement of the scripts that ran; one finding for each work it added.
Judgement judge_work(
    const CheckText& check, const Rehearsal& rehearsal,
    const std::function<void(const Phase&, const StatementRun&, std::vector<RowsUnderLock>&)>& add);

}  // namespace drydock
