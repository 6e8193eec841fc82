#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/checks/rows_under_lock.h"

namespace drydock {
namespace {

const CheckText kText{
    "table-scan",
    "No table that is in use is read from one end to the other while its writers are kept out.",
    "SET NOT NULL, a CHECK, a foreign key, a unique constraint or an index made in the plain way, "
    "and a backfill in the transaction that changed the table.",
    "On an empty table it takes no time. In production every row is read while writers, or "
    "everybody, wait: seconds for each ten million rows, minutes for an index.",
    "Split it: declare without looking at the rows (NOT VALID, CONCURRENTLY), look at them in a "
    "later transaction under a lock that lets writers in.",
    Severity::kWarning};

/// Counts what the table's own rewrite reads as part of the rewrite.
bool is_rewritten(const StatementRun& run, const std::string& table) {
  const auto& rewrites = run.footprint.rewrites;
  return std::any_of(rewrites.begin(), rewrites.end(), [&](const Rewrite& rewrite) {
    return rewrite.kind != LockedKind::kIndex && rewrite.relation == table;
  });
}

RowsUnderLock work_of(const TablePass& pass) {
  RowsUnderLock work;
  work.table = pass.table;
  work.how = fmt::format("reads {} from end to end", relation_words(pass.table, pass.rows));
  if (pass.passes > 1) work.how += ", " + plural(static_cast<std::size_t>(pass.passes), "time");
  return work;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  return judge_work(kText, rehearsal, [&](const Phase& phase, const StatementRun& run, auto& all) {
    for (const TablePass& pass : run.footprint.passes) {
      if (pass.passes == 0 || is_rewritten(run, pass.table)) continue;
      add_work(scenario, phase, run, work_of(pass), pass.rows, all);
    }
  });
}

}  // namespace

extern const Check kTableScan;
const Check kTableScan{kText, judge};

}  // namespace drydock
