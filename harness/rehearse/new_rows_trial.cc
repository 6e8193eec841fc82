#include "harness/rehearse/new_rows_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/base/error.h"
#include "harness/observe/contents.h"
#include "harness/rehearse/script_runner.h"
#include "harness/rehearse/trial.h"
#include "harness/rehearse/written_rows.h"

namespace drydock {
namespace {

/// Rows of before that were changed, lost or whose columns went; what was added is no harm.
ContentsDiff harm_in(const ContentsDiff& diff) {
  ContentsDiff harm = diff;
  std::erase_if(harm.tables, [](const TableChange& change) {
    return !change.dropped && change.lost == 0 && change.columns.empty();
  });
  harm.sequences.clear();
  return harm;
}

std::string words_of(const TrialRows& rows) {
  return fmt::format("{} in {}", rows.words, rows.table);
}

/// What of the harm is not done `anyway`. A new row that takes the key of a lost one changes its
/// values, and that is no harm.
ContentsDiff harm_beyond(const ContentsDiff& diff, const ContentsDiff& anyway) {
  ContentsDiff harm = harm_in(diff);
  for (TableChange& table : harm.tables) {
    const TableChange* known = find_table(anyway, table.table);
    if (known == nullptr) continue;
    const std::int64_t keys_taken = std::max<std::int64_t>(0, known->lost - table.lost);
    if (table.lost <= known->lost) table.lost = 0;
    table.dropped = table.dropped && !known->dropped;
    std::erase_if(table.columns, [&](const ColumnChange& column) {
      std::int64_t rows = keys_taken;
      for (const ColumnChange& other : known->columns) {
        if (other.column == column.column) rows += other.rows;
      }
      return column.rows <= rows;
    });
  }
  return harm_in(harm);
}

/// Of which tables there are new rows.
std::set<std::string> note_written(const std::vector<TrialRows>& rows, NewRowsTrial& trial) {
  std::set<std::string> tables;
  for (const TrialRows& some : rows) {
    trial.wrote.push_back(words_of(some));
    tables.insert(some.table);
  }
  return tables;
}

NewRowsTrial nothing_written() {
  NewRowsTrial trial;
  trial.skipped = "no such rows could be written";
  return trial;
}

}  // namespace

std::optional<NewRowsTrial> try_new_rows(const std::vector<TrialRows>& rows,
                                         const Migration& migration, const SchemaSnapshot& before,
                                         Workbench& workbench, std::chrono::milliseconds limit) {
  Trial attempt(workbench.trials(), workbench.role(), limit);
  Session& session = attempt.session();
  NewRowsTrial trial;
  const std::set<std::string> tables = note_written(attempt.write_all(rows), trial);
  if (tables.empty()) return nothing_written();
  trial.ran = true;
  const std::vector<WrittenTable> written = look_at_written(session, tables, kPresentTransaction);
  TrialOutcome outcome = attempt.run(migration.down);
  if (!outcome.impossible.empty()) return {};
  trial.failure = std::move(outcome.failure);
  if (trial.failure) return trial;
  const ContentsDiff diff = workbench.contents().compare(ContentsMatch::kByName);
  trial.losses = losses_of(session, written, migration.down, diff, {}, before);
  trial.harmed = harm_in(diff);
  return trial;
}

namespace {

/// A copy of the database in which the down is run for good.
class DownInCopy {
 public:
  DownInCopy(Workbench& workbench, std::chrono::milliseconds limit)
      : workbench_(workbench),
        limit_(limit),
        copy_(workbench.copy()),
        writing_(workbench.administrator(copy_->name())),
        looking_(workbench.administrator(copy_->name())),
        contents_(looking_, false) {
    contents_.remember();
  }

  Session& session() { return writing_; }

  std::vector<TrialRows> write(const std::vector<TrialRows>& rows) {
    std::vector<TrialRows> written;
    for (const TrialRows& some : rows) {
      const auto deadline = SteadyClock::now() + std::chrono::minutes(1);
      if (writing_.send(some.sql, deadline).ok) written.push_back(some);
    }
    return written;
  }

  Phase run(const Migration& migration) {
    Session migrating = workbench_.migrate_in(copy_->name());
    Phase down = run_scripts(PhaseName::kDown, migration.down, migrating, limit_);
    if (migrating.connected()) workbench_.flush_counters_of(migrating);
    return down;
  }

  /// Since the beginning, which is the state after the up.
  ContentsDiff difference() {
    workbench_.flush_counters_of(writing_);
    return contents_.compare(ContentsMatch::kByIdentity);
  }

 private:
  Workbench& workbench_;
  std::chrono::milliseconds limit_;
  std::unique_ptr<ScratchDatabase> copy_;
  Session writing_, looking_;
  ContentsObserver contents_;
};

std::string why_not_run(const Phase& down) {
  return down.error ? down.error->message : "the down could not be run";
}

}  // namespace

NewRowsTrial try_new_rows_in_copy(const std::vector<TrialRows>& rows, const Migration& migration,
                                  const SchemaSnapshot& before, Workbench& workbench,
                                  std::chrono::milliseconds limit) {
  DownInCopy over(workbench, limit);
  const std::string xid(
      over.session().query(fmt::format("select {}::text", kPresentTransaction)).at(0, 0));
  NewRowsTrial trial;
  const std::set<std::string> tables = note_written(over.write(rows), trial);
  if (tables.empty()) return nothing_written();
  trial.in_copy = true;
  const std::vector<WrittenTable> written = look_at_written(over.session(), tables, xid);
  const Phase down = over.run(migration);
  if (down.outcome == PhaseOutcome::kErrored) {
    trial.skipped = why_not_run(down);
    return trial;
  }
  trial.failure = down.error;
  trial.ran = true;
  if (trial.failure) return trial;
  const ContentsDiff diff = over.difference();
  ContentsDiff anyway;
  if (!diff.tables.empty()) {
    DownInCopy without(workbench, limit);
    const Phase again = without.run(migration);
    if (again.outcome != PhaseOutcome::kOk) {
      trial.ran = false;
      trial.skipped =
          "what the down does to new rows cannot be told from what it does "
          "anyway: without them " +
          why_not_run(again);
      return trial;
    }
    anyway = without.difference();
  }
  trial.losses = losses_of(over.session(), written, migration.down, diff, anyway, before);
  trial.harmed = harm_beyond(diff, anyway);
  return trial;
}

void settle_losses(const ContentsDiff& restored, NewRowsTrial& trial) {
  for (NewRowsLoss& loss : trial.losses) {
    const TableChange* real = find_table(restored, loss.table);
    if (real != nullptr && !trial.in_copy) {
      // Rows of the up that the down leaves were counted as survivors; new rows that took the key
      // of a row that the down loses anyway were not.
      const TableChange* harm = find_table(trial.harmed, loss.table);
      const std::int64_t lost_with_new = harm != nullptr ? harm->lost : 0;
      loss.lost += real->added - std::max<std::int64_t>(0, real->lost - lost_with_new);
    }
    loss.lost = std::clamp<std::int64_t>(loss.lost, 0, loss.written);
  }
  std::erase_if(trial.harmed.tables, [&](const TableChange& harm) {
    const TableChange* real = find_table(restored, harm.table);
    if (real == nullptr) return false;
    std::int64_t harmed = harm.lost, lost = real->lost;
    for (const ColumnChange& column : harm.columns) harmed += column.rows;
    for (const ColumnChange& column : real->columns) lost += column.rows;
    return harmed <= lost && harm.dropped == real->dropped;
  });
}

}  // namespace drydock
