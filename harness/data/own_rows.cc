#include "harness/data/own_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/sql_words.h"

namespace drydock {
namespace {

/// Beyond this they are the bulk of the data: too much to be carried through the client, and
/// written into the history of the walk.
constexpr std::int64_t kMostBytes = 8 * 1024 * 1024;

std::int64_t number_of(std::string_view text) {
  return std::strtoll(std::string(text).c_str(), nullptr, 10);
}

std::vector<std::string> given_columns(const TableShape& table) {
  std::vector<std::string> names;
  for (const ColumnShape& column : table.columns)
    if (!column.generated) names.push_back(sql_name(column.name));
  return names;
}

std::string row_of(const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const std::string& column : columns) names.push_back(sql_name(column));
  return "ROW(" + join(names, ", ") + ")::text";
}

/// Of those, the ones in which there is a row; none when not all of them exist.
std::set<Oid> with_rows(Session& session, const std::map<Oid, TableShape>& tables,
                        const std::set<Oid>& some) {
  std::vector<std::string> questions;
  for (const Oid oid : some)
    questions.push_back(
        fmt::format("SELECT {} WHERE EXISTS (SELECT FROM {})", oid, tables.at(oid).only_sql()));
  std::set<Oid> filled;
  if (questions.empty()) return filled;
  const Rows rows = session.query(join(questions, " UNION ALL "));
  for (int i = 0; i < rows.size(); ++i) filled.insert(static_cast<Oid>(number_of(rows.at(i, 0))));
  return filled;
}

}  // namespace

std::set<Oid> with_referring_tables(const std::map<Oid, TableShape>& tables, std::set<Oid> some) {
  for (bool more = true; more;) {
    more = false;
    for (const auto& [oid, table] : tables)
      for (const ForeignKeyShape& key : table.foreign_keys)
        if (!key.implied && some.contains(key.parent) && some.insert(oid).second) more = true;
  }
  return some;
}

std::set<Oid> emptied_together(Session& session, const std::map<Oid, TableShape>& tables,
                               const OwnRows& own, std::set<Oid> some) {
  for (bool more = true; more;) {
    more = false;
    some = with_referring_tables(tables, some);
    const std::set<Oid> present = some;
    for (const Oid oid : present) {
      for (const ForeignKeyShape& key : tables.at(oid).foreign_keys) {
        if (key.implied || some.contains(key.parent) || !tables.contains(key.parent)) continue;
        const std::string strays = own.strays(tables.at(oid), key);
        if (strays.empty() || session.query(strays).at(0, 0) == "0") continue;
        some.insert(key.parent);
        more = true;
      }
    }
  }
  return some;
}

OwnRows::OwnRows(Session& untouched, const std::map<Oid, TableShape>& tables,
                 const std::vector<std::string>& names) {
  std::set<Oid> seen, next;
  for (const auto& [oid, table] : tables)
    if (std::find(names.begin(), names.end(), table.display()) != names.end()) next.insert(oid);
  // A row that stays needs the rows that it refers to; where these are not the same ones, their
  // tables are emptied as well, with all that refer to them.
  while (!next.empty()) {
    next = with_referring_tables(tables, next);
    std::erase_if(next, [&](Oid oid) { return !seen.insert(oid).second; });
    const std::set<Oid> filled = with_rows(untouched, tables, next);
    std::set<Oid> parents;
    for (const Oid oid : next) {
      const TableShape& table = tables.at(oid);
      if (!filled.contains(oid)) {
        rows_[table.display()];
        continue;
      }
      read_table(untouched, table);
      for (const ForeignKeyShape& key : table.foreign_keys)
        if (!key.implied && tables.contains(key.parent)) parents.insert(key.parent);
    }
    std::erase_if(parents, [&](Oid oid) { return seen.contains(oid); });
    next = std::move(parents);
  }
}

void OwnRows::read_table(Session& untouched, const TableShape& table) {
  const Rows size = untouched.query(
      fmt::format("SELECT coalesce(sum(octet_length(t::text)), 0) FROM {} t", table.only_sql()));
  if (number_of(size.at(0, 0)) > kMostBytes) return;
  std::vector<std::string> literals, keys;
  for (const std::string& column : given_columns(table))
    literals.push_back("quote_nullable(" + column + ")");
  for (const ForeignKeyShape& key : table.foreign_keys) {
    std::vector<std::string> present;
    for (const std::string& column : key.columns) present.push_back(sql_name(column));
    keys.push_back(fmt::format(", CASE WHEN num_nulls({}) = 0 THEN {} END", join(present, ", "),
                               row_of(key.columns)));
  }
  const Rows found = untouched.query(fmt::format(
      "SELECT '(' || {} || ')'{} FROM {} ORDER BY tableoid, ctid",
      literals.empty() ? "''" : join(literals, " || ', ' || "), join(keys, ""), table.only_sql()));
  Kept& rows = rows_[table.display()];
  rows.count = found.size();
  for (int i = 0; i < found.size(); ++i) {
    rows.values.emplace_back(found.at(i, 0));
    for (std::size_t k = 0; k < keys.size(); ++k) {
      const int column = static_cast<int>(k) + 1;
      if (!found.is_null(i, column))
        rows.keys[table.foreign_keys[k].name].emplace_back(found.at(i, column));
    }
  }
}

std::int64_t OwnRows::count(const std::string& table) const {
  const auto found = rows_.find(table);
  return found == rows_.end() ? 0 : found->second.count;
}

std::string OwnRows::insert(const TableShape& table) const {
  if (count(table.display()) == 0) return {};
  const std::vector<std::string> columns = given_columns(table);
  const Kept& rows = rows_.at(table.display());
  if (columns.empty()) {
    return fmt::format("INSERT INTO {} SELECT FROM generate_series(1, {})", table.sql, rows.count);
  }
  return fmt::format("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE VALUES {}", table.sql,
                     join(columns, ", "), join(rows.values, ", "));
}

std::string OwnRows::strays(const TableShape& table, const ForeignKeyShape& key) const {
  const auto found = rows_.find(table.display());
  if (found == rows_.end()) return {};
  const auto keys = found->second.keys.find(key.name);
  if (keys == found->second.keys.end()) return {};
  std::vector<std::string> texts;
  for (const std::string& text : keys->second) texts.push_back(sql_text(text));
  return fmt::format("SELECT count(*) FROM (SELECT unnest(ARRAY[{}]) EXCEPT SELECT {} FROM {}) k",
                     join(texts, ", "), row_of(key.parent_columns), key.parent_sql);
}

}  // namespace drydock
