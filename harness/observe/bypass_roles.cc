#include "harness/observe/bypass_roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/sql_text.h"
#include "harness/base/text.h"
#include "harness/observe/tenancy_catalog.h"

namespace drydock {
namespace {

/// Since 16 a membership may forbid both taking on the role and inheriting from it.
constexpr const char* kMemberships = R"sql(
select m.rolname, g.rolname, g.rolsuper, g.rolbypassrls
from pg_auth_members a join pg_roles m on m.oid = a.member join pg_roles g on g.oid = a.roleid)sql";
constexpr const char* kUsable = " where a.set_option or a.inherit_option";

/// pg_database_owner has the database's owner for a member, which pg_auth_members does not tell.
constexpr const char* kOwnAttributes =
    "select rolsuper, rolbypassrls from pg_roles where rolname = ";

struct Group {
  std::string name;
  bool superuser = false, bypasses = false;
  std::vector<std::string> chain;  ///< role names from the role itself to the group
};

/// Breadth first, so that each chain is the shortest.
std::vector<Group> groups_of(Session& session, const std::string& role) {
  const bool has_options = server_version(session) >= 160000;
  const Rows rows =
      session.query(std::string(kMemberships) + (has_options ? kUsable : "") + " order by 1, 2");
  std::vector<Group> groups = {{role, false, false, {role}}};
  std::set<std::string> seen = {role};
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (int row = 0; row < rows.size(); ++row) {
      if (rows.at(row, 0) != groups[i].name || !seen.emplace(rows.at(row, 1)).second) continue;
      Group group{std::string(rows.at(row, 1)), rows.at(row, 2) == "t", rows.at(row, 3) == "t",
                  groups[i].chain};
      group.chain.push_back(group.name);
      groups.push_back(std::move(group));
    }
  }
  const Rows own = session.query(kOwnAttributes + sql_text(role));
  if (own.size() > 0) {
    groups[0].superuser = own.at(0, 0) == "t";
    groups[0].bypasses = own.at(0, 1) == "t";
  }
  return groups;
}

std::vector<std::string> steps_of(const Group& group, const std::string& table) {
  std::vector<std::string> steps;
  for (const std::string& name : group.chain) steps.push_back("role " + name);
  steps.push_back("table " + table);
  return steps;
}

std::string set_role(const Group& group) {
  return group.chain.size() < 2 ? "" : "SET ROLE " + sql_name(group.name);
}

std::string and_others(const std::vector<std::string>& tables) {
  if (tables.size() == 1) return tables.front();
  return fmt::format("{} and {}", tables.front(),
                     plural(tables.size() - 1, "other table", "other tables"));
}

/// Of a membership the last one on the way, since the others may be wanted.
std::string leave_group(const Group& group) {
  const std::string& member = group.chain[group.chain.size() - 2];
  return fmt::format("REVOKE {} FROM {}", sql_name(group.name), sql_name(member));
}

BypassPath attribute_way(const Group& group, const std::vector<std::string>& tables) {
  BypassPath path;
  path.kind = BypassKind::kRoleAttribute;
  path.path = steps_of(group, tables.front());
  path.table = tables.front();
  const std::string what = group.superuser ? "is a superuser" : "has BYPASSRLS";
  const std::string attribute = group.superuser ? "NOSUPERUSER" : "NOBYPASSRLS";
  path.why = fmt::format("role {} {}, so that row security on {} does not bind it", group.name,
                         what, and_others(tables));
  path.sql = set_role(group);
  path.remedy = group.chain.size() < 2
                    ? fmt::format("ALTER ROLE {} {}", sql_name(group.name), attribute)
                    : leave_group(group);
  return path;
}

BypassPath ownership_way(const Group& group, const std::vector<std::string>& tables) {
  BypassPath path;
  path.kind = BypassKind::kOwnership;
  path.path = steps_of(group, tables.front());
  path.table = tables.front();
  path.why = fmt::format(
      "role {} owns {}, and without FORCE row security does not bind an owner "
      "or who is a member of it",
      group.name, and_others(tables));
  path.sql = set_role(group);
  path.remedy = fmt::format("ALTER TABLE {} FORCE ROW LEVEL SECURITY, or {}", tables.front(),
                            leave_group(group));
  return path;
}

}  // namespace

std::vector<BypassPath> role_ways(Session& session, const std::string& role,
                                  const std::vector<TenantTable>& tables) {
  std::vector<std::string> bound;
  std::map<std::string, std::vector<std::string>> not_forced;  // by owner
  for (const TenantTable& table : tables) {
    if (!table.facts.row_security) continue;
    bound.push_back(table.facts.table);
    if (!table.facts.forced) not_forced[table.facts.owner].push_back(table.facts.table);
  }
  std::vector<BypassPath> ways;
  if (bound.empty()) return ways;
  for (const Group& group : groups_of(session, role)) {
    if (group.superuser || group.bypasses) {
      ways.push_back(attribute_way(group, bound));
    } else if (group.chain.size() > 1 && not_forced.contains(group.name)) {
      ways.push_back(ownership_way(group, not_forced[group.name]));
    }
  }
  return ways;
}

std::string why_not_bound(Session& session, const std::string& user, const TenantTable& table) {
  const Rows rows = session.query(
      fmt::format("select r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, c.relowner, 'USAGE'),"
                  " c.relrowsecurity, c.relforcerowsecurity from pg_roles r, pg_class c"
                  " where r.rolname = {} and c.oid = {}",
                  sql_text(user), table.oid));
  if (rows.size() == 0) return {};
  const std::string& name = table.facts.table;
  if (rows.at(0, 0) == "t") {
    return fmt::format("{}, a superuser, whom row security never binds", user);
  }
  if (rows.at(0, 1) == "t") {
    return fmt::format("{}, who has BYPASSRLS, so that row security never binds it", user);
  }
  if (rows.at(0, 3) != "t") return fmt::format("{}, and {} has no row security", user, name);
  if (rows.at(0, 2) == "t" && rows.at(0, 4) != "t") {
    return fmt::format("{}, whom as owner row security on {} does not bind without FORCE", user,
                       name);
  }
  return {};
}

}  // namespace drydock
