// What extends the language: operators, operator classes and families, casts, access methods,
// collations, conversions, transforms. All rare, so always read as a whole.
#include "harness/observe/catalog_kinds.h"

namespace drydock {
namespace {

using enum DifferenceClass;
using enum PropertyForm;

CatalogQuery operators() {
  return {
      .catalog = "pg_operator",
      .unit = "0",
      .oid = "o.oid",
      .kind = "'operator'",
      .name = "o.oid::regoperator",
      .ddl = R"('CREATE OPERATOR ' || o.oprnamespace::regnamespace || '.' || o.oprname
          || ' (' || concat_ws(', ', 'FUNCTION = ' || o.oprcode,
            'LEFTARG = ' || NULLIF(o.oprleft, 0)::regtype,
            'RIGHTARG = ' || NULLIF(o.oprright, 0)::regtype,
            'COMMUTATOR = OPERATOR(' || n.nspname || '.' || com.oprname || ')',
            'NEGATOR = OPERATOR(' || n.nspname || '.' || neg.oprname || ')',
            'RESTRICT = ' || NULLIF(o.oprrest, 0)::regproc,
            'JOIN = ' || NULLIF(o.oprjoin, 0)::regproc,
            CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END)
          || ')')",
      .properties =
          {
              owner_only("o.oprowner"),
              {"function", "o.oprcode::regprocedure"},
              {"result", "NULLIF(o.oprresult, 0)::regtype"},
              {"commutator", "NULLIF(o.oprcom, 0)::regoperator"},
              {"negator", "NULLIF(o.oprnegate, 0)::regoperator"},
              {"restrict", "NULLIF(o.oprrest, 0)::regproc"},
              {"join", "NULLIF(o.oprjoin, 0)::regproc"},
              {"hashes", "CASE WHEN o.oprcanhash THEN 'yes' END"},
              {"merges", "CASE WHEN o.oprcanmerge THEN 'yes' END"},
          },
      .from = R"(pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
        LEFT JOIN pg_operator com ON com.oid = o.oprcom
        LEFT JOIN pg_operator neg ON neg.oid = o.oprnegate)",
      .where = "o.oid >= 16384 AND " + sql_not_of_extension("pg_operator", "o.oid"),
  };
}

// "public.name USING btree", as the commands want it.
std::string name_using(const std::string& schema, const std::string& name,
                       const std::string& method) {
  return schema + "::regnamespace || '.' || quote_ident(" + name + ") || ' USING ' ||" +
         " (SELECT quote_ident(amname) FROM pg_am WHERE pg_am.oid = " + method + ")";
}

CatalogQuery operator_families() {
  return {
      .catalog = "pg_opfamily",
      .unit = "0",
      .oid = "f.oid",
      .kind = "'operator family'",
      .name = name_using("f.opfnamespace", "f.opfname", "f.opfmethod"),
      .ddl = "'CREATE OPERATOR FAMILY ' || " +
             name_using("f.opfnamespace", "f.opfname", "f.opfmethod"),
      .properties =
          {
              owner_only("f.opfowner"),
              {"operators", R"((SELECT string_agg(amopstrategy || ' ' || amopopr::regoperator
                  || CASE WHEN amopsortfamily <> 0 THEN ' FOR ORDER BY '
                       || (SELECT quote_ident(opfname) FROM pg_opfamily s
                           WHERE s.oid = amopsortfamily) ELSE '' END, ', '
                  ORDER BY amopstrategy, amopopr::regoperator::text)
                  FROM pg_amop WHERE amopfamily = f.oid))"},
              {"functions", R"((SELECT string_agg(amprocnum || ' ' || amproc::regprocedure
                  || ' FOR ' || amproclefttype::regtype || ', ' || amprocrighttype::regtype, ', '
                  ORDER BY amprocnum, amproc::regprocedure::text, amproclefttype::regtype::text,
                           amprocrighttype::regtype::text)
                  FROM pg_amproc WHERE amprocfamily = f.oid))"},
          },
      .from = "pg_opfamily f",
      .where = "f.oid >= 16384 AND " + sql_not_of_extension("pg_opfamily", "f.oid"),
  };
}

CatalogQuery operator_classes() {
  return {
      .catalog = "pg_opclass",
      .unit = "0",
      .oid = "o.oid",
      .kind = "'operator class'",
      .name = name_using("o.opcnamespace", "o.opcname", "o.opcmethod"),
      .properties =
          {
              owner_only("o.opcowner"),
              {"type", "o.opcintype::regtype"},
              {"storage", "NULLIF(o.opckeytype, 0)::regtype"},
              {"default", "CASE WHEN o.opcdefault THEN 'yes' END"},
              {"family", R"((SELECT f.opfnamespace::regnamespace || '.' || quote_ident(f.opfname)
                  FROM pg_opfamily f WHERE f.oid = o.opcfamily))"},
          },
      .from = "pg_opclass o",
      .where = "o.oid >= 16384 AND " + sql_not_of_extension("pg_opclass", "o.oid"),
  };
}

CatalogQuery casts() {
  const std::string pair = "'(' || c.castsource::regtype || ' AS ' || c.casttarget::regtype || ')'";
  const std::string method = R"(CASE c.castmethod WHEN 'b' THEN 'WITHOUT FUNCTION'
      WHEN 'i' THEN 'WITH INOUT' ELSE 'WITH FUNCTION ' || c.castfunc::regprocedure END)";
  const std::string context =
      "CASE c.castcontext WHEN 'a' THEN 'AS ASSIGNMENT' WHEN 'i' THEN 'AS IMPLICIT' END";
  return {
      .catalog = "pg_cast",
      .unit = "0",
      .oid = "c.oid",
      .kind = "'cast'",
      .name = pair,
      .ddl = "'CREATE CAST ' || " + pair + " || ' ' || " + method + " || coalesce(' ' || " +
             context + ", '')",
      .properties = {{"method", method}, {"context", context}},
      .from = "pg_cast c",
      // A range type brings a cast to its multirange along.
      .where = "c.oid >= 16384 AND " + sql_not_of_extension("pg_cast", "c.oid") +
               " AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_cast'::regclass"
               " AND objid = c.oid AND deptype = 'i')",
  };
}

CatalogQuery access_methods() {
  const std::string type = "CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END";
  return {
      .catalog = "pg_am",
      .unit = "0",
      .oid = "m.oid",
      .kind = "'access method'",
      .name = "quote_ident(m.amname)",
      .ddl = "'CREATE ACCESS METHOD ' || quote_ident(m.amname) || ' TYPE ' || " + type +
             " || ' HANDLER ' || m.amhandler",
      .properties = {{"type", type}, {"handler", "m.amhandler::regproc"}},
      .from = "pg_am m",
      .where = "m.oid >= 16384 AND " + sql_not_of_extension("pg_am", "m.oid"),
  };
}

CatalogQuery collations(const ServerTraits& server) {
  const std::string locale = server.since(17)   ? "c.colllocale"
                             : server.since(15) ? "c.colliculocale"
                                                : "NULL";
  const std::string definition = R"(concat_ws(', ',
      'provider = ' || CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'c' THEN 'libc'
        WHEN 'b' THEN 'builtin' ELSE 'default' END,
      'locale = ' || quote_literal()" +
                                 locale + R"(),
      'lc_collate = ' || quote_literal(c.collcollate), 'lc_ctype = ' || quote_literal(c.collctype),
      CASE WHEN NOT c.collisdeterministic THEN 'deterministic = false' END))";
  CatalogQuery query{
      .catalog = "pg_collation",
      .unit = "0",
      .oid = "c.oid",
      .kind = "'collation'",
      .name = "c.oid::regcollation",
      .ddl = "'CREATE COLLATION ' || c.oid::regcollation || ' (' || " + definition + " || ')'",
      .properties = {owner_only("c.collowner"), {"definition", definition}},
      .from = "pg_collation c",
      .where = "c.oid >= 16384 AND " + sql_not_of_extension("pg_collation", "c.oid"),
  };
  if (server.since(16)) query.properties.push_back({"rules", "c.collicurules"});
  return query;
}

CatalogQuery conversions() {
  const std::string name = "c.connamespace::regnamespace || '.' || quote_ident(c.conname)";
  const std::string definition =
      "quote_literal(pg_encoding_to_char(c.conforencoding)) || ' TO '"
      " || quote_literal(pg_encoding_to_char(c.contoencoding)) || ' FROM ' || c.conproc";
  return {
      .catalog = "pg_conversion",
      .unit = "0",
      .oid = "c.oid",
      .kind = "'conversion'",
      .name = name,
      .ddl =
          "'CREATE ' || CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END || 'CONVERSION ' || " +
          name + " || ' FOR ' || " + definition,
      .properties = {owner_only("c.conowner"),
                     {"definition", definition},
                     {"default", "CASE WHEN c.condefault THEN 'yes' END"}},
      .from = "pg_conversion c",
      .where = "c.oid >= 16384 AND " + sql_not_of_extension("pg_conversion", "c.oid"),
  };
}

CatalogQuery transforms() {
  const std::string name = "'FOR ' || t.trftype::regtype || ' LANGUAGE ' || quote_ident(l.lanname)";
  return {
      .catalog = "pg_transform",
      .unit = "0",
      .oid = "t.oid",
      .kind = "'transform'",
      .name = name,
      .ddl = "'CREATE TRANSFORM ' || " + name + R"( || ' (' || concat_ws(', ',
          'FROM SQL WITH FUNCTION ' || NULLIF(t.trffromsql, 0)::regprocedure,
          'TO SQL WITH FUNCTION ' || NULLIF(t.trftosql, 0)::regprocedure) || ')')",
      .properties = {{"from SQL", "NULLIF(t.trffromsql, 0)::regprocedure"},
                     {"to SQL", "NULLIF(t.trftosql, 0)::regprocedure"}},
      .from = "pg_transform t JOIN pg_language l ON l.oid = t.trflang",
      .where = sql_not_of_extension("pg_transform", "t.oid"),
  };
}

}  // namespace

std::vector<CatalogKind> operator_kinds(const ServerTraits& server) {
  return {
      {.id = "operator", .queries = {operators()}},
      {.id = "operator family", .queries = {operator_families()}},
      {.id = "operator class", .queries = {operator_classes()}},
      {.id = "cast", .queries = {casts()}},
      {.id = "access method", .queries = {access_methods()}},
      {.id = "collation", .queries = {collations(server)}},
      {.id = "conversion", .queries = {conversions()}},
      {.id = "transform", .queries = {transforms()}},
  };
}

}  // namespace drydock
