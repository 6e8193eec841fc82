#include "harness/observe/tenancy_role.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/tenancy_catalog.h"

namespace drydock {
namespace {

/// Roles that policies name or that were granted something in the user's schemas, directly or
/// through a group; without those that row security does not bind. $tables: the tables of tenants;
/// $migrating: the role that migrates. The best first: members of an owner have its privileges, so
/// that they would always win, and come last.
constexpr const char* kCandidates = R"sql(
with tenants as materialized (select unnest($tables::oid[]) as oid),
  users as materialized (select n.oid, n.nspacl, n.nspowner from pg_namespace n
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'),
  granted as materialized (
    select a.grantee from pg_class c join users u on u.oid = c.relnamespace, aclexplode(c.relacl) a
      where a.grantee not in (0, c.relowner)
    union select a.grantee from pg_attribute t join pg_class c on c.oid = t.attrelid
      join users u on u.oid = c.relnamespace, aclexplode(t.attacl) a
      where t.attacl is not null and a.grantee not in (0, c.relowner)
    union select a.grantee from users u, aclexplode(u.nspacl) a
      where a.privilege_type = 'USAGE' and a.grantee not in (0, u.nspowner)
    union select r from pg_policy p, unnest(p.polroles) r where r <> 0),
  owners as materialized (
    select c.relowner as oid from pg_class c join tenants t on t.oid = c.oid
    union select r.oid from pg_roles r where r.rolname = $migrating)
select r.rolname,
  (select count(*) from tenants t join pg_policy p on p.polrelid = t.oid, unnest(p.polroles) g
     where g <> 0 and pg_has_role(r.oid, g, 'USAGE')) as named,
  (select sum(has_any_column_privilege(r.oid, t.oid, 'SELECT')::int
       + has_any_column_privilege(r.oid, t.oid, 'INSERT')::int
       + has_any_column_privilege(r.oid, t.oid, 'UPDATE')::int
       + has_table_privilege(r.oid, t.oid, 'DELETE')::int) from tenants t) as privileges
from pg_roles r
where not r.rolsuper and not r.rolbypassrls and r.rolname !~ '^pg_'
  and r.oid not in (select oid from owners)
  and exists (select from granted g where pg_has_role(r.oid, g.grantee, 'USAGE')
    and g.grantee not in (select oid from owners))
order by exists (select from owners o where pg_has_role(r.oid, o.oid, 'USAGE')),
  privileges desc nulls last, named desc, r.rolcanlogin desc, r.rolname)sql";

/// $role exists. A privilege on some columns counts: row security has to bind it as well.
constexpr const char* kTablePrivileges = R"sql(
select c.oid, has_any_column_privilege($role, c.oid, 'SELECT'),
  has_any_column_privilege($role, c.oid, 'INSERT'),
  has_any_column_privilege($role, c.oid, 'UPDATE'), has_table_privilege($role, c.oid, 'DELETE'),
  has_table_privilege($role, c.oid, 'TRUNCATE'),
  has_any_column_privilege($role, c.oid, 'REFERENCES'),
  has_table_privilege($role, c.oid, 'TRIGGER'), pg_has_role($role, c.relowner, 'USAGE')
from pg_class c where c.oid = any ($tables::oid[]))sql";

constexpr const char* kColumnPrivileges = R"sql(
select a.attrelid, a.attnum, has_column_privilege($role, a.attrelid, a.attnum, 'SELECT'),
  has_column_privilege($role, a.attrelid, a.attnum, 'INSERT'),
  has_column_privilege($role, a.attrelid, a.attnum, 'UPDATE')
from pg_attribute a
where a.attnum > 0 and not a.attisdropped and a.attrelid = any ($tables::oid[]))sql";

constexpr const char* kGroups =
    "select g.oid from pg_roles g where pg_has_role($role, g.oid, 'USAGE')";

/// The order of kTablePrivileges.
constexpr const char* kPrivilegeNames[] = {"SELECT",   "INSERT",     "UPDATE", "DELETE",
                                           "TRUNCATE", "REFERENCES", "TRIGGER"};

std::string oid_list(const std::vector<TenantTable>& tables) {
  std::vector<std::string> oids;
  for (const TenantTable& table : tables) oids.push_back(std::to_string(table.oid));
  return sql_text("{" + join(oids, ",") + "}");
}

ApplicationRole given_role(Session& session, const std::string& name) {
  ApplicationRole role;
  role.name = name;
  role.words = "named in the scenario";
  const Rows rows = session.query("select rolsuper, rolbypassrls from pg_roles where rolname = " +
                                  sql_text(name));
  if (rows.size() == 0) {
    const Rows others = session.query(
        "select rolname from pg_roles where rolname !~ '^pg_' and not rolsuper order by 1 limit "
        "10");
    std::vector<std::string> names;
    for (int row = 0; row < others.size(); ++row) names.emplace_back(others.at(row, 0));
    role.problem = fmt::format("role {} does not exist", name);
    if (!names.empty()) role.problem += "; there are " + join(names, ", ");
  } else if (rows.at(0, 0) == "t") {
    role.problem = fmt::format("role {} is a superuser, whom row security never binds", name);
  } else if (rows.at(0, 1) == "t") {
    role.problem = fmt::format("role {} has BYPASSRLS, so that row security never binds it", name);
  }
  return role;
}

void assume_everything(TenantTable& table) {
  table.facts.privileges = {"SELECT", "INSERT", "UPDATE", "DELETE"};
  table.facts.privileges_assumed = true;
  for (TenancyColumn& column : table.columns) {
    column.may_select = column.may_insert = column.may_update = true;
  }
}

void fill_policies(const TenancyCatalog& catalog, const std::vector<std::uint32_t>& groups,
                   TenantTable& table) {
  const std::vector<CatalogPolicy>& policies = catalog.tables.at(table.oid).policies;
  for (std::size_t i = 0; i < policies.size(); ++i) {
    const CatalogPolicy& policy = policies[i];
    table.facts.policies.at(i).applies =
        policy.for_everybody ||
        std::any_of(policy.roles.begin(), policy.roles.end(), [&](std::uint32_t role) {
          return std::find(groups.begin(), groups.end(), role) != groups.end();
        });
  }
}

void fill_table(const Rows& rows, int row, TenantTable& table) {
  for (int privilege = 0; privilege < 7; ++privilege) {
    if (rows.at(row, privilege + 1) == "t") {
      table.facts.privileges.emplace_back(kPrivilegeNames[privilege]);
    }
  }
  table.facts.role_is_owner = rows.at(row, 8) == "t";
}

void fill_column(const Rows& rows, int row, TenantTable& table) {
  for (TenancyColumn& column : table.columns) {
    if (std::to_string(column.number) != rows.at(row, 1)) continue;
    column.may_select = rows.at(row, 2) == "t";
    column.may_insert = rows.at(row, 3) == "t";
    column.may_update = rows.at(row, 4) == "t";
  }
}

}  // namespace

RoleChoice choose_application_role(Session& session, const IsolationRules& rules,
                                   const std::vector<TenantTable>& tables,
                                   const std::string& migrating) {
  RoleChoice choice;
  if (!rules.as_role.empty()) {
    choice.role = given_role(session, rules.as_role);
    return choice;
  }
  const Rows rows = session.query(with_mark(with_mark(kCandidates, "$tables", oid_list(tables)),
                                            "$migrating", sql_text(migrating)));
  if (rows.size() == 0) {
    choice.role.made_by_us = true;
    choice.role.words = "made for the rehearsal, because the schema grants no role anything";
    return choice;
  }
  choice.role.name = rows.at(0, 0);
  choice.role.words =
      rows.at(0, 1) == "0" ? "the role that the schema grants to" : "named by the policies";
  for (int row = 1; row < rows.size(); ++row) {
    if (rows.at(row, 2) != "0") choice.others.emplace_back(rows.at(row, 0));
  }
  return choice;
}

void fill_privileges(Session& session, const ApplicationRole& role, const TenancyCatalog& catalog,
                     std::vector<TenantTable>& tables) {
  if (tables.empty()) return;
  const bool missing =
      role.name.empty() || role.problem.find("does not exist") != role.problem.npos;
  if (missing) {
    for (TenantTable& table : tables) {
      fill_policies(catalog, {}, table);
      if (role.made_by_us) assume_everything(table);
    }
    return;
  }
  std::string message = std::string(kTablePrivileges) + ";" + kColumnPrivileges + ";" + kGroups;
  message =
      with_mark(with_mark(message, "$tables", oid_list(tables)), "$role", sql_text(role.name));
  const std::vector<Rows> answers = session.query_all(message);
  std::map<std::string, TenantTable*, std::less<>> by_oid;
  for (TenantTable& table : tables) by_oid[std::to_string(table.oid)] = &table;
  std::vector<std::uint32_t> groups;
  for (int row = 0; row < answers.at(2).size(); ++row) {
    groups.push_back(oids_of(answers.at(2).at(row, 0)).front());
  }
  for (TenantTable& table : tables) fill_policies(catalog, groups, table);
  for (int row = 0; row < answers.at(0).size(); ++row) {
    fill_table(answers.at(0), row, *by_oid.find(answers.at(0).at(row, 0))->second);
  }
  for (int row = 0; row < answers.at(1).size(); ++row) {
    fill_column(answers.at(1), row, *by_oid.find(answers.at(1).at(row, 0))->second);
  }
}

}  // namespace drydock
