#include "harness/rehearse/isolation_preconditions.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/sql_text.h"
#include "harness/base/text.h"

namespace drydock {
namespace {

bool has_rows_of_two(Session& session, const TenantTable& table) {
  const Rows tenants = session.query(fmt::format(
      "SELECT DISTINCT {0} FROM {1} t WHERE {0} IS NOT NULL LIMIT 2", table.tenant_sql, table.sql));
  return tenants.size() == 2;
}

}  // namespace

bool any_row_security(const SchemaSnapshot& schema) {
  return std::any_of(schema.objects.begin(), schema.objects.end(), [](const auto& object) {
    if (object->key.kind == "policy") return true;
    return object->key.kind == "table" &&
           std::any_of(object->properties.begin(), object->properties.end(),
                       [](const Property& property) { return property.name == "row security"; });
  });
}

std::string why_no_context(Session& session, const Tenancy& tenancy) {
  bool any_policy = false, any_privilege = false;
  for (const TenantTable& table : tenancy.tables) {
    if (!table.facts.row_security || table.facts.policies.empty()) continue;
    any_policy = true;
    const auto& privileges = table.facts.privileges;
    if (std::find(privileges.begin(), privileges.end(), "SELECT") == privileges.end()) continue;
    any_privilege = true;
    if (has_rows_of_two(session, table)) return "";
  }
  if (!any_policy) return "no table of tenants has a policy yet";
  return any_privilege ? "no table with a policy has rows of two tenants"
                       : "the role may SELECT from no table with a policy yet";
}

void require_names(Session& session, const IsolationRules& rules, const Tenancy& tenancy) {
  if (!rules.tenant_columns.empty() && tenancy.tables.empty()) {
    throw InputError(
        "isolation.tenant_column: at the end of all migrations no table has a column " +
            join(rules.tenant_columns, ", "),
        "Name the column that tells whose a row is.");
  }
  for (const IsolationExemption& exemption : rules.exempt) {
    const Rows found =
        session.query("SELECT pg_catalog.to_regclass(" + sql_text(exemption.table) + ")");
    if (!found.is_null(0, 0)) continue;
    throw InputError(
        "isolation.exempt: there is no table " + exemption.table + " at the end of all migrations",
        "Correct its name (schema.table), or take it out.");
  }
}

}  // namespace drydock
