#include "harness/observe/tenancy.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/policy_reach.h"
#include "harness/observe/tenancy_catalog.h"
#include "harness/observe/tenancy_links.h"
#include "harness/observe/tenancy_role.h"
#include "harness/observe/tenancy_tables.h"

namespace drydock {
namespace {

/// So many names say what kind of role is meant; a role for each tenant would fill pages.
constexpr std::size_t kNamed = 3;

/// "a, b and c".
std::string listed(const std::vector<std::string>& names) {
  if (names.size() < 2) return join(names, "");
  const std::vector<std::string> first(names.begin(), names.end() - 1);
  return join(first, ", ") + " and " + names.back();
}

/// At least three tables of the same names, and these are most of what either schema has.
bool same_tables(const std::set<std::string>& a, const std::set<std::string>& b) {
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both.size() >= 3 && both.size() * 2 > std::max(a.size(), b.size());
}

/// A schema for each tenant: row security has no say in it.
std::vector<std::string> schema_notes(const TenancyCatalog& catalog) {
  std::map<std::string, std::set<std::string>> schemas;
  for (const auto& [oid, table] : catalog.tables) {
    if (!table.partition) schemas[table.schema].insert(table.name);
  }
  std::vector<std::string> notes;
  std::set<std::string> told;
  for (const auto& [schema, tables] : schemas) {
    if (told.contains(schema)) continue;
    std::vector<std::string> alike;
    for (const auto& [other, others] : schemas) {
      if (!told.contains(other) && same_tables(tables, others)) alike.push_back(other);
    }
    if (alike.size() < 2) continue;
    told.insert(alike.begin(), alike.end());
    notes.push_back(fmt::format(
        "schemas {} hold the same tables: a schema for each tenant is out of row security's reach; "
        "what keeps tenants apart there is USAGE on schemas and search_path",
        listed(alike)));
  }
  return notes;
}

std::vector<std::string> role_notes(const RoleChoice& choice,
                                    const std::vector<TenantTable>& tables) {
  std::vector<std::string> notes;
  if (!choice.others.empty()) {
    std::vector<std::string> others = choice.others;
    if (others.size() > kNamed) {
      others.resize(kNamed);
      others.push_back(fmt::format("{} more", choice.others.size() - kNamed));
    }
    notes.push_back(fmt::format(
        "tried as {}; {} could ask as well (isolation.as_role in the scenario names another)",
        choice.role.name, listed(others)));
  }
  std::vector<std::string> owned;
  for (const TenantTable& table : tables) {
    if (table.facts.role_is_owner) owned.push_back(table.facts.table);
  }
  if (!owned.empty()) {
    notes.push_back(
        fmt::format("role {} owns {} or is a member of its owner: there only FORCE ROW LEVEL "
                    "SECURITY binds it",
                    choice.role.name, listed(owned)));
  }
  return notes;
}

/// Privileges on what was inherited are left to the parent, as an application's grants would be.
constexpr const char* kRoleStatements = R"sql(
CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
DO $drydock$
DECLARE
  grants text;
BEGIN
  SELECT string_agg(format('GRANT USAGE ON SCHEMA %I TO %I', n.nspname, {text}), ';') INTO grants
    FROM pg_namespace n WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';
  IF grants IS NOT NULL THEN EXECUTE grants; END IF;
  SELECT string_agg(format('GRANT %s ON %s %I.%I TO %I',
      CASE c.relkind WHEN 'S' THEN 'USAGE' WHEN 'm' THEN 'SELECT'
        ELSE 'SELECT, INSERT, UPDATE, DELETE' END,
      CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
      n.nspname, c.relname, {text}), ';') INTO grants
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relpersistence <> 't'
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND (c.oid = ANY ('{{{tables}}}'::oid[])
        OR NOT EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid));
  IF grants IS NOT NULL THEN EXECUTE grants; END IF;
END $drydock$)sql";

/// Someone but the owner was granted something on a table without row security.
constexpr const char* kOpenTables = R"sql(
select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relrowsecurity and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and (exists (select from aclexplode(c.relacl) a
         left join pg_roles r on r.oid = a.grantee
         where a.grantee <> c.relowner and not coalesce(r.rolsuper, false)
           and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'))
    or exists (select from pg_attribute t, aclexplode(t.attacl) a
         left join pg_roles r on r.oid = a.grantee
         where t.attrelid = c.oid and t.attacl is not null and not t.attisdropped
           and a.grantee <> c.relowner and not coalesce(r.rolsuper, false))))sql";

}  // namespace

Tenancy read_tenancy(Session& session, const IsolationRules& rules, const std::string& migrating) {
  Tenancy tenancy;
  const TenancyCatalog catalog = read_tenancy_catalog(session);
  tenancy.tables = tenant_tables(catalog, rules);
  fill_reach(session, tenancy.tables);
  for (const auto& [oid, table] : catalog.tables) tenancy.any_row_security |= table.row_security;
  RoleChoice choice = choose_application_role(session, rules, tenancy.tables, migrating);
  fill_privileges(session, choice.role, catalog, tenancy.tables);
  tenancy.notes = schema_notes(catalog);
  const std::vector<std::string> notes = role_notes(choice, tenancy.tables);
  tenancy.notes.insert(tenancy.notes.end(), notes.begin(), notes.end());
  tenancy.role = std::move(choice.role);
  return tenancy;
}

std::string application_role_statements(const Tenancy& tenancy, const std::string& name) {
  std::vector<std::string> oids;
  for (const TenantTable& table : tenancy.tables) oids.push_back(std::to_string(table.oid));
  return fmt::format(kRoleStatements, fmt::arg("role", sql_name(name)),
                     fmt::arg("text", sql_text(name)), fmt::arg("tables", join(oids, ",")));
}

std::vector<std::string> open_tables(Session& session, const IsolationRules& rules) {
  const Rows rows = session.query(kOpenTables);
  if (rows.size() == 0) return {};
  std::set<std::uint32_t> granted;
  for (int row = 0; row < rows.size(); ++row) granted.insert(oids_of(rows.at(row, 0)).front());
  std::vector<std::string> asked;
  for (const TenantTable& table : tenant_tables(read_tenancy_catalog(session), rules)) {
    if (!granted.contains(table.oid) || !table.facts.exempt.empty()) continue;
    asked.push_back(fmt::format("select {} where exists (select from {})",
                                sql_text(table.facts.table), table.sql));
  }
  if (asked.empty()) return {};
  const Rows open = session.query(join(asked, " union all ") + " order by 1");
  std::vector<std::string> names;
  for (int row = 0; row < open.size(); ++row) names.emplace_back(open.at(row, 0));
  return names;
}

}  // namespace drydock
