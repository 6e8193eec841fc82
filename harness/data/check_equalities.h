// Conditions that compute a column from others: CHECK (total = price * quantity).
//
// Values made apart from each other keep such a condition by accident only. So the column is made
// of the expression over the others.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace drydock {

struct ComputedColumn {
  std::string column;
  std::string sql;                ///< over the other columns, as the server prints it
  std::set<std::string> sources;  ///< the columns in `sql`; not empty, without `column`
};

/// The columns that the condition could be read to compute: two for a = b. `columns`: the table's.
std::vector<ComputedColumn> computed_columns(const std::string& condition,
                                             const std::set<std::string>& columns);

/// `sql` with each of the columns in it replaced by what `value` gives.
std::string with_columns_replaced(const std::string& sql, const std::set<std::string>& columns,
                                  const std::function<std::string(const std::string&)>& value);

}  // namespace drydock
