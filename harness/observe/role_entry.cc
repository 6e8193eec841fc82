#include "harness/observe/role_entry.h"

#include <fmt/format.h>

#include "harness/base/sql_text.h"

namespace drydock {
namespace {

/// What a connection of the role's in this database would begin with, the nearest first: the role
/// in the database, the role, the database, everybody (PostgreSQL docs, "pg_db_role_setting").
/// Settings that only the server's start or a new connection takes are left out; unknown names are
/// the application's own.
std::string role_settings_query(const std::string& role) {
  return fmt::format(
      "SELECT DISTINCT ON (e.name) e.name, e.value FROM pg_catalog.pg_db_role_setting s"
      " CROSS JOIN LATERAL (SELECT pg_catalog.split_part(c, '=', 1) AS name,"
      "  pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1) AS value"
      "  FROM pg_catalog.unnest(s.setconfig) c) e"
      " LEFT JOIN pg_catalog.pg_settings p ON p.name = e.name"
      " WHERE s.setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database"
      "  WHERE datname = pg_catalog.current_database()))"
      " AND s.setrole IN (0, (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = {}))"
      " AND (p.name IS NULL OR p.context IN ('user', 'superuser'))"
      " AND e.name NOT IN ('session_authorization', 'role')"
      " ORDER BY e.name, (s.setrole <> 0 AND s.setdatabase <> 0) DESC, s.setrole <> 0 DESC,"
      "  s.setdatabase <> 0 DESC",
      sql_text(role));
}

std::string set_locally(std::string_view name, std::string_view value) {
  return fmt::format("SELECT pg_catalog.set_config({}, {}, true); ", sql_text(name),
                     sql_text(value));
}

bool is_superuser(Session& session) {
  const Rows rows = session.query("SELECT pg_catalog.current_setting('is_superuser')");
  return rows.at(0, 0) == "on";
}

}  // namespace

std::string role_statements(Session& session, const std::string& role) {
  std::string sql;
  // Before the role is taken on: whoever wrote ALTER ROLE … SET may have had more privileges.
  const Rows settings = session.query(role_settings_query(role));
  for (int i = 0; i < settings.size(); ++i) {
    sql += set_locally(settings.at(i, 0), settings.at(i, 1));
  }
  return sql + fmt::format("SET LOCAL {} {}; ",
                           is_superuser(session) ? "SESSION AUTHORIZATION" : "ROLE",
                           sql_name(role));
}

std::string context_statements(const ContextSteps& steps) {
  std::string sql;
  for (const ContextSetting& each : steps.settings) sql += set_locally(each.name, each.value);
  return sql + steps.sql;
}

std::string enter_statements(Session& session, const std::string& role, const ContextSteps& steps) {
  return role_statements(session, steps.role.empty() ? role : steps.role) +
         context_statements(steps);
}

/// Right whoever one is by then. What was set goes with the savepoint: a setting that was set once
/// has no way back to "never set" in its session, and RESET or '' would only be another value.
std::string leave_statements(Session&) {
  return "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE";
}

}  // namespace drydock
