// What all databases of a server share and a migration can still change: roles, memberships,
// tablespaces, privileges on parameters. The server's own roles (pg_*, the first superuser) are
// left out.
#include "harness/observe/catalog_kinds.h"

namespace drydock {
namespace {

using enum DifferenceClass;
using enum PropertyForm;

PropertyQuery role_attribute(const std::string& name, const std::string& column) {
  return {name, "CASE WHEN r." + column + " THEN 'yes' END", kSecurity};
}

CatalogQuery roles(const ServerTraits& server) {
  // Only whether a password is set: its text changes with every salt.
  const std::string password =
      server.superuser ? "CASE WHEN r.rolpassword IS NOT NULL THEN 'set' END" : "NULL";
  const std::string attributes =
      "concat_ws(' ', CASE WHEN r.rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,"
      " CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END,"
      " CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' "
      "END,"
      " CASE WHEN r.rolreplication THEN 'REPLICATION' END,"
      " CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END)";
  return {
      .catalog = "pg_authid",
      .unit = "0",
      .oid = "r.oid",
      .kind = "'role'",
      .name = "quote_ident(r.rolname)",
      .ddl = "'CREATE ROLE ' || quote_ident(r.rolname) || ' ' || " + attributes,
      .properties =
          {
              role_attribute("superuser", "rolsuper"),
              role_attribute("login", "rolcanlogin"),
              {"inherit", "CASE WHEN NOT r.rolinherit THEN 'no' END", kSecurity},
              role_attribute("create roles", "rolcreaterole"),
              role_attribute("create databases", "rolcreatedb"),
              role_attribute("replication", "rolreplication"),
              role_attribute("bypass row security", "rolbypassrls"),
              {"connection limit", "NULLIF(r.rolconnlimit, -1)", kSecurity},
              {"valid until", "r.rolvaliduntil", kSecurity},
              {"password", password, kSecurity},
              {"setting", R"((SELECT setconfig FROM pg_db_role_setting
                  WHERE setrole = r.oid AND setdatabase = 0))",
               kBehaviour, kOptions},
              {"setting in this database", R"((SELECT setconfig FROM pg_db_role_setting
                  WHERE setrole = r.oid AND setdatabase =
                    (SELECT oid FROM pg_database WHERE datname = current_database())))",
               kBehaviour, kOptions},
          },
      .from = server.superuser ? "pg_authid r" : "pg_roles r",
      .where = R"(r.oid <> 10 AND r.rolname NOT LIKE 'pg\_%')",
      .weight = kSecurity,
  };
}

CatalogQuery memberships(const ServerTraits& server) {
  CatalogQuery query{
      .catalog = "pg_auth_members",
      .unit = "0",
      .oid = "m.roleid",
      // One pair can be granted by several roles from 16 on; row numbers keep the pairs apart.
      .sub = "row_number() OVER (ORDER BY m.roleid, m.member, m.grantor)",
      .kind = "'membership'",
      .name =
          "quote_ident(pg_get_userbyid(m.member)) || ' in '"
          " || quote_ident(pg_get_userbyid(m.roleid))",
      .ddl =
          "'GRANT ' || quote_ident(pg_get_userbyid(m.roleid)) || ' TO '"
          " || quote_ident(pg_get_userbyid(m.member))"
          " || CASE WHEN m.admin_option THEN ' WITH ADMIN OPTION' ELSE '' END",
      .properties = {{"admin option", "CASE WHEN m.admin_option THEN 'yes' END", kSecurity}},
      .from = "pg_auth_members m",
      .where = R"(m.member <> 10 AND pg_get_userbyid(m.member) NOT LIKE 'pg\_%')",
      .weight = kSecurity,
  };
  if (server.since(16)) {
    query.name +=
        " || CASE WHEN m.grantor = 10 THEN '' ELSE ' granted by '"
        " || quote_ident(pg_get_userbyid(m.grantor)) END";
    query.properties.push_back(
        {"inherit", "CASE WHEN NOT m.inherit_option THEN 'no' END", kSecurity});
    query.properties.push_back({"set", "CASE WHEN NOT m.set_option THEN 'no' END", kSecurity});
  }
  return query;
}

CatalogQuery tablespaces() {
  return {
      .catalog = "pg_tablespace",
      .unit = "0",
      .oid = "t.oid",
      .kind = "'tablespace'",
      .name = "quote_ident(t.spcname)",
      .properties = {owner_and_privileges("t.spcacl", 't', "t.spcowner"),
                     {"option", "t.spcoptions", kBehaviour, kOptions}},
      .from = "pg_tablespace t",
      .where = "t.oid >= 16384",
  };
}

CatalogQuery parameters() {
  return {
      .catalog = "pg_parameter_acl",
      .unit = "0",
      .oid = "p.oid",
      .kind = "'parameter'",
      .name = "quote_ident(p.parname)",
      .properties = {{"", "p.paracl, acldefault('p', 10), pg_get_userbyid(10)", kSecurity,
                      kPrivileges}},
      .from = "pg_parameter_acl p",
      .where = "true",
      .weight = kSecurity,
  };
}

}  // namespace

std::vector<CatalogKind> cluster_kinds(const ServerTraits& server) {
  std::vector<CatalogKind> kinds = {
      {.id = "role", .queries = {roles(server)}},
      {.id = "membership", .name_is_printed = false, .queries = {memberships(server)}},
      {.id = "tablespace", .queries = {tablespaces()}},
  };
  if (server.since(15)) kinds.push_back({.id = "parameter", .queries = {parameters()}});
  return kinds;
}

}  // namespace drydock
