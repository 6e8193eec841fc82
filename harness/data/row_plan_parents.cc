// Which parents the rows of a plan point to.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "harness/base/text.h"
#include "harness/data/parent_rows.h"
#include "harness/data/row_plan.h"
#include "harness/data/sql_words.h"

namespace drydock {

std::string RowPlan::pick_parent(std::size_t number) const {
  if (const auto found = index_of_foreign_key_.find(number); found != index_of_foreign_key_.end())
    return found->second;
  const std::int64_t count = std::min(in_.parents[number].count, in_.most_parents);
  const std::uint64_t by = salt(in_.table->foreign_keys[number].name);
  if (count <= 1) return "0";
  if (count > 40'000) return sql_pick("n", by, count);
  // Skewed: the first parents have about twice as many children as the average, the last few.
  return fmt::format("({} - floor(sqrt({}))::bigint)", count - 1, sql_pick("n", by, count * count));
}

/// One in ten; where a condition looks at whether the key is NULL, half of them.
std::string RowPlan::null_test(const ForeignKeyShape& key) const {
  for (const std::string& column : key.columns) {
    const auto found = limits_.find(column);
    if (found != limits_.end() && found->second.tangled)
      return sql_pick("n", salt("null " + key.name), 2) + " = 0";
  }
  return fmt::format("(n + {}) % 10 = 0", salt(key.name) % 10);
}

void RowPlan::make_foreign_keys() {
  std::vector<std::size_t> order(in_.table->foreign_keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  while (!order.empty()) {
    const std::size_t number = next_foreign_key(order);
    make_foreign_key(number);
    std::erase(order, number);
  }
}

/// The longest first; then those that share columns with what is chosen already, so that parents
/// are chosen that agree.
std::size_t RowPlan::next_foreign_key(const std::vector<std::size_t>& left) const {
  const auto worth = [&](std::size_t number) {
    const auto& columns = in_.table->foreign_keys[number].columns;
    const auto given = static_cast<std::size_t>(std::count_if(
        columns.begin(), columns.end(),
        [&](const std::string& name) { return expressions_.contains(name) || fixed(name); }));
    return (given > 0 ? 100 : 0) + 10 * columns.size() + given;
  };
  return *std::max_element(left.begin(), left.end(), [&](std::size_t a, std::size_t b) {
    return worth(a) != worth(b) ? worth(a) < worth(b) : a > b;
  });
}

/// All columns were chosen for other keys: rows without a parent are left out.
void RowPlan::require_parent(std::size_t number) {
  const ForeignKeyShape& key = in_.table->foreign_keys[number];
  if (key.implied || key.parent == in_.table->oid || in_.postponed.contains(number)) return;
  std::string nulls, same;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const auto given = expressions_.find(key.columns[i]);
    if (given == expressions_.end() || given->second == "NULL") return;
    nulls += fmt::format("({}) IS NULL OR ", given->second);
    same += fmt::format(" AND q.{} = {}", sql_name(key.parent_columns[i]), given->second);
  }
  conditions_.push_back(fmt::format("({}EXISTS (SELECT FROM {}{} AS q WHERE true{}))", nulls,
                                    key.parent_is_partitioned ? "" : "ONLY ", key.parent_sql,
                                    same));
}

void RowPlan::make_foreign_key(std::size_t number) {
  const ForeignKeyShape& key = in_.table->foreign_keys[number];
  std::vector<std::size_t> shared, open;
  bool can_be_null = false;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const ColumnShape* column = in_.table->column(key.columns[i]);
    if (column == nullptr || column->generated) return;
    const bool given = expressions_.contains(key.columns[i]) || fixed(key.columns[i]);
    (given ? shared : open).push_back(i);
    can_be_null |= !given && (nullable(*column) || armed_.contains(column->name));
  }
  if (open.empty()) return require_parent(number);
  const auto null_open = [&] {
    for (const std::size_t i : open)
      if (!in_.table->column(key.columns[i])->not_null) expressions_[key.columns[i]] = "NULL";
  };
  const auto postponed = in_.postponed.find(number);
  if (postponed != in_.postponed.end() && postponed->second == Postponed::kPlaceholder) return;
  if (postponed != in_.postponed.end() || (key.parent == in_.table->oid && can_be_null))
    return null_open();
  if (key.parent == in_.table->oid) return;  // make_columns() points the row to itself
  if (key.implied && in_.parents[number].count == 0) return;
  if (in_.parents[number].count == 0) {
    if (can_be_null) return null_open();
    impossible_ = fmt::format("it refers to {} ({}), which has no rows", key.parent_sql,
                              join(key.columns, ", "));
    return;
  }
  const std::string index = pick_parent(number);
  const ParentFacts& parent = in_.parents[number];
  std::vector<std::string> values(key.columns.size());
  if (parent.dense && shared.empty()) {
    values[0] = fmt::format("({} + {})", parent.low, index);
  } else {
    join_parents(number, shared, index);
    for (const std::size_t i : open) values[i] = fmt::format("p{}.k{}", number, i);
  }
  const bool scarce = index_of_foreign_key_.contains(number) && most_rows_ <= in_.wanted;
  for (const std::size_t i : open) {
    const ColumnShape& column = *in_.table->column(key.columns[i]);
    const bool may = can_be_null && !scarce && (key.match_full || nullable(column));
    expressions_[column.name] =
        may ? fmt::format("CASE WHEN {} THEN NULL ELSE {} END", null_test(key), values[i])
            : values[i];
  }
}

/// Parents numbered from 0; where columns are given already, numbered among those that agree.
void RowPlan::join_parents(std::size_t number, const std::vector<std::size_t>& shared,
                           const std::string& index) {
  const ForeignKeyShape& key = in_.table->foreign_keys[number];
  const std::string from = parent_rows(*in_.table, number);
  std::string list, order, same, groups, agree;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string name = "p." + sql_name(key.parent_columns[i]);
    list += fmt::format("{} AS k{}, ", name, i);
    order += (i == 0 ? "" : ", ") + name;
  }
  for (const std::size_t i : shared) {
    const std::string& column = key.columns[i];
    const std::string given =
        expressions_.contains(column) ? expressions_[column] : rule_sql(*in_.table->column(column));
    groups += (groups.empty() ? "p." : ", p.") + sql_name(key.parent_columns[i]);
    same += fmt::format("{}g{}.k{} = {}", same.empty() ? "" : " AND ", number, i, given);
    agree += fmt::format(" AND p{0}.k{1} = g{0}.k{1}", number, i);
  }
  if (shared.empty()) {
    const bool each_once = index_of_foreign_key_.contains(number);
    joins_ += fmt::format(
        "\n  JOIN (SELECT {}row_number() OVER (ORDER BY {}) - 1 AS place {}"
        " ORDER BY {} LIMIT {}) AS p{} ON p{}.place = {}",
        list, order, from, order, each_once ? kMostParents : in_.most_parents, number, number,
        index);
    return;
  }
  std::string grouped;
  for (const std::size_t i : shared)
    grouped += fmt::format("p.{} AS k{}, ", sql_name(key.parent_columns[i]), i);
  bool outer = false;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const bool given = std::find(shared.begin(), shared.end(), i) != shared.end();
    outer |= !given && !in_.table->column(key.columns[i])->not_null;
  }
  joins_ += fmt::format("\n  {} JOIN (SELECT {}count(*) AS among {} GROUP BY {}) AS g{} ON {}",
                        outer ? "LEFT" : "INNER", grouped, from, groups, number, same);
  joins_ += fmt::format(
      "\n  {} JOIN (SELECT {}row_number() OVER (PARTITION BY {} ORDER BY {}) - 1 AS place {}"
      ") AS p{} ON p{}.place = abs(hashint8extended(n, {}) % g{}.among){}",
      outer ? "LEFT" : "INNER", list, groups, order, from, number, number, salt(key.name), number,
      agree);
}

void RowPlan::point_to_itself(const ForeignKeyShape& key) {
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    if (expressions_.contains(key.columns[i])) continue;
    const auto own = expressions_.find(key.parent_columns[i]);
    if (own != expressions_.end()) expressions_[key.columns[i]] = own->second;
  }
}

}  // namespace drydock
