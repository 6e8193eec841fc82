#include "harness/data/parent_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "harness/base/text.h"
#include "harness/data/sql_words.h"

namespace drydock {
namespace {

std::string from_of(const ForeignKeyShape& key) {
  return (key.parent_is_partitioned ? "" : "ONLY ") + key.parent_sql;
}

/// What an integer type holds; a parent's key may be of a wider one.
std::string integer_limits(const std::string& type) {
  if (type == "smallint") return "-32768 AND 32767";
  if (type == "integer") return "-2147483648 AND 2147483647";
  return {};
}

/// EXISTS for `other`, whose columns are all among those of `key`; empty when they are not.
std::string kept_too(const ForeignKeyShape& key, const ForeignKeyShape& other) {
  std::vector<std::string> same;
  for (std::size_t i = 0; i < other.columns.size(); ++i) {
    const auto place = std::find(key.columns.begin(), key.columns.end(), other.columns[i]);
    if (place == key.columns.end()) return {};
    const auto at = static_cast<std::size_t>(place - key.columns.begin());
    same.push_back(fmt::format("q.{} = p.{}", sql_name(other.parent_columns[i]),
                               sql_name(key.parent_columns[at])));
  }
  return fmt::format("EXISTS (SELECT FROM {} q WHERE {})", from_of(other), join(same, " AND "));
}

}  // namespace

std::string parent_rows(const TableShape& table, std::size_t number) {
  const ForeignKeyShape& key = table.foreign_keys[number];
  std::vector<std::string> tests;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string name = "p." + sql_name(key.parent_columns[i]);
    const ColumnShape* column = table.column(key.columns[i]);
    if (column != nullptr && !integer_limits(column->type_sql).empty() &&
        key.parent_types[i] != column->type_sql) {
      tests.push_back(name + " BETWEEN " + integer_limits(column->type_sql));
    } else if (column != nullptr && key.parent_types[i] != column->type_sql) {
      tests.push_back(
          fmt::format("{0}::{1}::{2} = {0}", name, column->type_sql, key.parent_types[i]));
    } else if (!key.parent_not_null[i]) {
      tests.push_back(name + " IS NOT NULL");
    }
  }
  for (std::size_t i = 0; i < table.foreign_keys.size(); ++i) {
    const ForeignKeyShape& other = table.foreign_keys[i];
    const bool same = other.parent == key.parent && other.parent_columns == key.parent_columns &&
                      other.columns == key.columns;
    if (i == number || other.implied || other.parent == table.oid || same) continue;
    if (std::string test = kept_too(key, other); !test.empty()) tests.push_back(std::move(test));
  }
  return "FROM " + from_of(key) + " AS p" + (tests.empty() ? "" : " WHERE " + join(tests, " AND "));
}

}  // namespace drydock
