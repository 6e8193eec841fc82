// Tables of tenants and a role of the application's, and which ways lead around row security: for
// tests. All in a transaction, since roles are the server's.
#pragma once

#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/observe/isolation_paths.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock::testing {

using Names = std::vector<std::string>;

/// Lots and moves of tenants 1, 2 and 3, kept apart by a setting, owned by a role that row security
/// binds; paths_app may read and write them.
struct Lots {
  FreshDatabase database;
  Session session{database.info()};
  TenantContext context;

  Lots() {
    context.tenant_steps.settings = {{"app.tenant", "{tenant}"}};
    session.query("BEGIN");
    session.query_all(
        "CREATE ROLE paths_owner; CREATE ROLE paths_app; GRANT CREATE, USAGE ON SCHEMA public TO "
        "paths_owner; SET LOCAL ROLE paths_owner;"
        "CREATE TABLE lots (id int PRIMARY KEY, tenant_id int NOT NULL, code text);"
        "CREATE TABLE moves (id int PRIMARY KEY, lot_id int NOT NULL REFERENCES lots, note text);"
        "INSERT INTO lots SELECT n, 1 + n % 3, 'lot ' || n FROM generate_series(1, 30) n;"
        "INSERT INTO moves SELECT n, n, 'moved' FROM generate_series(1, 30) n;"
        "ALTER TABLE lots ENABLE ROW LEVEL SECURITY; ALTER TABLE lots FORCE ROW LEVEL SECURITY;"
        "ALTER TABLE moves ENABLE ROW LEVEL SECURITY; ALTER TABLE moves FORCE ROW LEVEL SECURITY;"
        "CREATE POLICY own ON lots USING (tenant_id = current_setting('app.tenant', true)::int);"
        "CREATE POLICY own ON moves USING (EXISTS (SELECT FROM lots l WHERE l.id = lot_id));"
        "GRANT SELECT, INSERT, UPDATE, DELETE ON lots, moves TO paths_app; RESET ROLE;");
  }
  ~Lots() { session.query("ROLLBACK"); }

  std::vector<BypassPath> after(const std::string& sql) {
    if (!sql.empty()) session.query_all(sql);
    IsolationRules rules;
    rules.as_role = "paths_app";
    const Tenancy tenancy = read_tenancy(session, rules, "paths_owner");
    return find_bypass_paths(session, tenancy, context, tenancy.tables);
  }
};

/// What was found, to compare and to show: "view leaks: role paths_app → view … → table …".
inline Names told(const std::vector<BypassPath>& paths) {
  Names lines;
  for (const BypassPath& path : paths) {
    lines.push_back((path.leaks   ? "leaks: "
                     : path.tried ? "tried: "
                                  : "stands: ") +
                    join(path.path, ", "));
  }
  return lines;
}

inline constexpr const char* kAsOwner = "SET LOCAL ROLE paths_owner;";
inline constexpr const char* kAsMe = "RESET ROLE;";

}  // namespace drydock::testing
