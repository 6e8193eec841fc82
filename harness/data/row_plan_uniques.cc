// Which columns of a plan are made distinct, and how keys of few values are counted through.

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "harness/base/text.h"
#include "harness/data/name_meaning.h"
#include "harness/data/partition_values.h"
#include "harness/data/row_plan.h"
#include "harness/data/sql_expression.h"

namespace drydock {
namespace {

/// How gladly a column is made distinct, less is better: what reads naturally as a number or key.
int reluctance(const TypeShape& type, const ColumnShape& column) {
  if (column.identity || !column.sequence.empty() ||
      column.default_sql.find("nextval(") != std::string::npos)
    return 0;
  const Meaning meaning = meaning_of(column.name);
  if (meaning == Meaning::kTenant) return 20;
  if (type.name == "uuid") return 1;
  if (is_text(type)) return meaning == Meaning::kStatus || meaning == Meaning::kKind ? 10 : 2;
  if (is_integer(type)) return meaning == Meaning::kIdentifier ? 2 : 4;
  return type.name.starts_with("time") || type.name == "date" ? 6 : 8;
}

std::int64_t stride_for(std::int64_t count) {
  for (const std::int64_t prime : {7919, 104729, 1299709, 15485863})
    if (std::gcd(prime, count) == 1) return prime;
  return 1;
}

}  // namespace

std::vector<std::string> RowPlan::members_of(const UniqueShape& unique) const {
  std::vector<std::string> members = unique.columns;
  for (const std::string& expression : unique.expressions)
    for (const std::string& name : names_in(expression))
      if (in_.table->column(name) != nullptr) members.push_back(name);
  return members;
}

/// Whether nobody would expect two rows alike in it, unique key or not.
bool RowPlan::names_the_row(const ColumnShape& column) const {
  if (column.generated || fixed(column.name) || foreign_key_of(column.name)) return false;
  return column.identity || !column.sequence.empty() || column.name == "id" ||
         column.name == "uuid" || column.name == "guid";
}

void RowPlan::assign_uniques() {
  for (const ColumnShape& column : in_.table->columns) {
    if (!names_the_row(column) || !in_.types->contains(column.type)) continue;
    ValueRequest request = request_for(column);
    request.distinct = true;
    if (maker_.capacity(request) >= in_.wanted && !is_bound(in_.table->leaves, column.name))
      distinct_.insert(column.name);
  }
  for (const UniqueShape& unique : in_.table->uniques) assign_unique(unique);
}

void RowPlan::assign_unique(const UniqueShape& unique) {
  const std::vector<std::string> members = members_of(unique);
  if (unique.nulls_alike) no_nulls_.insert(members.begin(), members.end());
  std::string best;
  int best_reluctance = 100;
  for (const std::string& member : members) {
    drop_implied_key(member, members.size());
    if (distinct_.contains(member)) return;
    const ColumnShape* column = in_.table->column(member);
    if (column == nullptr || column->generated || foreign_key_of(member) || fixed(member)) continue;
    if (index_of_column_.contains(member) || is_bound(in_.table->leaves, member)) continue;
    if (!in_.types->contains(column->type)) continue;
    ValueRequest request = request_for(*column);
    request.distinct = true;
    if (maker_.capacity(request) < in_.wanted) continue;
    const int mine = reluctance(base_type(*in_.types, column->type), *column);
    if (mine < best_reluctance) best = member, best_reluctance = mine;
  }
  if (!best.empty()) {
    distinct_.insert(best);
  } else if (!enumerate(unique, members)) {
    may_collide_ = true;
    if (!members.empty() && scarce_key_.empty()) scarce_key_ = join(members, ", ");
  }
}

/// A key that only its name implies gives way where its parents are too few to be distinct.
void RowPlan::drop_implied_key(const std::string& column, std::size_t members) {
  const auto key = foreign_key_of(column);
  if (!key || !in_.table->foreign_keys[*key].implied) return;
  if (members == 1 && in_.parents[*key].count < in_.wanted)
    in_.postponed[*key] = Postponed::kPlaceholder;
}

/// No column alone has enough values: their combinations are counted through, each one once.
bool RowPlan::enumerate(const UniqueShape& unique, const std::vector<std::string>& members) {
  if (!unique.expressions.empty() || !unique.predicate.empty()) return false;
  std::int64_t total = 1;
  std::vector<std::pair<std::string, std::int64_t>> columns;  // in turn with foreign keys
  std::vector<std::pair<std::size_t, std::int64_t>> keys;
  for (const std::string& member : members) {
    const ColumnShape* column = in_.table->column(member);
    if (column == nullptr || column->generated || fixed(member) ||
        is_bound(in_.table->leaves, member) || index_of_column_.contains(member))
      continue;
    std::int64_t count = 0;
    if (const auto key = foreign_key_of(member)) {
      const ForeignKeyShape& shape = in_.table->foreign_keys[*key];
      if (index_of_foreign_key_.contains(*key) || in_.postponed.contains(*key)) continue;
      if (shape.parent == in_.table->oid || shape.columns.size() != 1) continue;
      count = std::min(in_.parents[*key].count, kMostParents);
      if (count > 0) keys.emplace_back(*key, count);
    } else {
      ValueRequest request = request_for(*column);
      request.distinct = true;
      count = maker_.capacity(request);
      if (count > 0) columns.emplace_back(member, count);
    }
    if (count > 0) total = std::min(kUnlimited, total * count);
  }
  if (keys.empty() && columns.empty()) return false;
  const std::string walk =
      fmt::format("((n * {} + {}) % {})", stride_for(total), salt(unique.name) % 1000, total);
  std::int64_t radix = 1;
  const auto next = [&](std::int64_t count) {
    const std::string index = fmt::format("({} / {} % {})", walk, radix, count);
    radix = std::min(kUnlimited, radix * count);
    return index;
  };
  for (const auto& [key, count] : keys) index_of_foreign_key_[key] = next(count);
  for (const auto& [name, count] : columns) index_of_column_[name] = next(count);
  const bool sometimes_null = std::any_of(members.begin(), members.end(), [&](const auto& name) {
    return armed_.contains(name) || limits_[name].tangled;
  });
  // Rows with NULL in the key are distinct, however few its values are.
  if (total < in_.wanted && sometimes_null && !unique.nulls_alike) return may_collide_ = true;
  if (total < in_.wanted) no_nulls_.insert(members.begin(), members.end());
  if (total < most_rows_) most_rows_ = total, scarce_key_ = join(members, ", ");
  // Rows in place hold some of the combinations; what else is in the key may add to them.
  if (in_.rows_in_place) may_collide_ = true;
  return true;
}

/// Ranges laid end to end do not overlap, whatever else the constraint looks at.
void RowPlan::assign_exclusions() {
  for (const ExclusionShape& exclusion : in_.table->exclusions) {
    for (const ExclusionPart& part : exclusion.parts) {
      for (const std::string& name : names_in(part.expression)) {
        const ColumnShape* column = in_.table->column(name);
        if (column == nullptr || column->generated) continue;
        if (part.op == "&&") disjoint_.insert(name);
        const bool plain = names_in(part.expression).size() == 1;
        if (part.op == "&&" && plain) distinct_.insert(name);
      }
    }
  }
}

}  // namespace drydock
