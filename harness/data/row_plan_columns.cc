// The expression of each column of a plan that is no foreign key.

#include <fmt/format.h>

#include "harness/data/extremes.h"
#include "harness/data/name_meaning.h"
#include "harness/data/partition_values.h"
#include "harness/data/row_plan.h"
#include "harness/data/sql_words.h"

namespace drydock {
namespace {

/// Longer limits are not filled up: a text type's limit that large is none in practice.
constexpr int kLongestFilled = 1000;

}  // namespace

std::string RowPlan::column_sql(const ColumnShape& column) {
  if (fixed(column.name)) return rule_sql(column);
  const auto limits = limits_.find(column.name);
  if (limits != limits_.end() && limits->second.always_null && !limits->second.tangled)
    return "NULL";
  std::optional<std::string> sql = maker_.make(request_for(column));
  if (!sql) {
    if (!column.not_null || !column.default_sql.empty())
      return column.default_sql.empty() ? "NULL" : column.default_sql;
    impossible_ = fmt::format("nobody here knows how to make a value of type {} for its column {}",
                              column.type_sql, column.name);
    culprit_ = column.name;
    return "NULL";
  }
  *sql = partition_value(column, *sql);
  *sql = with_full_length(column, *sql);
  *sql = with_extremes(column, *sql);
  return with_nulls(column, *sql);
}

std::string RowPlan::partition_value(const ColumnShape& column, const std::string& sql) const {
  if (!is_bound(in_.table->leaves, column.name)) return sql;
  return partition_key_sql(in_.table->leaves, column.name, base_type(*in_.types, column.type).sql,
                           sql);
}

/// Truncation shows only where something is there to be cut.
std::string RowPlan::with_full_length(const ColumnShape& column, const std::string& sql) const {
  int modifier = column.modifier;
  const TypeShape& type = maker_.underlying(column.type, modifier);
  const int limit =
      is_text(type) && type.name != "name" ? ValueMaker::text_limit(type, modifier) : 0;
  const auto limits = limits_.find(column.name);
  if (limit < 2 || limit > kLongestFilled || index_of_column_.contains(column.name) ||
      (limits != limits_.end() && (!limits->second.free() || limits->second.tangled)) ||
      is_bound(in_.table->leaves, column.name))
    return sql;
  // A machine reads these: filled up they would be no JSON, no number and no key any more.
  const Meaning meaning = meaning_of(column.name);
  for (const Meaning exact : {Meaning::kJsonText, Meaning::kIdentifier, Meaning::kTime,
                              Meaning::kMoney, Meaning::kQuantity, Meaning::kPercentage,
                              Meaning::kYear, Meaning::kTenant, Meaning::kIpAddress})
    if (meaning == exact) return sql;
  const char* side = meaning == Meaning::kEmail ? "lpad" : "rpad";
  // Filling up with nothing leaves a text as it is.
  return fmt::format("{2}({0}, {1}, CASE WHEN n = 2 OR n % 50 = 3 THEN 'x' ELSE '' END)", sql,
                     limit, side);
}

std::string RowPlan::with_extremes(const ColumnShape& column, const std::string& sql) const {
  if (!in_.adversarial || distinct_.contains(column.name) ||
      index_of_column_.contains(column.name) || is_bound(in_.table->leaves, column.name) ||
      disjoint_.contains(column.name))
    return sql;
  const auto limits = limits_.find(column.name);
  if (limits != limits_.end() && (!limits->second.free() || limits->second.tangled)) return sql;
  int modifier = column.modifier;
  const TypeShape& type = maker_.underlying(column.type, modifier);
  const std::vector<Extreme> extremes = extremes_of(type, modifier, type.sql);
  if (extremes.empty() || names_the_row(column)) return sql;
  // Every third value is an ordinary one, and the extremes come in turn.
  std::string cases;
  for (std::size_t i = 0; i < extremes.size(); ++i)
    cases += fmt::format(" WHEN {} THEN {}", i, extremes[i].sql);
  return fmt::format(
      "CASE {}{} ELSE {} END",
      sql_pick("n", salt("extreme " + column.name),
               static_cast<std::int64_t>(extremes.size() + (extremes.size() + 1) / 2)),
      cases, sql);
}

std::string RowPlan::with_nulls(const ColumnShape& column, const std::string& sql) const {
  if (!nullable(column) || is_bound(in_.table->leaves, column.name)) return sql;
  if (index_of_column_.contains(column.name) && most_rows_ <= in_.wanted) return sql;
  const auto limits = limits_.find(column.name);
  std::string test = fmt::format("(n + {}) % 10 = 0", salt(column.name) % 10);
  if (limits != limits_.end() && limits->second.tangled) {
    test = sql_pick("n", salt("null " + column.name), 2) + " = 0";
  } else if (is_rare_event(column.name) && meaning_of(column.name) == Meaning::kTime) {
    test = fmt::format("(n + {}) % 5 <> 0", salt(column.name) % 5);
  } else if (in_.adversarial) {
    test = sql_pick("n", salt("null " + column.name), 2) + " = 0";
  }
  return fmt::format("CASE WHEN {} THEN NULL ELSE {} END", test, sql);
}

void RowPlan::make_columns() {
  std::vector<const ColumnShape*> later;
  for (const ColumnShape& column : in_.table->columns) {
    if (column.generated || expressions_.contains(column.name)) continue;
    const auto key = foreign_key_of(column.name);
    if (key && in_.table->foreign_keys[*key].parent == in_.table->oid && !fixed(column.name) &&
        !in_.postponed.contains(*key)) {
      later.push_back(&column);
      continue;
    }
    expressions_[column.name] = column_sql(column);
  }
  if (later.empty()) return;
  for (const ForeignKeyShape& key : in_.table->foreign_keys)
    if (key.parent == in_.table->oid) point_to_itself(key);
  for (const ColumnShape* column : later)
    if (!expressions_.contains(column->name)) expressions_[column->name] = column_sql(*column);
}

std::string RowPlan::rule_sql(const ColumnShape& column) const {
  if (const auto found = in_.fixed.find(column.name); found != in_.fixed.end())
    return fmt::format("({})", found->second);
  const ColumnRule& rule = in_.rule->columns.at(column.name);
  if (rule.value) return fmt::format("{}::{}", sql_text(*rule.value), column.type_sql);
  if (!rule.one_of.empty()) {
    return fmt::format("({})::{}",
                       sql_one_of(rule.one_of, fmt::format("(n - 1) % {}", rule.one_of.size())),
                       column.type_sql);
  }
  return fmt::format("({})", rule.sql);
}

}  // namespace drydock
