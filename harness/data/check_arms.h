// Conditions of the form "one of these cases": (kind = 'a' AND x IS NOT NULL AND y IS NULL) OR …,
// num_nonnulls(a, b, c) = 1. Each row is made for one of the cases instead of hoping to hit one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/data/sql_expression.h"

namespace drydock {

/// What one case asks of one column.
struct ArmRule {
  bool null = false;
  std::vector<std::string> one_of;  ///< empty: any value, but not NULL
};
using Arm = std::map<std::string, ArmRule>;

/// Empty: the condition is not of this form.
std::vector<Arm> arms_of(const Expression& condition);

/// The column's value by case: `index` is an SQL bigint in 0 … arms - 1, `value` the column's value
/// where a case asks nothing else of it, `type` its SQL type.
std::string arm_sql(const std::vector<Arm>& arms, const std::string& column,
                    const std::string& index, const std::string& value, const std::string& type);

}  // namespace drydock
