#include "harness/data/row_plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/data/check_limits.h"
#include "harness/data/sql_expression.h"
#include "harness/data/sql_words.h"
#include "harness/sql/tokens.h"

namespace drydock {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

/// VALUE, the word for a domain's value, replaced by the column's name.
std::string about_column(const std::string& check, const std::string& column) {
  std::string sql;
  std::size_t copied = 0;
  for (const Token& token : tokens_of(check)) {
    if (check.compare(token.offset, token.length, "VALUE") != 0) continue;
    sql += check.substr(copied, token.offset - copied) + sql_name(column);
    copied = token.offset + token.length;
  }
  return sql + check.substr(copied);
}

}  // namespace

RowPlan::RowPlan(PlanInput input) : in_(std::move(input)), maker_(*in_.types) {
  read_conditions();
  assign_exclusions();
  assign_uniques();
  make_foreign_keys();
  make_columns();
  apply_arms();
  apply_computed();
}

std::uint64_t RowPlan::salt(std::string_view purpose) const {
  return make_salt(in_.seed, {in_.table->schema, in_.table->name, purpose});
}

void RowPlan::read_conditions() {
  for (const CheckShape& check : in_.table->checks)
    if (!read_computed(check.expression)) read_limits(check.expression, limits_);
  read_arms();
  for (const ColumnShape& column : in_.table->columns) read_domain(column);
  for (auto& [name, limits] : limits_) {
    if (limits.always_null && limits.never_null) limits.tangled = true;
  }
}

/// Cases that no row can be of, because of NOT NULL, are left out.
void RowPlan::read_arms() {
  for (const CheckShape& check : in_.table->checks) {
    std::vector<Arm> arms = arms_of(read_expression(check.expression));
    std::erase_if(arms, [&](const Arm& arm) {
      return std::any_of(arm.begin(), arm.end(), [&](const auto& entry) {
        const ColumnShape* column = in_.table->column(entry.first);
        return column == nullptr || column->generated || (entry.second.null && column->not_null);
      });
    });
    std::set<std::string> columns;
    for (const Arm& arm : arms)
      for (const auto& [name, rule] : arm) columns.insert(name);
    const bool taken = std::any_of(columns.begin(), columns.end(), [&](const std::string& name) {
      return armed_.contains(name) || fixed(name);
    });
    if (arms.empty() || taken) continue;
    for (const std::string& name : columns) {
      armed_[name] = arms_.size();
      limits_[name].tangled = false;
      limits_[name].constants.clear();
    }
    arms_.push_back(std::move(arms));
  }
}

void RowPlan::apply_arms() {
  for (const auto& [name, which] : armed_) {
    const std::vector<Arm>& arms = arms_[which];
    const std::string index =
        sql_pick("n", salt("case") + which, static_cast<std::int64_t>(arms.size()));
    std::string& sql = expressions_[name];
    sql = arm_sql(arms, name, index, sql, base_type(*in_.types, in_.table->column(name)->type).sql);
  }
}

void RowPlan::read_domain(const ColumnShape& column) {
  Oid type = column.type;
  while (in_.types->contains(type) && in_.types->at(type).kind == TypeKind::kDomain) {
    const TypeShape& domain = in_.types->at(type);
    for (const std::string& check : domain.checks) {
      std::map<std::string, Limits> about;
      read_limits(check, about);
      limits_[column.name] = both_limits(limits_[column.name], about["VALUE"]);
      if (!column.generated) domain_checks_.push_back(about_column(check, column.name));
    }
    if (domain.not_null) no_nulls_.insert(column.name);
    type = domain.base;
  }
}

bool RowPlan::fixed(const std::string& column) const {
  return in_.fixed.contains(column) || (in_.rule != nullptr && in_.rule->columns.contains(column));
}

/// An implied key that is not kept: its column is one like any other.
bool RowPlan::given_up(std::size_t key) const {
  return in_.table->foreign_keys[key].implied &&
         (in_.postponed.contains(key) || in_.parents[key].count == 0);
}

std::optional<std::size_t> RowPlan::foreign_key_of(const std::string& column) const {
  for (std::size_t i = 0; i < in_.table->foreign_keys.size(); ++i)
    if (contains(in_.table->foreign_keys[i].columns, column) && !given_up(i)) return i;
  return std::nullopt;
}

bool RowPlan::nullable(const ColumnShape& column) const {
  const auto found = limits_.find(column.name);
  const bool forbidden = found != limits_.end() && found->second.never_null;
  return !column.not_null && !forbidden && !no_nulls_.contains(column.name) &&
         !in_.never_null.contains(column.name) && !armed_.contains(column.name);
}

ValueRequest RowPlan::request_for(const ColumnShape& column) const {
  ValueRequest request;
  request.type = column.type;
  request.modifier = column.modifier;
  request.name = in_.plain_columns.contains(column.name) ? "" : column.name;
  request.salt = salt(column.name);
  request.row_salt = salt("when");
  request.seed = in_.seed;
  request.distinct = distinct_.contains(column.name);
  request.disjoint = disjoint_.contains(column.name);
  if (const auto found = limits_.find(column.name); found != limits_.end()) {
    request.limits = found->second;
    request.any_kind = in_.broad && found->second.tangled;
  }
  if (const auto found = in_.largest.find(column.name); found != in_.largest.end())
    request.base = found->second;
  if (const auto found = index_of_column_.find(column.name); found != index_of_column_.end()) {
    request.number = "(1 + " + found->second + ")";
    request.distinct = true;
  }
  const Expression usual = read_expression(column.default_sql);
  if (usual.kind == Expression::Kind::kLiteral) request.usual = usual.text;
  return request;
}

}  // namespace drydock
