#include "reports/lock_totals.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/base/text.h"
#include "harness/model/words.h"
#include "reports/data_totals.h"
#include "reports/excerpt.h"
#include "reports/totals.h"

namespace drydock {
namespace {

/// Calls see(statement) for every statement of a rehearsal.
template <class See>
void each_statement(const Rehearsal& evidence, See see) {
  for (const Phase* phase : {&evidence.up, &evidence.down, &evidence.up_again})
    for (const StatementRun& statement : phase->statements) see(statement);
}

/// The largest value of each name.
class Figures {
 public:
  void add(const std::string& name, double value) {
    double& slot = largest_[name];
    slot = std::max(slot, value);
  }
  std::vector<std::pair<std::string, std::string>> take() const {
    std::vector<std::pair<std::string, std::string>> figures;
    for (const auto& [name, value] : largest_) {
      if (value > 0) figures.emplace_back(name, number(value));
    }
    return figures;
  }

 private:
  static std::string number(double value) {
    std::string text = fmt::format("{:.3f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
  }

  std::map<std::string, double> largest_;
};

void add_ledger(const Rehearsal& evidence, Figures& figures) {
  each_statement(evidence, [&](const StatementRun& statement) {
    for (const HeldLock& lock : statement.footprint.locks) {
      if (!is_felt(lock)) continue;
      const std::string name = fmt::format("lock.{}.{}", lock.relation, catalog_word(lock.mode));
      figures.add(name + ".held_ms", lock.held_ms);
      figures.add(name + ".waited_ms", lock.waited_ms);
    }
  });
}

/// Sums over a phase, of which the largest counts.
void add_volume(const Phase& phase, Figures& figures) {
  double wal = 0, temp = 0;
  std::map<std::string, int> counts;
  for (const StatementRun& statement : phase.statements) {
    wal += static_cast<double>(statement.footprint.wal_bytes);
    temp += static_cast<double>(statement.footprint.temp_bytes);
    for (const Rewrite& rewrite : statement.footprint.rewrites)
      ++counts["rewrites." + rewrite.relation];
    for (const TablePass& pass : statement.footprint.passes)
      counts["passes." + pass.table] += pass.passes;
  }
  figures.add("wal_bytes", wal);
  figures.add("temp_bytes", temp);
  for (const auto& [name, times] : counts) figures.add(name, times);
}

void add_trials(const LockEvidence& locks, Figures& figures) {
  for (const ProbeResult& probe : locks.traffic.probes) {
    figures.add("stall.max_ms", probe.longest_stall_ms);
    figures.add(fmt::format("stall.{}.{}.max_ms", probe.table, word(probe.operation)),
                probe.longest_stall_ms);
  }
  for (const QueueAttempt& attempt : locks.queue.attempts) {
    figures.add(fmt::format("queue.{}.waited_ms", word(attempt.holder)), attempt.waited_ms);
    figures.add(fmt::format("queue.{}.stalled_ms", word(attempt.holder)), attempt.stalled_ms);
  }
  for (const LockForecast& forecast : locks.forecasts) {
    const std::string name =
        fmt::format("forecast.{}.{}", forecast.table, catalog_word(forecast.mode));
    figures.add(name + ".held_ms", forecast.held_ms);
    figures.add(name + ".error_ms", forecast.error_ms);
  }
}

bool not_all_well(const MigrationResult& migration) {
  const auto warns = [](const Finding& finding) {
    return is_open(finding) && finding.severity >= Severity::kWarning;
  };
  return migration.outcome == Outcome::kFailed || migration.outcome == Outcome::kErrored ||
         std::any_of(migration.findings.begin(), migration.findings.end(), warns);
}

}  // namespace

std::optional<TakenLock> strongest_lock(const Rehearsal& evidence) {
  std::optional<TakenLock> strongest;
  const auto rank = [](const HeldLock& lock) { return std::tuple(lock.mode, lock.held_ms); };
  for (const Phase* phase : {&evidence.up, &evidence.down}) {
    for (const StatementRun& statement : phase->statements) {
      for (const HeldLock& lock : statement.footprint.locks) {
        if (!is_felt(lock)) continue;
        if (strongest && rank(lock) <= rank(*strongest->lock)) continue;
        strongest = TakenLock{&lock, &statement, phase};
      }
    }
  }
  return strongest;
}

std::string lock_phrase(const HeldLock& lock) {
  std::string what = lock.relation;
  if (lock.kind != LockedKind::kTable) what = fmt::format("{} {}", word(lock.kind), what);
  if (!lock.table.empty()) what += " of " + lock.table;
  if (lock.rows >= 0) {
    what += fmt::format(" ({} {})", grouped(lock.rows), lock.rows == 1 ? "row" : "rows");
  }
  std::string phrase = fmt::format("{} on {} for {}{}", manual_word(lock.mode), what,
                                   lock.exact ? "" : "about ", human_duration(lock.held_ms));
  if (lock.waited_ms > 0)
    phrase += fmt::format(", after waiting {}", human_duration(lock.waited_ms));
  return phrase;
}

std::string taken_phrase(const TakenLock& taken) {
  const std::string_view blocked = blocked_traffic(taken.lock->mode);
  const std::string at = location(taken.statement->file, taken.statement->line);
  return fmt::format("{}{}{} ({}{}{})", lock_phrase(*taken.lock),
                     blocked.empty() ? "" : ", keeps out ", blocked, word(taken.phase->name),
                     at.empty() ? "" : ", ", at);
}

std::string strongest_phrase(const Rehearsal& evidence) {
  const std::optional<TakenLock> strongest = strongest_lock(evidence);
  return strongest ? taken_phrase(*strongest) : "";
}

std::vector<std::pair<const MigrationResult*, TakenLock>> locks_worth_telling(
    const ScenarioRun& run) {
  std::vector<std::pair<const MigrationResult*, TakenLock>> told;
  for (const MigrationResult& migration : run.migrations) {
    if (!not_all_well(migration)) continue;
    if (const auto strongest = strongest_lock(migration.evidence))
      told.emplace_back(&migration, *strongest);
  }
  return told;
}

std::string holder_phrase(QueueHolder holder) {
  switch (holder) {
    case QueueHolder::kReport:
      return "a long report";
    case QueueHolder::kIdleInTransaction:
      return "a client idle in a transaction";
    case QueueHolder::kDump:
      return "a dump";
    case QueueHolder::kOldSnapshot:
      return "an old snapshot";
  }
  return "";
}

std::string human_bytes(std::int64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes);
  const char* unit = "B";
  for (const char* larger : {"kB", "MB", "GB", "TB"}) {
    if (amount < 999.5) break;  // where rounding reaches the next unit
    amount /= 1000;
    unit = larger;
  }
  return amount < 9.95 ? fmt::format("{:.1f} {}", amount, unit)
                       : fmt::format("{:.0f} {}", amount, unit);
}

std::vector<std::pair<std::string, std::string>> lock_figures(const Rehearsal& evidence) {
  Figures figures;
  add_ledger(evidence, figures);
  for (const Phase* phase : {&evidence.up, &evidence.down, &evidence.up_again})
    add_volume(*phase, figures);
  add_trials(evidence.locks, figures);
  return figures.take();
}

}  // namespace drydock
