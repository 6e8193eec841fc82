#include "harness/observe/context_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/tenant_context.h"

namespace drydock {
namespace {

/// What stands on the right of "(column = …)" in an expression as the server prints it; empty: it
/// is not compared, or with a plain value.
std::string compared_with(const std::string& expression, const std::string& column) {
  const std::string begin = "(" + column + " = ";
  const std::size_t at = expression.find(begin);
  if (at == std::string::npos) return "";
  int depth = 1;
  for (std::size_t i = at + begin.size(); i < expression.size(); ++i) {
    if (expression[i] == '(') ++depth;
    if (expression[i] != ')' || --depth > 0) continue;
    const std::string value = expression.substr(at + begin.size(), i - at - begin.size());
    return value.find('(') == std::string::npos ? "" : value;
  }
  return "";
}

/// In the context; empty: it is NULL there, or it is no value without a row.
std::string value_of(Session& session, const std::string& enter, const std::string& expression) {
  std::string value;
  session.query("SAVEPOINT drydock_value");
  try {
    const std::vector<Rows> answers = session.query_all(
        enter + fmt::format("; SELECT pg_catalog.quote_nullable(({})::text)", expression));
    const Rows& last = answers.back();
    if (last.size() == 1) value = last.at(0, 0);
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    // It names a column, or the context does not suit it.
  }
  session.query("ROLLBACK TO drydock_value; RELEASE drydock_value");
  return value == "NULL" ? "" : value;
}

std::string condition(const std::map<std::string, std::string>& values) {
  std::vector<std::string> parts;
  for (const auto& [column, literal] : values) {
    parts.push_back(fmt::format("t.{}::text = {}", column, literal));
  }
  return join(parts, " AND ");
}

std::int64_t count(Session& session, const TenantTable& table, const std::string& tenant,
                   const std::string& which) {
  const Rows rows =
      session.query(fmt::format("SELECT pg_catalog.count(*) FROM {} t WHERE {} = {} AND {}",
                                table.sql, tenant_text(table), sql_text(tenant), which));
  return std::atoll(std::string(rows.at(0, 0)).c_str());
}

/// One of the tenant's rows gets the values, unless a key is in the way.
void make_row(Session& session, const TenantTable& table, const SampleRow& row,
              const std::map<std::string, std::string>& values) {
  std::vector<std::string> sets;
  for (const auto& [column, literal] : values) sets.push_back(column + " = " + literal);
  session.query("SAVEPOINT drydock_value");
  try {
    session.query(
        fmt::format("SET LOCAL session_replication_role = replica; UPDATE {} t SET {} WHERE {}; "
                    "SET LOCAL session_replication_role = origin; RELEASE drydock_value",
                    table.sql, join(sets, ", "), row.place));
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    session.query("ROLLBACK TO drydock_value; RELEASE drydock_value");
  }
}

}  // namespace

std::map<std::string, std::string> context_values(Session& session, const std::string& enter,
                                                  const TenantTable& table) {
  std::map<std::string, std::string> values;
  for (const TenancyColumn& column : table.columns) {
    if (column.name == table.tenant_column || !column.writable) continue;
    for (const PolicyFact& policy : table.facts.policies) {
      const std::string expression = policy.using_expression + " " + policy.check_expression;
      const std::string compared = compared_with(expression, column.name);
      if (compared.empty() || values.contains(column.name)) continue;
      const std::string value = value_of(session, enter, compared);
      if (!value.empty()) values[column.name] = value;
    }
  }
  return values;
}

void narrow_to_values(Session& session, IsolationSubject& subject, const std::string& tenant,
                      const std::map<std::string, std::string>& values) {
  const TenantTable& table = *subject.table;
  const std::string which = condition(values);
  if (count(session, table, tenant, which) == 0) {
    make_row(session, table, subject.samples.at(tenant), values);
  }
  subject.expected[tenant] = count(session, table, tenant, which);
  read_sample(session, subject, tenant, which);
  SampleRow& sample = subject.samples.at(tenant);
  for (std::size_t i = 0; i < table.columns.size() && i < sample.literals.size(); ++i) {
    const auto value = values.find(table.columns[i].name);
    if (value != values.end()) sample.literals[i] = value->second;
  }
}

}  // namespace drydock
