// Types that somebody made: enumerations, domains, composites with their attributes, ranges, base
// types. Row types of tables, array types and multiranges come with what they belong to.
#include "harness/observe/catalog_kinds.h"

namespace drydock {
namespace {

using enum DifferenceClass;
using enum PropertyForm;

CatalogQuery types(const ServerTraits& server) {
  const std::string labels = R"((SELECT string_agg(quote_literal(enumlabel), ', '
      ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))";
  const std::string multirange =
      server.since(14) ? " || ', multirange_type_name = ' || r.rngmultitypid::regtype" : "";
  const std::string range = R"('subtype = ' || format_type(r.rngsubtype, NULL)
      || ', subtype_opclass = ' || (SELECT quote_ident(nspname) || '.' || quote_ident(opcname)
           FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace
           WHERE o.oid = r.rngsubopc)
      || CASE WHEN r.rngcollation <> 0 THEN ', collation = ' || r.rngcollation::regcollation
         ELSE '' END
      || CASE WHEN r.rngcanonical <> 0 THEN ', canonical = ' || r.rngcanonical::regproc
         ELSE '' END
      || CASE WHEN r.rngsubdiff <> 0 THEN ', subtype_diff = ' || r.rngsubdiff::regproc
         ELSE '' END)" + multirange;
  return {
      .catalog = "pg_type",
      .unit = "t.oid",
      .kind = "CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END",
      .name = "t.oid::regtype",
      .ddl =
          "CASE t.typtype WHEN 'e' THEN 'CREATE TYPE ' || t.oid::regtype || ' AS ENUM (' || "
          "coalesce(" +
          labels +
          ", '') || ')'"
          " WHEN 'r' THEN 'CREATE TYPE ' || t.oid::regtype || ' AS RANGE (' || " +
          range +
          " || ')' WHEN 'd' THEN 'CREATE DOMAIN ' || t.oid::regtype || ' AS '"
          " || format_type(t.typbasetype, t.typtypmod)"
          " || coalesce(' DEFAULT ' || t.typdefault, '')"
          " || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END"
          " WHEN 'p' THEN 'CREATE TYPE ' || t.oid::regtype END",
      .properties =
          {
              owner_and_privileges("t.typacl", 'T', "t.typowner"),
              {"form", R"(CASE t.typtype WHEN 'e' THEN 'enumeration' WHEN 'c' THEN 'composite'
                  WHEN 'r' THEN 'range' WHEN 'b' THEN 'base' WHEN 'p' THEN 'shell' END)"},
              {"labels", "CASE t.typtype WHEN 'e' THEN " + labels + " END"},
              {"base type", R"(CASE t.typtype WHEN 'd'
                  THEN format_type(t.typbasetype, t.typtypmod) END)"},
              {"collation", R"(CASE WHEN t.typtype = 'd' AND t.typcollation <> b.typcollation
                  THEN t.typcollation::regcollation END)"},
              {"not null", "CASE WHEN t.typnotnull THEN 'yes' END"},
              {"default", "coalesce(pg_get_expr(t.typdefaultbin, 0), t.typdefault)"},
              {"range", "CASE t.typtype WHEN 'r' THEN " + range + " END"},
              {"base definition", R"(CASE WHEN t.typtype = 'b' THEN
                  concat_ws(', ', 'input = ' || t.typinput, 'output = ' || t.typoutput,
                    'receive = ' || t.typreceive, 'send = ' || t.typsend,
                    'typmod_in = ' || t.typmodin, 'typmod_out = ' || t.typmodout,
                    'analyze = ' || t.typanalyze, 'internallength = ' || t.typlen,
                    'passedbyvalue = ' || t.typbyval, 'alignment = ' || t.typalign::text,
                    'storage = ' || t.typstorage::text, 'category = ' || t.typcategory::text,
                    'preferred = ' || t.typispreferred, 'delimiter = ' || t.typdelim::text,
                    'element = ' || t.typelem::regtype,
                    'collation = ' || t.typcollation::regcollation) END)"},
          },
      .from = R"(pg_type t LEFT JOIN pg_range r ON r.rngtypid = t.oid
        LEFT JOIN pg_type b ON b.oid = t.typbasetype LEFT JOIN pg_class c ON c.oid = t.typrelid)",
      .where = R"((t.typtype IN ('b', 'd', 'e', 'r', 'p') OR c.relkind = 'c')
        AND NOT (t.typcategory = 'A' AND t.typlen = -1 AND t.typelem <> 0) AND )" +
               sql_not_temporary("t.typnamespace") + " AND " +
               sql_not_of_extension("pg_type", "t.oid"),
  };
}

CatalogQuery attributes() {
  return {
      .catalog = "pg_class",
      .unit = "t.oid",
      .oid = "t.typrelid",
      .sub = "a.attnum",
      .kind = "'attribute'",
      .name = "t.oid::regtype || '.' || quote_ident(a.attname)",
      .parent_kind = "'type'",
      .parent_name = "t.oid::regtype",
      .properties =
          {
              {"position", "a.attnum"},
              {"type", "format_type(a.atttypid, a.atttypmod)"},
              {"collation", R"(CASE WHEN a.attcollation <> at.typcollation
                  THEN a.attcollation::regcollation END)"},
          },
      .from = R"(pg_type t JOIN pg_class c ON c.oid = t.typrelid
        JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type at ON at.oid = a.atttypid)",
      .where = "c.relkind = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND " +
               sql_not_temporary("t.typnamespace") + " AND " +
               sql_not_of_extension("pg_type", "t.oid"),
  };
}

}  // namespace

std::vector<CatalogKind> type_kinds(const ServerTraits& server) {
  return {{.id = "type", .by_oid = true, .queries = {types(server), attributes()}}};
}

}  // namespace drydock
