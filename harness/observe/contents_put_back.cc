#include "harness/observe/contents_put_back.h"

#include <fmt/format.h>

#include <set>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/contents_values.h"

namespace drydock {
namespace {

bool only_rows_differ(const TableChange& change) {
  return change.kind == ContentsKind::kTable && !change.dropped && change.renamed_to.empty() &&
         change.hidden_from.empty() && change.note.empty();
}

const RememberedTable* find_remembered(const std::map<Oid, RememberedTable>& remembered,
                                       const std::string& name) {
  for (const auto& [oid, table] : remembered) {
    if (table.shape->name == name) return &table;
  }
  return nullptr;
}

const WatchedTable* find_present(const std::map<Oid, std::shared_ptr<const WatchedTable>>& now,
                                 const std::string& name) {
  for (const auto& [oid, table] : now) {
    if (table->name == name) return table.get();
  }
  return nullptr;
}

/// Generated columns fill themselves, and take no value.
std::set<std::string> generated_columns(ContentsTransaction& transaction, Oid table) {
  const Rows rows = transaction.query(fmt::format(
      "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = {} AND attgenerated <> ''",
      table));
  std::set<std::string> names;
  for (int row = 0; row < rows.size(); ++row) names.emplace(rows.at(row, 0));
  return names;
}

/// The table's rows replaced by those of the image; empty: its columns are not those of before.
std::string statements_for(ContentsTransaction& transaction, const RememberedTable& before,
                           const WatchedTable& now) {
  if (!before.problem.empty() || before.shape->columns.size() != now.columns.size()) return "";
  const std::set<std::string> generated = generated_columns(transaction, now.oid);
  std::vector<std::string> columns, values;
  for (const WatchedColumn& column : before.shape->columns) {
    const WatchedColumn* present = now.column(column.name);
    if (present == nullptr || present->type != column.type) return "";
    if (generated.contains(column.name)) continue;
    columns.push_back(sql_name(column.name));
    values.push_back(fmt::format("{}::{}", image_column(column.number), column.type));
  }
  std::string sql = "DELETE FROM " + now.source;
  if (before.image.empty()) return sql;
  if (columns.empty()) return "";
  return sql + fmt::format("; INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}",
                           now.name, join(columns, ", "), join(values, ", "), before.image);
}

}  // namespace

bool put_rows_back(ContentsTransaction& transaction,
                   const std::map<Oid, RememberedTable>& remembered,
                   const std::map<Oid, std::shared_ptr<const WatchedTable>>& now,
                   const ContentsDiff& changed) {
  std::vector<std::string> statements;
  for (const TableChange& change : changed.tables) {
    const RememberedTable* before = find_remembered(remembered, change.table);
    const WatchedTable* present = find_present(now, change.table);
    if (!only_rows_differ(change) || before == nullptr || present == nullptr) return false;
    statements.push_back(statements_for(transaction, *before, *present));
    if (statements.back().empty()) return false;
  }
  transaction.silence_triggers();
  return statements.empty() || transaction.attempt(join(statements, ";\n")).has_value();
}

bool put_sequences_back(ContentsTransaction& transaction,
                        const std::vector<SequencePosition>& remembered) {
  std::vector<std::string> calls;
  for (const SequenceChange& sequence : compare_sequences(transaction, remembered, false)) {
    calls.push_back(fmt::format("SELECT pg_catalog.setval({}, {}, false)",
                                sql_text(sequence.sequence), sequence.before));
  }
  return calls.empty() || transaction.attempt(join(calls, "; ")).has_value();
}

}  // namespace drydock
