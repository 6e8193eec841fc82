// Calls in policy expressions that could be made once a query instead of once a row, and the
// rewrite. Pure text: expressions as pg_get_expr prints them.
#pragma once

#include <string>
#include <vector>

namespace drydock {

/// A function of the user's as expressions and plans may call it.
struct CalledFunction {
  std::string schema, name;  ///< quoted where SQL needs it
};

/// Calls of `functions` in `expression` whose arguments name none of `columns`:
/// "current_tenant()".
std::vector<std::string> constant_calls(const std::string& expression,
                                        const std::vector<CalledFunction>& functions,
                                        const std::vector<std::string>& columns);

/// Whether `expression` calls one of `functions` with one of `columns` among the arguments.
bool calls_about_rows(const std::string& expression, const std::vector<CalledFunction>& functions,
                      const std::vector<std::string>& columns);

/// Whether a line of EXPLAIN says that the function is called for each row: a filter, not an index
/// condition (evaluated once a scan) nor a one-time filter.
bool filters_by(const std::string& plan, const CalledFunction& function);

/// `expression` with each of `calls` as a subquery of its own, so that it becomes an InitPlan.
std::string with_subqueries(std::string expression, const std::vector<std::string>& calls);

/// "x IN ( SELECT …)" as "x = ANY (ARRAY( SELECT …))": what an index can serve, where the subquery
/// does not depend on the row. The same text when there is none.
std::string with_arrays(std::string expression);

}  // namespace drydock
