#include "harness/rehearse/new_rows_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/data/sql_words.h"
#include "harness/observe/contents.h"
#include "harness/rehearse/script_runner.h"
#include "harness/rehearse/trial.h"

namespace drydock {
namespace {

/// The present transaction, as xmin shows it.
constexpr const char* kTransaction = "select txid_current() & 4294967295";

std::int64_t number(std::string_view text) { return std::stoll(std::string(text)); }

/// A table that got new rows, as it is before the down.
struct WrittenTable {
  std::string name;  ///< after the up
  std::string oid;
  std::int64_t rows = 0;               ///< written in the trial
  std::map<int, std::string> columns;  ///< quoted names by attnum
  std::map<int, std::int64_t> values;  ///< of the written rows, not NULL, by attnum
};

/// What a table is after the down.
struct TableAfter {
  std::string name;  ///< empty: gone
  std::set<int> attnums;
  std::set<std::string> columns;
};

std::map<int, std::string> columns_of(Session& session, const std::string& oid) {
  std::map<int, std::string> columns;
  const Rows rows = session.query(
      "select attnum, quote_ident(attname) from pg_catalog.pg_attribute where attrelid = " + oid +
      " and attnum > 0 and not attisdropped");
  for (int row = 0; row < rows.size(); ++row) {
    columns[static_cast<int>(number(rows.at(row, 0)))] = rows.at(row, 1);
  }
  return columns;
}

/// The rows that transactions from `xid` on wrote. Where the trial's own transaction or a later one
/// of a copy wrote them, xmin says so (PostgreSQL docs, "System Columns").
WrittenTable look_at_written(Session& session, const std::string& table, const std::string& xid) {
  WrittenTable written{table, "", 0, {}, {}};
  const std::string name = sql_text(table) + "::pg_catalog.regclass";
  written.oid = session.query("select " + name + "::pg_catalog.oid").at(0, 0);
  written.columns = columns_of(session, written.oid);
  std::string counts;
  for (const auto& [attnum, column] : written.columns) counts += ", count(" + column + ")";
  const Rows kind =
      session.query("select relkind from pg_catalog.pg_class where oid = " + written.oid);
  const char* only = kind.at(0, 0) == "p" ? "" : "only ";  // as contents are looked at
  const Rows rows = session.query(fmt::format(
      "select count(*){} from {}{} where xmin::text::bigint >= {}", counts, only, table, xid));
  written.rows = number(rows.at(0, 0));
  int at = 1;
  for (const auto& [attnum, column] : written.columns) {
    written.values[attnum] = number(rows.at(0, at++));
  }
  return written;
}

TableAfter look_after(Session& session, const WrittenTable& written) {
  const Rows rows = session.query(fmt::format(
      "select pg_catalog.format('%I.%I', nspname, relname), c.oid from pg_catalog.pg_class c "
      "join pg_catalog.pg_namespace n on n.oid = relnamespace where c.oid = {} or c.oid = "
      "pg_catalog.to_regclass({}) order by c.oid = {} desc",
      written.oid, sql_text(written.name), written.oid));
  if (rows.size() == 0) return {};
  TableAfter after{std::string(rows.at(0, 0)), {}, {}};
  const bool same = rows.at(0, 1) == written.oid;
  for (const auto& [attnum, column] : columns_of(session, std::string(rows.at(0, 1)))) {
    if (same) after.attnums.insert(attnum);
    after.columns.insert(column);
  }
  return after;
}

const TableChange* find_table(const ContentsDiff& diff, const std::string& table) {
  for (const TableChange& change : diff.tables) {
    if (change.table == table || change.renamed_to == table) return &change;
  }
  return nullptr;
}

NewRowsLoss loss_of(const WrittenTable& written, const TableAfter& after, const ContentsDiff& diff,
                    const SchemaSnapshot& before) {
  NewRowsLoss loss;
  loss.table = written.name;
  loss.written = written.rows;
  loss.table_dropped = after.name.empty();
  const std::string name = after.name.empty() ? written.name : after.name;
  loss.made_by_up = before.find({"table", name}) == nullptr;
  const TableChange* change = find_table(diff, name);
  const std::int64_t survived = change != nullptr ? change->added : 0;
  loss.lost = loss.table_dropped ? written.rows : written.rows - survived;
  if (loss.table_dropped) return loss;
  for (const auto& [attnum, column] : written.columns) {
    if (after.attnums.contains(attnum) || after.columns.contains(column)) continue;
    if (written.values.at(attnum) == 0) continue;
    loss.columns.push_back({column, written.values.at(attnum),
                            before.find({"column", name + "." + column}) == nullptr});
  }
  return loss;
}

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

std::vector<WrittenTable> look_at_all_written(Session& session, const std::set<std::string>& tables,
                                              const std::string& xid) {
  std::vector<WrittenTable> written;
  for (const std::string& table : tables) written.push_back(look_at_written(session, table, xid));
  return written;
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
  const std::string xid(session.query(kTransaction).at(0, 0));
  NewRowsTrial trial;
  std::set<std::string> tables;
  for (const TrialRows& some : rows) {
    if (!attempt.write(some)) continue;
    trial.wrote.push_back(words_of(some));
    tables.insert(some.table);
  }
  if (tables.empty()) return nothing_written();
  trial.ran = true;
  const std::vector<WrittenTable> written = look_at_all_written(session, tables, xid);
  TrialOutcome outcome = attempt.run(migration.down);
  if (!outcome.impossible.empty()) return {};
  trial.failure = std::move(outcome.failure);
  if (trial.failure) return trial;
  const ContentsDiff diff = workbench.contents().compare(ContentsMatch::kByName);
  for (const WrittenTable& table : written) {
    trial.losses.push_back(loss_of(table, look_after(session, table), diff, before));
  }
  trial.harmed = harm_in(diff);
  return trial;
}

NewRowsTrial try_new_rows_in_copy(const std::vector<TrialRows>& rows, const Migration& migration,
                                  const SchemaSnapshot& before, Workbench& workbench,
                                  std::chrono::milliseconds limit) {
  const std::unique_ptr<ScratchDatabase> copy = workbench.copy();
  Session session(workbench.administrator(copy->name()));
  Session looking(workbench.administrator(copy->name()));
  ContentsObserver contents(looking, false);
  contents.remember();
  const std::string xid(session.query(kTransaction).at(0, 0));
  NewRowsTrial trial;
  std::set<std::string> tables;
  for (const TrialRows& some : rows) {
    if (!session.send(some.sql, SteadyClock::now() + std::chrono::minutes(1)).ok) continue;
    trial.wrote.push_back(words_of(some));
    tables.insert(some.table);
  }
  if (tables.empty()) return nothing_written();
  trial.in_copy = true;
  const std::vector<WrittenTable> written = look_at_all_written(session, tables, xid);
  Session migrating = workbench.migrate_in(copy->name());
  const Phase down = run_scripts(PhaseName::kDown, migration.down, migrating, limit);
  if (down.outcome == PhaseOutcome::kErrored) {
    trial.skipped = down.error ? down.error->message : "the down could not be run";
    return trial;
  }
  trial.ran = true;
  trial.failure = down.error;
  if (trial.failure) return trial;
  workbench.flush_counters_of(session);
  workbench.flush_counters_of(migrating);
  const ContentsDiff diff = contents.compare(ContentsMatch::kByIdentity);
  for (const WrittenTable& table : written) {
    trial.losses.push_back(loss_of(table, look_after(session, table), diff, before));
  }
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
