// Relations that hold or show rows: tables, foreign tables, views, materialized views, sequences,
// with their columns. A relation and its columns are one unit.
#include "harness/observe/catalog_kinds.h"

namespace drydock {
namespace {

using enum DifferenceClass;
using enum PropertyForm;

const std::string kTablespace =
    "(SELECT spcname FROM pg_tablespace WHERE pg_tablespace.oid = c.reltablespace)";

// 2 is heap, in every version.
const std::string kAccessMethod =
    "CASE WHEN c.relam NOT IN (0, 2) THEN (SELECT amname FROM pg_am WHERE pg_am.oid = c.relam) END";

CatalogQuery tables() {
  return {
      .catalog = "pg_class",
      .unit = "c.oid",
      .kind = sql_relation_kind("c.relkind"),
      .name = "c.oid::regclass",
      .properties =
          {
              owner_and_privileges("c.relacl", 'r', "c.relowner"),
              {"persistence", "CASE c.relpersistence WHEN 'u' THEN 'unlogged' END"},
              {"of type", "CASE WHEN c.reloftype <> 0 THEN c.reloftype::regtype END"},
              {"partition key", "CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END"},
              {"partition of", R"(CASE WHEN c.relispartition THEN
                  (SELECT inhparent::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid)
                     FROM pg_inherits WHERE inhrelid = c.oid) END)"},
              {"inherits", R"(CASE WHEN NOT c.relispartition THEN
                  (SELECT string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno)
                     FROM pg_inherits WHERE inhrelid = c.oid) END)"},
              {"row security", "CASE WHEN c.relrowsecurity THEN 'enabled' END", kSecurity},
              {"row security for the owner", "CASE WHEN c.relforcerowsecurity THEN 'forced' END",
               kSecurity},
              {"replica identity", R"(CASE WHEN c.relkind <> 'f' THEN CASE c.relreplident
                  WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full' WHEN 'i' THEN 'index' END END)"},
              {"option", "c.reloptions", kBehaviour, kOptions},
              {"toast option", R"(CASE WHEN c.reltoastrelid <> 0 THEN
                  (SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid) END)",
               kBehaviour, kOptions},
              {"access method", kAccessMethod},
              {"tablespace", kTablespace, kCosmetic},
              {"server",
               "(SELECT quote_ident(srvname) FROM pg_foreign_server s"
               " WHERE s.oid = f.ftserver)"},
              {"foreign option", "f.ftoptions", kBehaviour, kOptions},
          },
      .from = "pg_class c LEFT JOIN pg_foreign_table f ON f.ftrelid = c.oid",
      .where = "c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND " +
               sql_not_of_extension("pg_class", "c.oid"),
  };
}

CatalogQuery views() {
  return {
      .catalog = "pg_class",
      .unit = "c.oid",
      .kind = sql_relation_kind("c.relkind"),
      .name = "c.oid::regclass",
      .properties =
          {
              owner_and_privileges("c.relacl", 'r', "c.relowner"),
              {"definition", "pg_get_viewdef(c.oid)"},
              {"populated", "CASE WHEN NOT c.relispopulated THEN 'no' END"},
              {"option", "c.reloptions", kBehaviour, kOptions},
              {"toast option", R"(CASE WHEN c.reltoastrelid <> 0 THEN
                  (SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid) END)",
               kBehaviour, kOptions},
              {"access method", kAccessMethod},
              {"tablespace", kTablespace, kCosmetic},
          },
      .from = "pg_class c",
      .where = "c.relkind IN ('v', 'm') AND c.relpersistence <> 't' AND " +
               sql_not_of_extension("pg_class", "c.oid"),
  };
}

CatalogQuery columns(const ServerTraits& server, const std::string& relkinds) {
  CatalogQuery query{
      .catalog = "pg_class",
      .unit = "a.attrelid",
      .sub = "a.attnum",
      .kind = "'column'",
      .name = "a.attrelid::regclass || '.' || quote_ident(a.attname)",
      .parent_kind = sql_relation_kind("c.relkind"),
      .parent_name = "a.attrelid::regclass",
      .properties =
          {
              {"position", "a.attnum", kCosmetic},
              {"type", "format_type(a.atttypid, a.atttypmod)"},
              {"collation", R"(CASE WHEN a.attcollation <> t.typcollation
                  THEN a.attcollation::regcollation END)"},
              {"not null", "CASE WHEN a.attnotnull THEN 'yes' END"},
              {"default", R"(CASE WHEN a.attgenerated = ''
                  THEN pg_get_expr(d.adbin, d.adrelid) END)"},
              {"generated", R"(CASE a.attgenerated
                  WHEN 's' THEN 'ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
                  WHEN 'v' THEN 'ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') VIRTUAL'
                  END)"},
              {"identity",
               "CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END"},
              {"inherited", R"(CASE WHEN a.attinhcount > 0
                  THEN CASE WHEN a.attislocal THEN 'and its own' ELSE 'yes' END END)"},
              {"foreign option", "a.attfdwoptions", kBehaviour, kOptions},
              {"", R"(a.attacl, CASE WHEN a.attacl IS NOT NULL THEN acldefault('c', c.relowner) END,
                  pg_get_userbyid(c.relowner))",
               kSecurity, kPrivileges},
              {"storage", R"(CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage
                  WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'x' THEN 'EXTENDED'
                  WHEN 'm' THEN 'MAIN' END END)",
               kCosmetic},
              {"statistics target", "NULLIF(a.attstattarget, -1)", kCosmetic},
              {"option", "a.attoptions", kCosmetic, kOptions},
          },
      .from = R"(pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum)",
      .where = "a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN (" + relkinds +
               ")"
               " AND c.relpersistence <> 't' AND " +
               sql_not_of_extension("pg_class", "a.attrelid"),
  };
  if (server.since(14)) {
    query.properties.push_back(
        {"compression", "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END",
         kCosmetic});
  }
  return query;
}

CatalogQuery sequences() {
  return {
      .catalog = "pg_class",
      .unit = "c.oid",
      .kind = "'sequence'",
      .name = "c.oid::regclass",
      .parent_kind = "CASE WHEN o.refobjid IS NOT NULL THEN 'column' END",
      .parent_name = "o.refobjid::regclass || '.' || quote_ident(a.attname)",
      .properties =
          {
              owner_and_privileges("c.relacl", 's', "c.relowner"),
              {"persistence", "CASE c.relpersistence WHEN 'u' THEN 'unlogged' END"},
              {"type", "s.seqtypid::regtype"},
              {"start", "s.seqstart"},
              {"increment", "s.seqincrement"},
              {"minimum", "s.seqmin"},
              {"maximum", "s.seqmax"},
              {"cache", "s.seqcache"},
              {"cycle", "CASE WHEN s.seqcycle THEN 'yes' END"},
              {"owned by", R"(CASE o.deptype
                  WHEN 'a' THEN o.refobjid::regclass || '.' || quote_ident(a.attname)
                  WHEN 'i' THEN 'identity of ' || o.refobjid::regclass || '.'
                                || quote_ident(a.attname) END)"},
          },
      .from = R"(pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid
        LEFT JOIN pg_depend o ON o.classid = 'pg_class'::regclass AND o.objid = c.oid
          AND o.objsubid = 0 AND o.refclassid = 'pg_class'::regclass AND o.refobjsubid > 0
          AND o.deptype IN ('a', 'i')
        LEFT JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid)",
      .where = "c.relkind = 'S' AND c.relpersistence <> 't' AND " +
               sql_not_of_extension("pg_class", "c.oid"),
  };
}

}  // namespace

std::vector<CatalogKind> relation_kinds(const ServerTraits& server) {
  return {
      {.id = "table", .by_oid = true, .queries = {tables(), columns(server, "'r', 'p', 'f'")}},
      {.id = "view", .by_oid = true, .queries = {views(), columns(server, "'v', 'm'")}},
      {.id = "sequence", .by_oid = true, .queries = {sequences()}},
  };
}

}  // namespace drydock
