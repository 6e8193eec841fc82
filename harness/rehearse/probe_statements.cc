#include "harness/rehearse/probe_statements.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

/// Operations that lock a row have one of their own each: waiting for each other is not the
/// migration's doing.
constexpr std::size_t kRowForUpdate = 0, kRowChanged = 1, kRowDeleted = 2, kRows = 3;

/// Columns of the best key: never NULL, no condition, the fewest columns. None: no row.
constexpr const char* kKey = R"(
SELECT quote_ident(a.attname)
  FROM (SELECT indrelid, indkey, indnkeyatts
          FROM pg_index i
         WHERE indrelid = {0}::regclass AND indisunique AND indisvalid AND indimmediate
           AND indpred IS NULL AND indexprs IS NULL
           AND NOT EXISTS (SELECT FROM pg_attribute n
                            WHERE n.attrelid = indrelid AND n.attnum = ANY (indkey)
                              AND NOT n.attnotnull)
         ORDER BY indisprimary DESC, indnkeyatts, indexrelid LIMIT 1) best,
       LATERAL unnest(indkey::int2[]) WITH ORDINALITY k(number, place)
  JOIN pg_attribute a ON a.attrelid = {0}::regclass AND a.attnum = k.number
 WHERE place <= indnkeyatts ORDER BY place)";

/// Columns that take a value, those in no index first.
constexpr const char* kColumns = R"(
SELECT quote_ident(attname), attidentity <> 'a'
  FROM pg_attribute
 WHERE attrelid = {0}::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
 ORDER BY EXISTS (SELECT FROM pg_index
                   WHERE indrelid = attrelid AND (attnum = ANY (indkey) OR indexprs IS NOT NULL)),
          attnum)";

struct ProbedTable {
  std::string name;
  std::vector<std::string> key;      ///< columns; empty: the table has none
  std::vector<std::string> columns;  ///< that take a value
  std::string changed;               ///< column that an UPDATE sets to what it is; empty: none
  std::vector<std::string> rows;     ///< conditions, each of one row; empty: no key, or no rows

  /// A condition for one row; of no row where there is none.
  std::string row(std::size_t which) const {
    return rows.empty() ? "false" : rows[which % rows.size()];
  }
};

std::vector<std::string> first_column(const Rows& rows) {
  std::vector<std::string> values;
  for (int i = 0; i < rows.size(); ++i) values.emplace_back(rows.at(i, 0));
  return values;
}

ProbedTable look_at(Session& session, const std::string& table) {
  ProbedTable probed{table, {}, {}, "", {}};
  probed.key = first_column(session.query(fmt::format(kKey, sql_text(table))));
  const Rows columns = session.query(fmt::format(kColumns, sql_text(table)));
  for (int i = 0; i < columns.size(); ++i) {
    probed.columns.emplace_back(columns.at(i, 0));
    if (probed.changed.empty() && columns.at(i, 1) == "t") probed.changed = columns.at(i, 0);
  }
  if (probed.key.empty()) return probed;
  std::vector<std::string> parts;
  for (const std::string& column : probed.key) {
    parts.push_back(fmt::format("{} || quote_literal({}::text)", sql_text(column + " = "), column));
  }
  probed.rows = first_column(session.query(fmt::format("SELECT {} FROM {} ORDER BY {} LIMIT {}",
                                                       join(parts, " || ' AND ' || "), table,
                                                       join(probed.key, ", "), kRows)));
  return probed;
}

/// The row that `row` would write, with its values written out: what the generator's statement
/// looks up in other tables would lock them. Throws Error.
std::string insert_of(Session& session, const ProbedTable& table, const TrialRows& row) {
  std::vector<std::string> texts;
  for (const std::string& column : table.columns) texts.push_back(column + "::text");
  session.query("BEGIN");
  std::vector<std::string> values;
  try {
    const Rows written = session.query(fmt::format("{} RETURNING {}", row.sql, join(texts, ", ")));
    if (written.size() == 0) throw Error("the row made for it was not written");
    for (int i = 0; i < written.columns(); ++i) {
      values.push_back(written.is_null(0, i) ? "NULL" : sql_text(written.at(0, i)));
    }
  } catch (const Error&) {
    session.query("ROLLBACK");
    throw;
  }
  session.query("ROLLBACK");
  return fmt::format("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES ({})", table.name,
                     join(table.columns, ", "), join(values, ", "));
}

/// Throws Error with the reason where the operation cannot be tried.
std::string statement_for(Session& session, ProbeOperation operation, const ProbedTable& table,
                          const TrialRows* row) {
  const bool keyed = !table.key.empty();
  const auto one_row = [&](std::size_t which) {
    return keyed ? "WHERE " + table.row(which) : std::string("LIMIT 1");
  };
  const auto need_key = [&] {
    if (!keyed) throw Error("it has no key, so that one row of it cannot be addressed");
  };
  switch (operation) {
    case ProbeOperation::kSelect:
      return fmt::format("SELECT * FROM {} {}", table.name, one_row(kRowForUpdate));
    case ProbeOperation::kPlan:
      return fmt::format("EXPLAIN SELECT * FROM {} {}", table.name, one_row(kRowForUpdate));
    case ProbeOperation::kSelectForUpdate:
      return fmt::format("SELECT * FROM {} {} FOR UPDATE", table.name, one_row(kRowForUpdate));
    case ProbeOperation::kInsert:
      if (row == nullptr) throw Error("no row could be made for it");
      return insert_of(session, table, *row);
    case ProbeOperation::kUpdate:
      need_key();
      if (table.changed.empty()) throw Error("none of its columns can be written");
      return fmt::format("UPDATE {0} SET {1} = {1} WHERE {2}", table.name, table.changed,
                         table.row(kRowChanged));
    case ProbeOperation::kDelete:
      need_key();
      return fmt::format("DELETE FROM {} WHERE {}", table.name, table.row(kRowDeleted));
  }
  throw Error("no such operation");
}

}  // namespace

ProbePlan plan_probes(Session& session, const std::string& table,
                      const std::vector<ProbeOperation>& operations, const TrialRows* row) {
  const ProbedTable probed = look_at(session, table);
  ProbePlan plan;
  for (const ProbeOperation operation : operations) {
    try {
      plan.statements.push_back({table, operation, statement_for(session, operation, probed, row)});
    } catch (const Cancelled&) {
      throw;
    } catch (const Error& error) {
      ProbeResult result;
      result.table = table;
      result.operation = operation;
      result.problem = error.message();
      plan.impossible.push_back(result);
    }
  }
  return plan;
}

std::vector<ProbeOperation> operations_for(std::size_t tables) {
  using enum ProbeOperation;
  if (tables * 6 <= kMostProbes) {
    return {kSelect, kInsert, kUpdate, kDelete, kSelectForUpdate, kPlan};
  }
  if (tables * 3 <= kMostProbes) return {kSelect, kInsert, kUpdate};
  return {kSelect, kUpdate};
}

}  // namespace drydock
