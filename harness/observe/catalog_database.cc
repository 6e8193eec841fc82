// What organises a database: the database itself (without its name: a clone has another), schemas,
// extensions, default privileges.
#include "harness/observe/catalog_kinds.h"

namespace drydock {
namespace {

using enum DifferenceClass;
using enum PropertyForm;

CatalogQuery database() {
  return {
      .catalog = "pg_database",
      .unit = "0",
      .oid = "d.oid",
      .kind = "'database'",
      .name = "'(this one)'",
      .properties =
          {
              owner_and_privileges("d.datacl", 'd', "d.datdba"),
              {"connection limit", "NULLIF(d.datconnlimit, -1)"},
              {"setting", R"((SELECT setconfig FROM pg_db_role_setting
                  WHERE setdatabase = d.oid AND setrole = 0))",
               kBehaviour, kOptions},
              {"setting for all databases", R"((SELECT setconfig FROM pg_db_role_setting
                  WHERE setdatabase = 0 AND setrole = 0))",
               kBehaviour, kOptions},
          },
      .from = "pg_database d",
      .where = "d.datname = current_database()",
  };
}

CatalogQuery schemas() {
  return {
      .catalog = "pg_namespace",
      .unit = "0",
      .oid = "n.oid",
      .kind = "'schema'",
      .name = "quote_ident(n.nspname)",
      .ddl = "'CREATE SCHEMA ' || quote_ident(n.nspname)",
      .properties = {owner_and_privileges("n.nspacl", 'n', "n.nspowner")},
      .from = "pg_namespace n",
      // 2200 is public, the only schema of the server's own that belongs to its users.
      .where = R"((n.oid >= 16384 OR n.oid = 2200) AND n.nspname NOT LIKE 'pg\_%' AND )" +
               sql_not_of_extension("pg_namespace", "n.oid"),
  };
}

CatalogQuery extensions() {
  return {
      .catalog = "pg_extension",
      .unit = "0",
      .oid = "e.oid",
      .kind = "'extension'",
      .name = "quote_ident(e.extname)",
      .ddl =
          "'CREATE EXTENSION ' || quote_ident(e.extname)"
          " || ' SCHEMA ' || e.extnamespace::regnamespace"
          " || ' VERSION ' || quote_literal(e.extversion)",
      .properties = {owner_only("e.extowner"),
                     {"version", "e.extversion"},
                     {"schema", "e.extnamespace::regnamespace"}},
      .from = "pg_extension e",
      .where = "true",
  };
}

// ALTER … DEPENDS ON EXTENSION: the object goes when the extension goes.
CatalogQuery extension_dependencies() {
  return {
      .catalog = "pg_depend",
      .unit = "0",
      .oid = "d.objid",
      .sub = "d.refobjid",
      .kind = "'dependency on extension'",
      .name =
          "pg_describe_object(d.classid, d.objid, d.objsubid) || ' on ' || quote_ident(e.extname)",
      .from = "pg_depend d JOIN pg_extension e ON e.oid = d.refobjid",
      .where = "d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'",
  };
}

CatalogQuery default_privileges() {
  const std::string type = R"(CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
      WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS'
      ELSE 'LARGE OBJECTS' END)";
  return {
      .catalog = "pg_default_acl",
      .unit = "0",
      .oid = "a.oid",
      .kind = "'default privileges'",
      .name =
          "'FOR ROLE ' || quote_ident(pg_get_userbyid(a.defaclrole))"
          " || CASE WHEN a.defaclnamespace = 0 THEN ''"
          " ELSE ' IN SCHEMA ' || a.defaclnamespace::regnamespace END || ' ON ' || " +
          type,
      .properties = {{"",
                      // Without a schema the list replaces the built-in one, with a schema it adds.
                      R"(a.defaclacl, CASE WHEN a.defaclnamespace = 0 THEN
                          acldefault(CASE a.defaclobjtype WHEN 'S' THEN 's'
                                     ELSE a.defaclobjtype END, a.defaclrole) END,
                          pg_get_userbyid(a.defaclrole))",
                      kSecurity, kPrivileges}},
      .from = "pg_default_acl a",
      .where = sql_not_of_extension("pg_default_acl", "a.oid"),
      .weight = kSecurity,
  };
}

}  // namespace

std::vector<CatalogKind> database_kinds(const ServerTraits&) {
  return {
      {.id = "database", .queries = {database()}},
      {.id = "schema", .queries = {schemas()}},
      {.id = "extension", .queries = {extensions()}},
      {.id = "extension dependency", .queries = {extension_dependencies()}},
      {.id = "default privileges", .queries = {default_privileges()}},
  };
}

}  // namespace drydock
