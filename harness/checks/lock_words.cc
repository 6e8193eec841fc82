#include "harness/checks/lock_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/checks/statement_search.h"
#include "harness/model/words.h"

namespace drydock {
namespace {

constexpr std::size_t kLongestStatement = 160;

/// A transaction that ended before the statement had none of its locks left; the middle of the
/// statement is far from either end, so that rounding decides nothing.
bool stands_over(const HeldLock& lock, const StatementRun& run) {
  const double middle = run.started_ms + run.duration_ms / 2;
  return lock.acquired_ms + lock.held_ms > middle;
}

}  // namespace

std::optional<std::string> why_no_locks(const Rehearsal& rehearsal) {
  if (!rehearsal.locks.observed) return "locks were not watched: --no-locks, or locks.ledger";
  if (rehearsal.up.outcome != PhaseOutcome::kOk) return "the up script did not run through";
  return std::nullopt;
}

std::vector<const Phase*> phases_that_ran(const Rehearsal& rehearsal) {
  std::vector<const Phase*> phases;
  for (const Phase* phase : {&rehearsal.up, &rehearsal.down}) {
    if (phase->outcome == PhaseOutcome::kOk) phases.push_back(phase);
  }
  return phases;
}

std::string_view script_words(const Phase& phase) {
  return phase.name == PhaseName::kDown ? "the down script" : "the up script";
}

const std::string& locked_table(const HeldLock& lock) {
  return lock.table.empty() ? lock.relation : lock.table;
}

std::optional<LockAt> lock_over(const Phase& phase, const StatementRun& run,
                                const std::string& table) {
  std::optional<LockAt> strongest;
  for (const StatementRun& earlier : phase.statements) {
    for (const HeldLock& lock : earlier.footprint.locks) {
      if (!is_felt(lock) || locked_table(lock) != table) continue;
      if (&earlier != &run && !stands_over(lock, run)) continue;
      if (!strongest || lock.mode > strongest->lock->mode) strongest = LockAt{&lock, &earlier};
    }
    if (&earlier == &run) break;
  }
  return strongest;
}

bool made_by(const Phase& phase, const std::string& relation) {
  const auto made = [&](const HeldLock& lock) { return lock.own && lock.relation == relation; };
  return std::any_of(phase.statements.begin(), phase.statements.end(), [&](const auto& run) {
    const auto& locks = run.footprint.locks;
    return std::any_of(locks.begin(), locks.end(), made);
  });
}

bool is_small(const Scenario& scenario, const std::string& table) {
  const auto rule = scenario.tables.find(table);
  return rule != scenario.tables.end() && rule->second.production_rows &&
         *rule->second.production_rows < kSmallTable;
}

std::string_view who_waits(LockMode held) {
  if (conflict(held, LockMode::kAccessShare)) return "every SELECT, INSERT, UPDATE and DELETE";
  if (conflict(held, LockMode::kRowShare))
    return "every INSERT, UPDATE, DELETE and SELECT … FOR UPDATE";
  if (conflict(held, LockMode::kRowExclusive)) return "every INSERT, UPDATE and DELETE";
  return "";
}

std::string_view who_waits(const HeldLock& lock) {
  const std::string_view who = who_waits(lock.mode);
  if (lock.kind == LockedKind::kSequence && !who.empty()) return "every nextval";
  return lock.kind == LockedKind::kMaterializedView && is_felt(lock) ? "every SELECT" : who;
}

std::string grouped_digits(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string rows_words(std::int64_t rows) {
  if (rows < 0) return "";
  return grouped_digits(rows) + (rows == 1 ? " row" : " rows");
}

std::string relation_words(const std::string& relation, std::int64_t rows) {
  return rows < 0 ? relation : fmt::format("{} ({})", relation, rows_words(rows));
}

std::string lock_words(const HeldLock& lock) {
  std::string on = lock.relation;
  if (lock.kind != LockedKind::kTable) on = fmt::format("{} {}", word(lock.kind), on);
  if (!lock.table.empty()) on += " of " + lock.table;
  return fmt::format("{} on {}", manual_word(lock.mode), relation_words(on, lock.rows));
}

std::string statement_line(std::string_view text) {
  return "\n  " + shorten(text, kLongestStatement);
}

std::string places_words(const std::vector<const StatementRun*>& statements) {
  std::string words;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const bool same_file = i > 0 && statements[i]->file == statements[i - 1]->file;
    if (i > 0) words += i + 1 == statements.size() ? " and " : ", ";
    words += same_file ? std::to_string(statements[i]->line)
                       : short_place({statements[i]->file, statements[i]->line});
  }
  return words;
}

}  // namespace drydock
