#include "harness/observe/bypass_grants.h"

#include <fmt/format.h>

#include <map>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/policy_context.h"
#include "harness/observe/tenancy_catalog.h"

namespace drydock {
namespace {

constexpr const char* kPublic = R"sql(
select c.oid, string_agg(distinct a.privilege_type, ', ')
from pg_class c, aclexplode(c.relacl) a
where a.grantee = 0 and c.oid = any ($tables::oid[]) group by c.oid
union all
select t.attrelid, string_agg(distinct a.privilege_type, ', ')
from pg_attribute t, aclexplode(t.attacl) a
where a.grantee = 0 and t.attacl is not null and not t.attisdropped
  and t.attrelid = any ($tables::oid[]) group by t.attrelid)sql";

/// Directly or through a group, not as the owner.
constexpr const char* kTrigger = R"sql(
select c.oid from pg_class c
where c.oid = any ($tables::oid[]) and has_table_privilege($role, c.oid, 'TRIGGER')
  and not pg_has_role($role, c.relowner, 'USAGE'))sql";

constexpr const char* kDefaults = R"sql(
select pg_get_userbyid(d.defaclrole), coalesce(n.nspname, ''), a.grantee = 0,
  string_agg(distinct a.privilege_type, ', ')
from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace,
  aclexplode(d.defaclacl) a
where d.defaclobjtype = 'r' and a.grantee <> d.defaclrole
  and a.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
  and (a.grantee = 0 or pg_has_role($role, a.grantee, 'USAGE'))
group by 1, 2, 3 order by 1, 2, 3)sql";

/// A partition stands for the table that it is a part of. $filter: the column rowfilter (since 15).
constexpr const char* kPublications = R"sql(
select distinct on (p.pubname, root.oid) p.pubname, root.oid, b.puballtables, $filter
from pg_publication_tables p join pg_publication b on b.pubname = p.pubname
  join pg_namespace n on n.nspname = p.schemaname
  join pg_class c on c.relnamespace = n.oid and c.relname = p.tablename
  cross join lateral (select coalesce(pg_partition_root(c.oid)::oid, c.oid) as oid) root
where root.oid = any ($tables::oid[]) order by p.pubname, root.oid)sql";

using ByOid = std::map<std::uint32_t, const TenantTable*>;

const TenantTable& table_at(const ByOid& tables, const Rows& rows, int row, int column) {
  return *tables.at(oids_of(rows.at(row, column)).front());
}

BypassPath path_to(BypassKind kind, std::vector<std::string> steps, const std::string& table) {
  BypassPath path;
  path.kind = kind;
  path.path = std::move(steps);
  path.path.push_back("table " + table);
  path.table = table;
  return path;
}

void add_public_grants(const Rows& rows, const ByOid& tables, std::vector<BypassPath>& ways) {
  for (int row = 0; row < rows.size(); ++row) {
    const std::string& table = table_at(tables, rows, row, 0).facts.table;
    BypassPath path = path_to(BypassKind::kPublicGrant, {"PUBLIC"}, table);
    path.why = fmt::format("every role that can connect has {} on it, also those made later",
                           rows.at(row, 1));
    path.remedy =
        fmt::format("REVOKE ALL ON {} FROM PUBLIC, and grant to the application's role", table);
    ways.push_back(std::move(path));
  }
}

void add_triggers(const Rows& rows, const std::string& role, const ByOid& tables,
                  std::vector<BypassPath>& ways) {
  for (int row = 0; row < rows.size(); ++row) {
    const std::string& table = table_at(tables, rows, row, 0).facts.table;
    BypassPath path = path_to(BypassKind::kPrivilege, {"role " + role, "privilege TRIGGER"}, table);
    path.why =
        "a trigger of its own is run for every row that anybody writes, as whoever writes it: row "
        "security does not bind it";
    path.remedy = fmt::format("REVOKE TRIGGER ON {} FROM {}", table, sql_name(role));
    ways.push_back(std::move(path));
  }
}

void add_defaults(const Rows& rows, const std::string& role, std::vector<BypassPath>& ways) {
  for (int row = 0; row < rows.size(); ++row) {
    const bool everybody = rows.at(row, 2) == "t";
    const std::string schema(rows.at(row, 1));
    const std::string where = schema.empty() ? "" : " in schema " + schema;
    const std::string to = everybody ? "PUBLIC" : "role " + role;
    BypassPath path;
    path.kind = BypassKind::kDefaultPrivileges;
    path.path = {to, fmt::format("default privileges of {}{}", rows.at(row, 0), where),
                 "tables made later"};
    path.why = fmt::format(
        "each table that {} makes{} is open to {} ({}) until row security is "
        "enabled on it",
        rows.at(row, 0), where, to, rows.at(row, 3));
    path.remedy = fmt::format(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {}{} REVOKE ALL ON TABLES FROM {},"
        " and grant on each table once it is protected",
        sql_name(rows.at(row, 0)), schema.empty() ? "" : " IN SCHEMA " + sql_name(schema),
        everybody ? "PUBLIC" : sql_name(role));
    ways.push_back(std::move(path));
  }
}

/// One that is for all tables is told once.
void add_publications(const Rows& rows, const ByOid& tables, std::vector<BypassPath>& ways) {
  std::string told;
  for (int row = 0; row < rows.size(); ++row) {
    const std::string name(rows.at(row, 0));
    const bool for_all = rows.at(row, 2) == "t";
    if (for_all && told == name) continue;
    told = name;
    const TenantTable& table = table_at(tables, rows, row, 1);
    BypassPath path = path_to(BypassKind::kPublication, {"publication " + name}, table.facts.table);
    path.why = for_all ? "it publishes every row of every table, whoever is at the other end"
                       : "it publishes every row, whoever is at the other end: row security does "
                         "not bind replication";
    if (!table.tenant_column.empty() && holds_word(rows.at(row, 3), table.tenant_column)) {
      path.why = fmt::format("row security does not bind replication; only its own filter {} does",
                             rows.at(row, 3));
    }
    path.remedy =
        for_all ? "publish the tables by name, and those of tenants only to whom all tenants trust"
                : fmt::format(
                      "ALTER PUBLICATION {} DROP TABLE {}, or say who subscribes in a "
                      "waiver",
                      sql_name(name), table.facts.table);
    ways.push_back(std::move(path));
  }
}

}  // namespace

std::vector<BypassPath> grant_ways(Session& session, const std::string& role,
                                   const std::vector<TenantTable>& tables) {
  ByOid by_oid;
  std::vector<std::string> oids;
  for (const TenantTable& table : tables) {
    by_oid[table.oid] = &table;
    oids.push_back(std::to_string(table.oid));
  }
  const bool has_filters = server_version(session) >= 150000;
  std::string message = fmt::format("{};{};{};{}", kPublic, kTrigger, kDefaults, kPublications);
  message = with_mark(message, "$filter", has_filters ? "p.rowfilter" : "''");
  message = with_mark(message, "$tables", sql_text("{" + join(oids, ",") + "}"));
  const std::vector<Rows> answers = session.query_all(with_mark(message, "$role", sql_text(role)));
  std::vector<BypassPath> ways;
  add_public_grants(answers.at(0), by_oid, ways);
  add_triggers(answers.at(1), role, by_oid, ways);
  add_defaults(answers.at(2), role, ways);
  add_publications(answers.at(3), by_oid, ways);
  return ways;
}

}  // namespace drydock
