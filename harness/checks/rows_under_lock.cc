#include "harness/checks/rows_under_lock.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/checks/statement_search.h"
#include "harness/model/words.h"

namespace drydock {
namespace {

bool is_same(const RowsUnderLock& a, const RowsUnderLock& b) {
  return a.phase == b.phase && a.table == b.table && a.way.what == b.way.what;
}

/// Where another statement took the lock, that is what to change.
std::string lock_line(const RowsUnderLock& work) {
  const HeldLock& lock = *work.lock.lock;
  std::string words = fmt::format("\n  under {} on {}", manual_word(lock.mode),
                                  lock.table.empty() ? lock.relation : "index " + lock.relation);
  if (work.lock.taken_by != work.statements.front()) {
    words +=
        fmt::format(" from {}", short_place({work.lock.taken_by->file, work.lock.taken_by->line}));
  }
  return words + fmt::format(": meanwhile {} on {} waits.", who_waits(lock), work.table);
}

std::string others_line(const RowsUnderLock& work) {
  if (work.statements.size() < 2) return "";
  return fmt::format("\n  So do {}.",
                     places_words({work.statements.begin() + 1, work.statements.end()}));
}

std::string remedy_for(const CheckText& check, const RowsUnderLock& work) {
  if (!work.way.remedy.empty()) return work.way.remedy;
  return work.lock.taken_by == work.statements.front() ? check.remedy : kCommitBetween;
}

Finding finding_of(const CheckText& check, const RowsUnderLock& work) {
  const StatementRun& first = *work.statements.front();
  Finding finding;
  finding.check = check.id;
  finding.severity = check.severity;
  finding.message = fmt::format("{} {}{}", work.way.what, work.how, statement_line(first.text));
  finding.message += lock_line(work) + others_line(work);
  finding.remedy = remedy_for(check, work);
  finding.file = first.file;
  finding.line = first.line;
  finding.objects = {fmt::format("{} {}", word(work.kind), work.table)};
  finding.known_by = {std::string(script_words(*work.phase)), work.way.what,
                      finding.objects.front()};
  return finding;
}

}  // namespace

void add_work(const Scenario& scenario, const Phase& phase, const StatementRun& run,
              const RowsUnderLock& work, std::int64_t rows, std::vector<RowsUnderLock>& all) {
  if (rows == 0 || made_by(phase, work.table) || is_small(scenario, work.table)) return;
  const std::optional<LockAt> lock = lock_over(phase, run, work.table);
  if (!lock) return;
  RowsUnderLock added = work;
  added.phase = &phase;
  added.lock = *lock;
  added.statements = {&run};
  added.way = safe_way(run);
  const auto same = std::find_if(all.begin(), all.end(),
                                 [&](const RowsUnderLock& other) { return is_same(other, added); });
  if (same == all.end()) {
    all.push_back(std::move(added));
  } else if (same->statements.back() != &run) {
    same->statements.push_back(&run);
  }
}

Judgement judge_work(const CheckText& check, const Rehearsal& rehearsal,
                     const std::function<void(const Phase&, const StatementRun&,
                                              std::vector<RowsUnderLock>&)>& add) {
  if (const auto why = why_no_locks(rehearsal)) return skip(*why);
  std::vector<RowsUnderLock> all;
  for (const Phase* phase : phases_that_ran(rehearsal)) {
    for (const StatementRun& run : phase->statements) add(*phase, run, all);
  }
  std::vector<Finding> findings;
  for (const RowsUnderLock& work : all) findings.push_back(finding_of(check, work));
  return judged(std::move(findings));
}

}  // namespace drydock
