// A database with tables of tenants, and what is read of its tenancy: for tests. Roles belong to
// the server that the program's tests share, so each test rolls its own back.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "harness/observe/tenancy.h"
#include "harness/testing/catch.h"
#include "harness/testing/shared_server.h"

namespace drydock::testing {

using Names = std::vector<std::string>;

struct Tenants {
  FreshDatabase database;
  Session session{database.info()};
  IsolationRules rules;
  std::string migrating = "drydock_nobody";

  Tenants() { session.query("BEGIN"); }
  ~Tenants() { session.query("ROLLBACK"); }

  Tenancy after(const std::string& sql) {
    session.query_all(sql);
    return read_tenancy(session, rules, migrating);
  }
};

inline const TenantTable& table_of(const Tenancy& tenancy, const std::string& name) {
  const auto found =
      std::find_if(tenancy.tables.begin(), tenancy.tables.end(),
                   [&](const TenantTable& table) { return table.facts.table == name; });
  INFO(name);
  REQUIRE(found != tenancy.tables.end());
  return *found;
}

inline Names tables_of(const Tenancy& tenancy) {
  Names names;
  for (const TenantTable& table : tenancy.tables) names.push_back(table.facts.table);
  return names;
}

inline constexpr const char* kLots =
    "CREATE TABLE tenants (id uuid PRIMARY KEY, name text);"
    "CREATE TABLE lots (id bigint GENERATED ALWAYS AS IDENTITY, tenant_id uuid NOT NULL REFERENCES "
    "tenants, code text, length int, area int GENERATED ALWAYS AS (length * 2) STORED,"
    " PRIMARY KEY (tenant_id, id), UNIQUE (code));"
    "CREATE TABLE lot_notes (id int PRIMARY KEY, tenant uuid NOT NULL, lot bigint NOT NULL,"
    " FOREIGN KEY (tenant, lot) REFERENCES lots (tenant_id, id));"
    "CREATE TABLE units (code text PRIMARY KEY);";

inline constexpr const char* kPolicy =
    "ALTER TABLE lots ENABLE ROW LEVEL SECURITY; ALTER TABLE lots FORCE ROW LEVEL SECURITY;"
    "CREATE POLICY own ON lots USING (tenant_id = current_setting('app.tenant')::uuid);";

}  // namespace drydock::testing
