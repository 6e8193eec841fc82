// Columns that a CHECK computes from others: they are made last, of the values that the others got.

#include <fmt/format.h>

#include <algorithm>

#include "harness/data/partition_values.h"
#include "harness/data/row_plan.h"

namespace drydock {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

}  // namespace

/// Whether the column is computed from `source`, directly or by way of others.
bool RowPlan::needs(const std::string& column, const std::string& source) const {
  return std::any_of(computed_.begin(), computed_.end(), [&](const ComputedColumn& computed) {
    return computed.column == column &&
           std::any_of(computed.sources.begin(), computed.sources.end(),
                       [&](const std::string& one) { return one == source || needs(one, source); });
  });
}

/// Nothing else decides the column's values, and nothing that it is computed from waits for it.
bool RowPlan::computable(const ComputedColumn& computed) const {
  const ColumnShape* column = in_.table->column(computed.column);
  if (column->generated || column->identity || !column->sequence.empty() || fixed(column->name) ||
      foreign_key_of(column->name) || is_bound(in_.table->leaves, column->name))
    return false;
  const auto decides = [&](const auto& key) { return contains(key.columns, column->name); };
  const auto same = [&](const ComputedColumn& other) { return other.column == computed.column; };
  const auto useless = [&](const std::string& source) {
    return in_.table->column(source)->generated || needs(source, computed.column);
  };
  return std::none_of(in_.table->uniques.begin(), in_.table->uniques.end(), decides) &&
         std::none_of(computed_.begin(), computed_.end(), same) &&
         std::none_of(computed.sources.begin(), computed.sources.end(), useless);
}

bool RowPlan::read_computed(const std::string& condition) {
  std::set<std::string> names;
  for (const ColumnShape& column : in_.table->columns) names.insert(column.name);
  for (ComputedColumn& computed : computed_columns(condition, names)) {
    if (!computable(computed)) continue;
    // NULL comes out of most expressions where it goes in.
    if (in_.table->column(computed.column)->not_null)
      no_nulls_.insert(computed.sources.begin(), computed.sources.end());
    computed_.push_back(std::move(computed));
    return true;
  }
  return false;
}

std::string RowPlan::computed_sql(const ComputedColumn& computed) const {
  return with_columns_replaced(computed.sql, computed.sources, [&](const std::string& source) {
    return fmt::format("(({})::{})", expressions_.at(source),
                       candidate_type(*in_.table->column(source)));
  });
}

/// Those that are computed from another one come behind it.
void RowPlan::apply_computed() {
  std::set<std::string> waiting;
  for (const ComputedColumn& computed : computed_) waiting.insert(computed.column);
  while (!waiting.empty()) {
    for (const ComputedColumn& computed : computed_) {
      const bool ready =
          std::none_of(computed.sources.begin(), computed.sources.end(),
                       [&](const std::string& source) { return waiting.contains(source); });
      if (!ready || waiting.erase(computed.column) == 0) continue;
      expressions_[computed.column] = computed_sql(computed);
    }
  }
}

}  // namespace drydock
