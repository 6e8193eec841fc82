#include "harness/observe/other_role.h"

#include <fmt/format.h>

#include "harness/base/sql_text.h"

namespace drydock {
namespace {

constexpr const char* kName = "drydock_other_role";

/// Extensions' and the system's objects are open to everybody already.
std::string grants_query(const std::string& role) {
  return fmt::format(
      "WITH schemas AS (SELECT oid, nspname FROM pg_catalog.pg_namespace"
      "  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
      "  AND pg_catalog.has_schema_privilege({0}, oid, 'USAGE'))"
      " SELECT pg_catalog.format('GRANT USAGE ON SCHEMA %I TO {1}', nspname) FROM schemas"
      " UNION ALL SELECT pg_catalog.format('GRANT SELECT ON %I.%I TO {1}', s.nspname, c.relname)"
      "  FROM schemas s JOIN pg_catalog.pg_class c ON c.relnamespace = s.oid"
      "  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')"
      "  AND pg_catalog.has_table_privilege({0}, c.oid, 'SELECT')"
      " UNION ALL SELECT pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO {1}',"
      "  p.oid::pg_catalog.regprocedure) FROM schemas s"
      "  JOIN pg_catalog.pg_proc p ON p.pronamespace = s.oid WHERE p.proacl IS NOT NULL"
      "  AND pg_catalog.has_function_privilege({0}, p.oid, 'EXECUTE')",
      sql_text(role), kName);
}

}  // namespace

std::string make_other_role(Session& session, const std::string& role) {
  std::string sql = fmt::format("CREATE ROLE {} NOSUPERUSER NOBYPASSRLS; ", kName);
  const Rows grants = session.query(grants_query(role));
  for (int i = 0; i < grants.size(); ++i) sql += std::string(grants.at(i, 0)) + "; ";
  session.query(sql);
  return kName;
}

}  // namespace drydock
