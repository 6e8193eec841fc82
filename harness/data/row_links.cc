#include "harness/data/row_links.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/data/sql_words.h"

namespace drydock {
namespace {

bool in_other_key(const TableShape& table, std::size_t key, const std::string& column) {
  for (std::size_t i = 0; i < table.foreign_keys.size(); ++i) {
    const auto& columns = table.foreign_keys[i].columns;
    if (i != key && std::find(columns.begin(), columns.end(), column) != columns.end()) return true;
  }
  for (const UniqueShape& unique : table.uniques)
    if (unique.primary &&
        std::find(unique.columns.begin(), unique.columns.end(), column) != unique.columns.end())
      return true;
  return false;
}

bool is_unique(const TableShape& table, const std::vector<std::string>& columns) {
  return std::any_of(table.uniques.begin(), table.uniques.end(), [&](const UniqueShape& unique) {
    return unique.expressions.empty() && unique.columns == columns;
  });
}

/// The pieces of the statement, column by column of the key.
struct LinkParts {
  std::vector<std::string> set;        ///< what the UPDATE sets
  std::vector<std::string> own, same;  ///< columns that stay, and their agreeing
  std::vector<std::string> own_groups, parent_groups, counted;
  std::vector<std::string> parents, key_order;
};

LinkParts parts_of(const TableShape& table, std::size_t number, bool all) {
  const ForeignKeyShape& key = table.foreign_keys[number];
  LinkParts parts;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string name = sql_name(key.columns[i]), parent = sql_name(key.parent_columns[i]);
    parts.key_order.push_back(parent);
    parts.parents.push_back(fmt::format("{} AS k{}", parent, i));
    const bool stays = in_other_key(table, number, key.columns[i]) ||
                       (table.column(key.columns[i])->not_null && !all && key.columns.size() > 1);
    if (!stays) {
      parts.set.push_back(fmt::format("{} = p.k{}", name, i));
      continue;
    }
    parts.own.push_back(fmt::format("{} AS s{}", name, i));
    parts.same.push_back(fmt::format("p.k{0} = r.s{0}", i));
    parts.own_groups.push_back(name);
    parts.parent_groups.push_back(parent);
    parts.counted.push_back(fmt::format("g.{} = r.s{}", parent, i));
  }
  return parts;
}

std::string partition_by(const std::vector<std::string>& groups) {
  return groups.empty() ? std::string() : "PARTITION BY " + join(groups, ", ");
}

std::string parents_of(const ForeignKeyShape& key) {
  return (key.parent_is_partitioned ? "" : "ONLY ") + key.parent_sql;
}

/// How many parents there are to choose from, among those that agree with the columns that stay.
std::string counted_parents(const ForeignKeyShape& key, const LinkParts& parts) {
  if (parts.parent_groups.empty())
    return fmt::format("\nCROSS JOIN (SELECT count(*) AS among FROM {}) AS g", parents_of(key));
  const std::string groups = join(parts.parent_groups, ", ");
  return fmt::format("\nJOIN (SELECT {0}, count(*) AS among FROM {1} GROUP BY {0}) AS g ON {2}",
                     groups, parents_of(key), join(parts.counted, " AND "));
}

}  // namespace

std::string row_order(const TableShape& table, const std::string& prefix) {
  for (const UniqueShape& unique : table.uniques) {
    if (!unique.expressions.empty() || !unique.predicate.empty()) continue;
    std::vector<std::string> names;
    for (const std::string& column : unique.columns) names.push_back(prefix + sql_name(column));
    return join(names, ", ");
  }
  return prefix + "tableoid, " + prefix + "ctid";
}

std::string link_rows(const TableShape& table, std::size_t number, std::uint64_t salt, bool all) {
  const LinkParts parts = parts_of(table, number, all);
  if (parts.set.empty()) return {};
  const ForeignKeyShape& key = table.foreign_keys[number];
  const bool itself = key.parent == table.oid, unique = is_unique(table, key.columns);
  // A row of the same table comes behind the rows it may point to: both are counted by the key.
  const std::string mine = itself ? join(parts.key_order, ", ") : row_order(table, "");
  const std::string of_all = itself ? "greatest(r.place - 1, 1)" : "g.among";
  const std::string which =
      unique ? (itself ? "r.place - 1" : "r.place")
             : fmt::format("1 + abs(hashint8extended(r.n, {}) % {})", salt, of_all);
  return fmt::format(
      "UPDATE {} AS t SET {}\nFROM (SELECT ctid AS row_id, tableoid AS row_table, {}row_number() "
      "OVER ({} ORDER BY {}) AS place,\n        row_number() OVER (ORDER BY {}) AS n FROM {}) AS r"
      "{}\nJOIN (SELECT {}, row_number() OVER ({} ORDER BY {}) AS place FROM {}) AS p\n"
      "  ON p.place = {}{}\nWHERE t.ctid = r.row_id AND t.tableoid = r.row_table{}{}",
      table.sql, join(parts.set, ", "), parts.own.empty() ? "" : join(parts.own, ", ") + ", ",
      partition_by(parts.own_groups), mine, mine, table.only_sql(),
      itself || unique ? "" : counted_parents(key, parts), join(parts.parents, ", "),
      partition_by(parts.parent_groups), join(parts.key_order, ", "), parents_of(key), which,
      parts.same.empty() ? "" : " AND " + join(parts.same, " AND "),
      itself ? " AND r.place > 1" : "", all ? "" : " AND r.n % 10 <> 3");
}

}  // namespace drydock
