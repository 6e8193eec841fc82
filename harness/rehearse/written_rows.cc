#include "harness/rehearse/written_rows.h"

#include <fmt/format.h>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

std::int64_t number(std::string_view text) { return std::stoll(std::string(text)); }

/// What a table is after the down.
struct TableAfter {
  std::string name;  ///< empty: gone
  std::set<int> attnums;
  std::set<std::string> columns;
};

/// "array['public.a','public.b']", of what `text_of` makes of each.
template <typename Items, typename TextOf>
std::string array_of(const Items& items, TextOf text_of) {
  std::string list;
  for (const auto& item : items) list += (list.empty() ? "" : ",") + sql_text(text_of(item));
  return "array[" + list + "]";
}

std::vector<WrittenTable> shapes_of(Session& session, const std::set<std::string>& tables) {
  const Rows rows = session.query(fmt::format(
      "select t.name, c.oid, c.relkind = 'p', attnum, pg_catalog.quote_ident(attname) "
      "from pg_catalog.unnest({}) with ordinality t(name, n) join pg_catalog.pg_class c "
      "on c.oid = t.name::pg_catalog.regclass join pg_catalog.pg_attribute a on attrelid = c.oid "
      "where attnum > 0 and not attisdropped order by n, attnum",
      array_of(tables, [](const std::string& table) { return table; })));
  std::vector<WrittenTable> written;
  for (int row = 0; row < rows.size(); ++row) {
    if (written.empty() || written.back().name != rows.at(row, 0)) {
      written.push_back({std::string(rows.at(row, 0)),
                         std::string(rows.at(row, 1)),
                         rows.at(row, 2) == "t",
                         0,
                         {},
                         {}});
    }
    written.back().columns[static_cast<int>(number(rows.at(row, 3)))] = rows.at(row, 4);
  }
  return written;
}

/// What became of the tables: the same ones, else those that have their names now.
std::vector<TableAfter> look_after(Session& session, const std::vector<WrittenTable>& written) {
  const Rows rows = session.query(fmt::format(
      "select n, pg_catalog.format('%I.%I', nspname, relname), c.oid = t.oid, attnum, "
      "pg_catalog.quote_ident(attname) from rows from (pg_catalog.unnest({}::oid[]), "
      "pg_catalog.unnest({})) with ordinality t(oid, name, n) join pg_catalog.pg_class c on c.oid "
      "= case when exists "
      "(select from pg_catalog.pg_class same where same.oid = t.oid) then t.oid else "
      "pg_catalog.to_regclass(t.name) end join pg_catalog.pg_namespace s on s.oid = relnamespace "
      "left join pg_catalog.pg_attribute a on attrelid = c.oid and attnum > 0 and not attisdropped",
      array_of(written, [](const WrittenTable& table) { return table.oid; }),
      array_of(written, [](const WrittenTable& table) { return table.name; })));
  std::vector<TableAfter> after(written.size());
  for (int row = 0; row < rows.size(); ++row) {
    TableAfter& table = after[static_cast<std::size_t>(number(rows.at(row, 0))) - 1];
    table.name = rows.at(row, 1);
    if (rows.is_null(row, 3)) continue;
    if (rows.at(row, 2) == "t") table.attnums.insert(static_cast<int>(number(rows.at(row, 3))));
    table.columns.emplace(rows.at(row, 4));
  }
  return after;
}

/// `survivors`: rows in it that were not there before the new ones.
NewRowsLoss loss_of(const WrittenTable& written, const TableAfter& after, std::int64_t survivors,
                    const SchemaSnapshot& before) {
  NewRowsLoss loss;
  loss.table = written.name;
  loss.written = written.rows;
  loss.table_dropped = after.name.empty();
  const std::string name = after.name.empty() ? written.name : after.name;
  loss.made_by_up = before.find({"table", name}) == nullptr;
  loss.lost = loss.table_dropped ? written.rows : written.rows - survivors;
  if (loss.table_dropped) return loss;
  for (const auto& [attnum, column] : written.columns) {
    if (after.attnums.contains(attnum) || after.columns.contains(column)) continue;
    if (written.values.at(attnum) == 0) continue;
    loss.columns.push_back({column, written.values.at(attnum),
                            before.find({"column", name + "." + column}) == nullptr});
  }
  return loss;
}

std::int64_t added_in(const ContentsDiff& diff, const std::string& table) {
  const TableChange* change = find_table(diff, table);
  return change != nullptr ? change->added : 0;
}

}  // namespace

std::vector<WrittenTable> look_at_written(Session& session, const std::set<std::string>& tables,
                                          const std::string& xid) {
  std::vector<WrittenTable> written = shapes_of(session, tables);
  std::string counts;
  for (std::size_t i = 0; i < written.size(); ++i) {
    std::string columns;
    for (const auto& [attnum, column] : written[i].columns) columns += ", count(" + column + ")";
    counts +=
        fmt::format("{}select {}, array[count(*){}]::text from {}{} where xmin::text::bigint >= {}",
                    i > 0 ? " union all " : "", i, columns,
                    written[i].partitioned ? "" : "only ",  // as contents are looked at
                    written[i].name, xid);
  }
  if (counts.empty()) return written;
  const Rows rows = session.query(counts);
  for (int row = 0; row < rows.size(); ++row) {
    WrittenTable& table = written[static_cast<std::size_t>(number(rows.at(row, 0)))];
    const std::string_view list = rows.at(row, 1);
    const std::vector<std::string> values = split(list.substr(1, list.size() - 2), ',');
    table.rows = number(values.front());
    std::size_t at = 1;
    for (const auto& [attnum, column] : table.columns) table.values[attnum] = number(values[at++]);
  }
  return written;
}

const TableChange* find_table(const ContentsDiff& diff, const std::string& table) {
  for (const TableChange& change : diff.tables) {
    if (change.table == table || change.renamed_to == table) return &change;
  }
  return nullptr;
}

std::vector<NewRowsLoss> losses_of(Session& session, const std::vector<WrittenTable>& written,
                                   const ContentsDiff& diff, const ContentsDiff& anyway,
                                   const SchemaSnapshot& before) {
  const std::vector<TableAfter> after = look_after(session, written);
  std::vector<NewRowsLoss> losses;
  for (std::size_t i = 0; i < written.size(); ++i) {
    const std::string& name = after[i].name.empty() ? written[i].name : after[i].name;
    losses.push_back(
        loss_of(written[i], after[i], added_in(diff, name) - added_in(anyway, name), before));
  }
  return losses;
}

}  // namespace drydock
