#include <fmt/format.h>

#include "harness/checks/rows_under_lock.h"

namespace drydock {
namespace {

const CheckText kText{
    "table-rewrite",
    "No table that is in use is written anew while nobody can use it.",
    "A type change, a volatile default, CLUSTER or VACUUM FULL on a table with rows.",
    "The time grows with the table: what takes a second with a hundred thousand rows takes a "
    "quarter of an hour with eighty million, and the table is out of reach throughout; it also "
    "needs its size again on disk and in the write-ahead log.",
    "Do it beside the table: a new column or a new table, kept in step with a trigger, filled in "
    "batches, swapped by name.",
    Severity::kWarning};

RowsUnderLock work_of(const Rewrite& rewrite) {
  RowsUnderLock work;
  work.table = rewrite.relation;
  work.kind = rewrite.kind;
  work.how = fmt::format("writes {} anew{}", relation_words(rewrite.relation, rewrite.rows),
                         rewrite.reason.empty() ? "" : " (" + rewrite.reason + ")");
  return work;
}

Judgement judge(const Rehearsal& rehearsal, const Scenario& scenario) {
  return judge_work(kText, rehearsal, [&](const Phase& phase, const StatementRun& run, auto& all) {
    for (const Rewrite& rewrite : run.footprint.rewrites) {
      if (rewrite.kind == LockedKind::kIndex) continue;
      add_work(scenario, phase, run, work_of(rewrite), rewrite.rows, all);
    }
  });
}

}  // namespace

extern const Check kTableRewrite;
const Check kTableRewrite{kText, judge};

}  // namespace drydock
