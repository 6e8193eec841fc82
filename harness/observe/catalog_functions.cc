// Functions, procedures, window functions and aggregates; languages they are written in;
// event triggers that call them.
#include "harness/observe/catalog_kinds.h"

namespace drydock {
namespace {

using enum DifferenceClass;
using enum PropertyForm;

const std::string kKind = R"(CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate'
    ELSE 'function' END)";

std::string aggregate_definition() {
  return R"(concat_ws(', ', 'SFUNC = ' || a.aggtransfn,
      'STYPE = ' || format_type(a.aggtranstype, NULL),
      'SSPACE = ' || NULLIF(a.aggtransspace, 0),
      'FINALFUNC = ' || NULLIF(a.aggfinalfn, 0)::regproc,
      CASE WHEN a.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
      'FINALFUNC_MODIFY = ' || CASE WHEN a.aggfinalfn <> 0 THEN CASE a.aggfinalmodify
        WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
      'COMBINEFUNC = ' || NULLIF(a.aggcombinefn, 0)::regproc,
      'SERIALFUNC = ' || NULLIF(a.aggserialfn, 0)::regproc,
      'DESERIALFUNC = ' || NULLIF(a.aggdeserialfn, 0)::regproc,
      'INITCOND = ' || quote_literal(a.agginitval),
      'MSFUNC = ' || NULLIF(a.aggmtransfn, 0)::regproc,
      'MINVFUNC = ' || NULLIF(a.aggminvtransfn, 0)::regproc,
      'MSTYPE = ' || format_type(NULLIF(a.aggmtranstype, 0), NULL),
      'MSSPACE = ' || NULLIF(a.aggmtransspace, 0),
      'MFINALFUNC = ' || NULLIF(a.aggmfinalfn, 0)::regproc,
      CASE WHEN a.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
      'MFINALFUNC_MODIFY = ' || CASE WHEN a.aggmfinalfn <> 0 THEN CASE a.aggmfinalmodify
        WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
      'MINITCOND = ' || quote_literal(a.aggminitval),
      'SORTOP = ' || NULLIF(a.aggsortop, 0)::regoperator,
      CASE WHEN a.aggkind = 'h' THEN 'HYPOTHETICAL' END))";
}

CatalogQuery functions(const ServerTraits& server) {
  // A body given in SQL proper (BEGIN ATOMIC, RETURN) is kept as a parse tree.
  const std::string body =
      server.since(14) ? "CASE WHEN p.prosqlbody IS NOT NULL THEN pg_get_function_sqlbody(p.oid)"
                         " WHEN p.prokind <> 'a' THEN p.prosrc END"
                       : "CASE WHEN p.prokind <> 'a' THEN p.prosrc END";
  return {
      .catalog = "pg_proc",
      .unit = "p.oid",
      .kind = kKind,
      .name = "p.oid::regprocedure",
      .ddl =
          "CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid)"
          " ELSE 'CREATE AGGREGATE ' || p.pronamespace::regnamespace || '.'"
          " || quote_ident(p.proname) || '(' || pg_get_function_arguments(p.oid) || ') ('"
          " || " +
          aggregate_definition() + " || ')' END",
      .properties =
          {
              owner_and_privileges("p.proacl", 'f', "p.proowner"),
              {"arguments", "pg_get_function_arguments(p.oid)"},
              {"returns", "pg_get_function_result(p.oid)"},
              {"window function", "CASE p.prokind WHEN 'w' THEN 'yes' END"},
              {"aggregate", "CASE p.prokind WHEN 'a' THEN " + aggregate_definition() + " END"},
              {"language", "(SELECT lanname FROM pg_language l WHERE l.oid = p.prolang)"},
              {"body", body},
              {"library", "p.probin"},
              {"transforms", R"((SELECT string_agg(format_type(t, NULL), ', ' ORDER BY n)
                  FROM unnest(p.protrftypes) WITH ORDINALITY AS u(t, n)))"},
              {"volatility",
               "CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END"},
              {"strict", "CASE WHEN p.proisstrict THEN 'yes' END"},
              {"parallel",
               "CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END"},
              {"cost", "p.procost"},
              {"rows", "NULLIF(p.prorows, 0)"},
              {"support function", "NULLIF(p.prosupport, 0)::regproc"},
              {"security", "CASE WHEN p.prosecdef THEN 'definer' END", kSecurity},
              {"leakproof", "CASE WHEN p.proleakproof THEN 'yes' END", kSecurity},
              {"setting", "p.proconfig", kBehaviour, kOptions},
          },
      .from = "pg_proc p LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid",
      // A range type brings its constructors along; their language is internal, 12.
      .where = sql_not_temporary("p.pronamespace") + " AND " +
               sql_not_of_extension("pg_proc", "p.oid") +
               " AND NOT (p.prolang = 12 AND EXISTS (SELECT FROM pg_depend"
               " WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'i'))",
  };
}

CatalogQuery languages() {
  return {
      .catalog = "pg_language",
      .unit = "0",
      .oid = "l.oid",
      .kind = "'language'",
      .name = "quote_ident(l.lanname)",
      .ddl =
          "'CREATE ' || CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END || 'LANGUAGE '"
          " || quote_ident(l.lanname) || ' HANDLER ' || l.lanplcallfoid::regproc"
          " || coalesce(' INLINE ' || NULLIF(l.laninline, 0)::regproc, '')"
          " || coalesce(' VALIDATOR ' || NULLIF(l.lanvalidator, 0)::regproc, '')",
      .properties =
          {
              owner_and_privileges("l.lanacl", 'l', "l.lanowner"),
              {"trusted", "CASE WHEN l.lanpltrusted THEN 'yes' END", kSecurity},
              {"handler", "NULLIF(l.lanplcallfoid, 0)::regproc"},
              {"inline handler", "NULLIF(l.laninline, 0)::regproc"},
              {"validator", "NULLIF(l.lanvalidator, 0)::regproc"},
          },
      .from = "pg_language l",
      .where = "l.oid >= 16384 AND " + sql_not_of_extension("pg_language", "l.oid"),
  };
}

CatalogQuery event_triggers() {
  const std::string tags = R"((SELECT string_agg(quote_literal(tag), ', ' ORDER BY tag)
      FROM unnest(e.evttags) AS tag))";
  return {
      .catalog = "pg_event_trigger",
      .unit = "0",
      .oid = "e.oid",
      .kind = "'event trigger'",
      .name = "quote_ident(e.evtname)",
      .ddl =
          "'CREATE EVENT TRIGGER ' || quote_ident(e.evtname) || ' ON ' || e.evtevent"
          " || coalesce(' WHEN TAG IN (' || " +
          tags +
          " || ')', '')"
          " || ' EXECUTE FUNCTION ' || e.evtfoid::regproc || '()'",
      .properties =
          {
              {"event", "e.evtevent"},
              {"function", "e.evtfoid::regproc"},
              {"tags", tags},
              {"enabled", R"(CASE e.evtenabled WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replicas'
                  WHEN 'A' THEN 'always' END)"},
              owner_only("e.evtowner"),
          },
      .from = "pg_event_trigger e",
      .where = sql_not_of_extension("pg_event_trigger", "e.oid"),
  };
}

}  // namespace

std::vector<CatalogKind> function_kinds(const ServerTraits& server) {
  return {
      {.id = "function", .by_oid = true, .queries = {functions(server)}},
      {.id = "language", .queries = {languages()}},
      {.id = "event trigger", .queries = {event_triggers()}},
  };
}

}  // namespace drydock
