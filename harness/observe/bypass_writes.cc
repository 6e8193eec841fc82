#include "harness/observe/bypass_writes.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

BypassCall write(const std::string& sql) { return {sql, sql, true}; }

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Another value than the row's, as a literal; none: none can be thought of.
std::optional<std::string> another(const TenancyColumn& column, const std::string& value) {
  if (!column.not_null) return "NULL";
  if (is_text(column.type)) return sql_text(value + "x");
  if (same_kind(column.type, "integer")) return std::to_string(std::atoll(value.c_str()) + 1);
  return {};
}

/// Of a column that neither tells the tenant nor is a key; without WHERE no privilege to read is
/// asked for.
std::optional<BypassCall> update(const BypassObject& view, const KnownRow& row) {
  for (const TenancyColumn& column : row.table->columns) {
    const auto value = row.values.find(column.name);
    if (column.name == row.table->tenant_column || column.in_primary_key) continue;
    if (!holds(view.updates, column.name) || value == row.values.end()) continue;
    const auto literal = another(column, value->second);
    if (literal)
      return write(fmt::format("UPDATE {} SET {} = {}", view.sql, column.name, *literal));
  }
  return {};
}

/// Takes the row away whose copy is to be written, so that it runs into no key.
std::string make_room(const KnownRow& row) {
  std::vector<std::string> conditions;
  for (const TenancyColumn& column : row.table->columns) {
    const auto value = row.values.find(column.name);
    if (!column.in_primary_key || value == row.values.end()) continue;
    conditions.push_back(fmt::format("{} = {}", column.name, sql_text(value->second)));
  }
  if (conditions.empty()) return {};
  return fmt::format("DELETE FROM {} WHERE {}", row.table->sql, join(conditions, " AND "));
}

std::optional<BypassCall> insert(const BypassObject& view, const KnownRow& row) {
  if (!holds(view.inserts, row.table->tenant_column)) return {};
  std::vector<std::string> columns, values;
  for (const std::string& name : view.inserts) {
    const auto value = row.values.find(name);
    if (value == row.values.end()) continue;
    columns.push_back(name);
    values.push_back(sql_text(value->second));
  }
  BypassCall call = write(fmt::format("INSERT INTO {} ({}) VALUES ({})", view.sql,
                                      join(columns, ", "), join(values, ", ")));
  call.setup = make_room(row);
  return call;
}

}  // namespace

std::vector<BypassCall> writes_through(const BypassObject& view,
                                       const std::vector<KnownRow>& rows) {
  std::vector<BypassCall> calls;
  if (view.deletes) calls.push_back(write("DELETE FROM " + view.sql));
  for (const KnownRow& row : rows) {
    if (auto call = update(view, row)) calls.push_back(std::move(*call));
    if (auto call = insert(view, row)) calls.push_back(std::move(*call));
  }
  return calls;
}

}  // namespace drydock
