#include "reports/data_totals.h"

#include <fmt/format.h>

#include <map>

#include "harness/base/text.h"

namespace drydock {
namespace {

std::string lost_rows(std::int64_t lost, const TableChange& table) {
  if (lost == table.rows_before)
    return fmt::format("all {} rows of {}", grouped(lost), table.table);
  return fmt::format("{} of the {} rows of {}", grouped(lost), grouped(table.rows_before),
                     table.table);
}

void add_loss_of_old_rows(const TableChange& table, std::vector<std::string>& losses) {
  if (table.kind != ContentsKind::kTable) return;
  const std::int64_t lost = table.dropped ? table.rows_before : table.lost;
  if (lost > 0) losses.push_back(lost_rows(lost, table));
  std::string values;
  for (const ColumnChange& column : table.columns) {
    if (column.rows == 0) continue;
    values += values.empty() ? fmt::format("{} values of {}.", grouped(column.rows), table.table)
                             : fmt::format(", {} of ", grouped(column.rows));
    values += column.column;
  }
  if (!values.empty()) losses.push_back(std::move(values));
}

void add_loss_of_new_rows(const NewRowsLoss& loss, OwnTables own,
                          std::vector<std::string>& losses) {
  if (loss.table_dropped) {
    const bool told = own == OwnTables::kTold || !loss.made_by_up;
    if (told) losses.push_back("all rows of " + loss.table);
    return;
  }
  if (loss.lost > 0) {
    losses.push_back(fmt::format("{} of {} rows written since to {}", grouped(loss.lost),
                                 grouped(loss.written), loss.table));
  }
  std::string columns, overwritten;
  for (const NewRowsLoss::Column& column : loss.columns) {
    if (column.values == 0) continue;
    std::string& list = column.overwritten ? overwritten : columns;
    list += list.empty() ? fmt::format("what is written to {}.", loss.table) : ", ";
    list += column.column;
  }
  if (!columns.empty()) losses.push_back(std::move(columns));
  if (!overwritten.empty()) losses.push_back(overwritten + " (written over)");
}

}  // namespace

RowsSummary summarize_rows(const ScenarioRun& run) {
  struct Last {
    const FilledTable* table;
    const std::string* migration;
  };
  std::map<std::string, Last> last;
  for (const MigrationResult& migration : run.migrations) {
    for (const FilledTable& table : migration.evidence.data.filled) {
      last[table.table] = {&table, &migration.evidence.migration};
    }
  }
  RowsSummary summary;
  for (const auto& [name, entry] : last) {
    const FilledTable& table = *entry.table;
    ++summary.tables;
    summary.rows += table.rows;
    if (table.problem.empty()) continue;
    summary.unfilled.push_back(
        {name, *entry.migration, table.rows, table.wanted, table.problem, table.remedy});
  }
  return summary;
}

std::string rows_phrase(const ScenarioRun& run) {
  const RowsSummary summary = summarize_rows(run);
  if (run.rows == 0 && summary.tables == 0) return {};
  const std::int64_t filled = summary.tables - static_cast<std::int64_t>(summary.unfilled.size());
  std::string manner = fmt::format("seed {}", run.seed);
  if (!run.row_profile.empty()) manner = run.row_profile + ", " + manner;
  return fmt::format("{} rows in each table: {} of {} filled, {} rows ({})", grouped(run.rows),
                     filled, plural(static_cast<std::size_t>(summary.tables), "table"),
                     grouped(summary.rows), manner);
}

std::string unfilled_phrase(const RowsSummary& summary) {
  if (summary.unfilled.empty()) return {};
  return fmt::format("{} of {} could not be filled as asked", summary.unfilled.size(),
                     plural(static_cast<std::size_t>(summary.tables), "table"));
}

std::string grouped(std::int64_t number) {
  std::string digits = fmt::format("{}", number);
  const std::size_t first = digits.front() == '-' ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string loss_statement(const DataEvidence& data, OwnTables own) {
  std::vector<std::string> losses;
  if (data.observed) {
    for (const TableChange& table : data.restored.tables) add_loss_of_old_rows(table, losses);
  }
  for (const NewRowsLoss& loss : data.new_rows.losses) add_loss_of_new_rows(loss, own, losses);
  return join(losses, "; ");
}

}  // namespace drydock
