// Changes to rows in place: foreign keys set afterwards, circles, new columns, repairs.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/row_links.h"
#include "harness/data/sql_words.h"
#include "harness/data/table_filler.h"

namespace drydock {
namespace {

/// Foreign keys with new columns that must agree with columns in place, or with rows of their own.
std::vector<std::size_t> keys_to_link(const TableShape& table,
                                      const std::vector<std::string>& columns) {
  std::vector<std::size_t> keys;
  for (std::size_t i = 0; i < table.foreign_keys.size(); ++i) {
    const ForeignKeyShape& key = table.foreign_keys[i];
    const bool any = std::any_of(key.columns.begin(), key.columns.end(), [&](const auto& name) {
      return std::find(columns.begin(), columns.end(), name) != columns.end();
    });
    if (any && !key.implied && (key.columns.size() > 1 || key.parent == table.oid))
      keys.push_back(i);
  }
  return keys;
}

}  // namespace

std::string TableFiller::link(const TableShape& table, std::size_t key, bool all) {
  const std::string sql =
      link_rows(table, key, make_salt(scenario_.seed, {table.schema, table.name, "link"}), all);
  if (sql.empty()) return {};
  const Reply reply = run(sql);
  if (reply.ok) return {};
  return fmt::format("{} stays NULL, because {}", join(table.foreign_keys[key].columns, ", "),
                     words_of(*reply.error));
}

std::vector<FilledTable> TableFiller::fill_together(
    const std::vector<std::pair<const TableShape*, std::map<std::size_t, Postponed>>>& parts,
    const std::vector<std::int64_t>& wanted) {
  std::vector<FilledTable> filled;
  const std::size_t mark = journal_.size();
  std::string failure;
  session_.query("BEGIN");
  session_.query("SET CONSTRAINTS ALL DEFERRED");
  for (std::size_t i = 0; i < parts.size() && failure.empty(); ++i) {
    const TableShape& table = *parts[i].first;
    PlanInput planned = input(table, look_at_rows(table), wanted[i], 1);
    planned.postponed = parts[i].second;
    const RowPlan plan(std::move(planned));
    const Reply reply = run(plan.insert(1, wanted[i], wanted[i], false));
    if (!reply.ok) failure = words_of(*reply.error);
  }
  for (std::size_t i = 0; i < parts.size() && failure.empty(); ++i)
    for (const auto& [key, how] : parts[i].second)
      if (failure.empty() && !parts[i].first->foreign_keys[key].implied)
        failure = link(*parts[i].first, key, how == Postponed::kPlaceholder);
  const Reply end =
      session_.send(failure.empty() ? "COMMIT" : "ROLLBACK", SteadyClock::now() + kPatience);
  if (!end.ok) failure = words_of(*end.error);
  std::vector<std::string> done(journal_.begin() + static_cast<std::ptrdiff_t>(mark),
                                journal_.end());
  journal_.resize(mark);
  if (failure.empty())
    journal_.push_back("BEGIN; SET CONSTRAINTS ALL DEFERRED;\n" + join(done, ";\n") + ";\nCOMMIT");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    FilledTable table;
    table.table = parts[i].first->display();
    table.wanted = wanted[i];
    if (failure.empty()) advance_sequences(*parts[i].first);
    table.rows = count(*parts[i].first);
    if (!failure.empty()) {
      table.problem =
          "its foreign keys go round in a circle, and filling all its tables in one "
          "transaction failed: " +
          failure;
      table.remedy = "Bring rows along with \"data\": {\"load\": [\"rows.sql\"]}.";
    }
    filled.push_back(std::move(table));
  }
  return filled;
}

bool TableFiller::repair(const TableShape& table, const std::vector<std::string>& columns,
                         bool unique) {
  for (const std::string& column : columns)
    if (table.column(column) == nullptr || table.column(column)->generated) return false;
  const RowsInPlace in_place = look_at_rows(table);
  const std::int64_t rows = in_place.count;
  // What is to be kept from now on is planned for as if the table asked for it.
  TableShape asked = table;
  if (unique) asked.uniques.push_back({"asked", false, false, false, columns, {}, ""});
  PlanInput planned = input(table, in_place, rows, 1);
  planned.table = &asked;
  planned.never_null.insert(columns.begin(), columns.end());
  const RowPlan plan(std::move(planned));
  if (!unique) return run(plan.replace_nulls(columns, rows)).ok;
  if (const std::string column = plan.distinct_column(columns); !column.empty())
    if (run(plan.replace_twins(column, columns, rows)).ok) return true;
  std::vector<std::string> names, present;
  for (const std::string& column : columns) {
    names.push_back(sql_name(column));
    present.push_back(sql_name(column) + " IS NOT NULL");
  }
  // Too few values: the rows that are too many go.
  return run(fmt::format(
                 "DELETE FROM {0} AS t USING (SELECT ctid AS row_id, tableoid AS row_table, "
                 "row_number() OVER (PARTITION BY {1} ORDER BY {2}) AS twin FROM {0} WHERE "
                 "{3}) AS r WHERE t.ctid = r.row_id AND t.tableoid = r.row_table "
                 "AND r.twin > 1",
                 table.only_sql(), join(names, ", "), row_order(table, ""), join(present, " AND ")))
      .ok;
}

FilledTable TableFiller::fill_columns(const TableShape& table,
                                      const std::vector<std::string>& columns) {
  FilledTable filled;
  filled.table = table.display();
  const RowsInPlace rows = look_at_rows(table);
  filled.rows = filled.wanted = rows.count;
  if (filled.rows == 0) return filled;
  const auto attempt = [&](const std::vector<std::string>& some) -> std::string {
    const RowPlan plan(input(table, rows, filled.rows, 1));
    const Reply reply = run(plan.update(some, filled.rows));
    return reply.ok ? "" : words_of(*reply.error);
  };
  const auto note = [&](const std::string& words) {
    if (!words.empty()) filled.note += (filled.note.empty() ? "" : "; ") + words;
  };
  std::vector<std::string> alone = columns;
  for (const std::size_t key : keys_to_link(table, columns)) {
    note(link(table, key, false));
    for (const std::string& column : table.foreign_keys[key].columns) std::erase(alone, column);
  }
  const std::string failure = alone.empty() ? "" : attempt(alone);
  if (failure.empty()) return filled;
  for (const std::string& column : alone) {
    const std::string why = alone.size() == 1 ? failure : attempt({column});
    if (!why.empty()) note(fmt::format("{} stays as it is, because {}", column, why));
  }
  return filled;
}

}  // namespace drydock
