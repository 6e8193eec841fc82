// What hangs on a table: constraints (of domains too), indexes, triggers, rules, policies, extended
// statistics.
//
// Definitions are kept without the object's own name, so that two objects that differ only in a
// name the server made up can be recognised as one.
#include "harness/observe/catalog_kinds.h"

namespace drydock {
namespace {

using enum DifferenceClass;
using enum PropertyForm;

// PostgreSQL 18 has a constraint for every NOT NULL. The column's property says the same, so only
// those that say more are objects of their own.
const std::string kSaysMoreThanNotNull =
    "(con.contype <> 'n' OR NOT con.convalidated OR con.connoinherit)";

/// Printing a definition is what costs; OFFSET keeps the planner from printing it at each mention.
std::string computed_once(const std::string& definition) {
  return " CROSS JOIN LATERAL (SELECT " + definition + " AS definition OFFSET 0) d";
}

CatalogQuery constraints(const ServerTraits& server) {
  const std::string on = R"((CASE WHEN con.contypid <> 0 THEN con.contypid::regtype::text
      ELSE con.conrelid::regclass::text END))";
  return {
      .catalog = "pg_constraint",
      .unit = "con.oid",
      .kind = "'constraint'",
      .name = "quote_ident(con.conname) || ' on ' || " + on,
      .parent_kind = "CASE WHEN con.contypid <> 0 THEN 'domain' ELSE " +
                     sql_relation_kind("c.relkind") + " END",
      .parent_name = on,
      .ddl = R"(CASE WHEN con.conparentid = 0 THEN 'ALTER '
          || CASE WHEN con.contypid <> 0 THEN 'DOMAIN ' WHEN c.relkind = 'f' THEN 'FOREIGN TABLE '
             ELSE 'TABLE ' END || )" +
             on + R"( || ' ADD CONSTRAINT ' || quote_ident(con.conname) || ' '
          || d.definition END)",
      .properties =
          {
              {"definition", R"(CASE WHEN con.convalidated THEN d.definition
                  ELSE replace(d.definition, ' NOT VALID', '') END)"},
              {"validated", "CASE WHEN NOT con.convalidated THEN 'no' END"},
              {"inherited", R"(CASE WHEN con.coninhcount > 0
                  THEN CASE WHEN con.conislocal THEN 'and its own' ELSE 'yes' END END)"},
              {"enforced", R"(CASE WHEN con.contype = 'f' AND EXISTS (SELECT FROM pg_trigger t
                  WHERE t.tgconstraint = con.oid AND t.tgenabled <> 'O')
                  THEN 'no: its triggers are disabled' END)"},
          },
      .from = "pg_constraint con LEFT JOIN pg_class c ON c.oid = con.conrelid" +
              computed_once("pg_get_constraintdef(con.oid)"),
      .where = "con.contype NOT IN ('t'" + std::string(server.since(18) ? "" : ", 'n'") +
               ") AND (con.contypid = 0 OR con.contype <> 'n') AND " + kSaysMoreThanNotNull +
               " AND c.relpersistence IS DISTINCT FROM 't' AND " +
               sql_not_temporary("con.connamespace") + " AND " +
               sql_not_of_extension("pg_class", "con.conrelid") + " AND " +
               sql_not_of_extension("pg_type", "con.contypid"),
  };
}

CatalogQuery indexes() {
  const std::string name_with_on = "' INDEX ' || quote_ident(c.relname) || ' ON '";
  return {
      .catalog = "pg_class",
      .unit = "c.oid",
      .kind = "'index'",
      .name = "c.oid::regclass",
      .parent_kind = "CASE WHEN con.oid IS NOT NULL THEN 'constraint' ELSE " +
                     sql_relation_kind("r.relkind") + " END",
      .parent_name = R"(CASE WHEN con.oid IS NOT NULL
          THEN quote_ident(con.conname) || ' on ' || r.oid::regclass
          ELSE r.oid::regclass::text END)",
      .ddl = "CASE WHEN con.oid IS NULL THEN d.definition END",
      .properties =
          {
              {"definition", "replace(d.definition, " + name_with_on + ", ' INDEX ON ')"},
              {"valid", R"(CASE WHEN NOT i.indisvalid AND NOT i.indisready THEN 'no, nor ready'
                  WHEN NOT i.indisvalid THEN 'no' END)"},
              {"attached to", R"(CASE WHEN c.relispartition THEN
                  (SELECT inhparent::regclass FROM pg_inherits WHERE inhrelid = c.oid) END)"},
              {"replica identity", "CASE WHEN i.indisreplident THEN 'yes' END"},
              {"clustered", "CASE WHEN i.indisclustered THEN 'yes' END", kCosmetic},
              {"tablespace",
               "(SELECT spcname FROM pg_tablespace WHERE pg_tablespace.oid = c.reltablespace)",
               kCosmetic},
              {"statistics target", R"(CASE WHEN i.indexprs IS NOT NULL THEN
                  (SELECT string_agg('column ' || attnum || ': ' || attstattarget, ', '
                          ORDER BY attnum)
                     FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0
                      AND attstattarget >= 0) END)",
               kCosmetic},
          },
      .from = R"(pg_class c JOIN pg_index i ON i.indexrelid = c.oid
        JOIN pg_class r ON r.oid = i.indrelid
        LEFT JOIN pg_constraint con ON con.conindid = c.oid AND con.conrelid = i.indrelid
          AND con.contype IN ('p', 'u', 'x'))" +
              computed_once("pg_get_indexdef(c.oid)"),
      .where =
          "c.relkind IN ('i', 'I') AND c.relpersistence <> 't'"
          " AND r.relkind IN ('r', 'p', 'm', 'f') AND " +
          sql_not_of_extension("pg_class", "i.indrelid"),
  };
}

// Enabled states of triggers, event triggers and rules, which start as 'O'.
std::string enabled_state(const std::string& column) {
  return "CASE " + column +
         " WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replicas' WHEN 'A' THEN 'always' END";
}

CatalogQuery triggers(const ServerTraits& server) {
  // Before 15 the copies of a trigger on partitions are marked internal.
  const std::string users_own =
      server.since(15) ? "NOT t.tgisinternal"
                       : "(NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0))";
  const std::string with_name = "' TRIGGER ' || quote_ident(t.tgname) || ' '";
  return {
      .catalog = "pg_trigger",
      .unit = "t.oid",
      .kind = "'trigger'",
      .name = "quote_ident(t.tgname) || ' on ' || t.tgrelid::regclass",
      .parent_kind = sql_relation_kind("c.relkind"),
      .parent_name = "t.tgrelid::regclass",
      .ddl = "CASE WHEN t.tgparentid = 0 THEN d.definition END",
      .properties =
          {
              {"definition", "replace(d.definition, " + with_name + ", ' TRIGGER ')"},
              {"enabled", enabled_state("t.tgenabled")},
              {"inherited", "CASE WHEN t.tgparentid <> 0 THEN 'yes' END"},
          },
      .from = "pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid" +
              computed_once("pg_get_triggerdef(t.oid)"),
      .where = users_own + " AND c.relpersistence <> 't' AND " +
               sql_not_of_extension("pg_class", "t.tgrelid"),
  };
}

CatalogQuery rules() {
  return {
      .catalog = "pg_rewrite",
      .unit = "r.oid",
      .kind = "'rule'",
      .name = "quote_ident(r.rulename) || ' on ' || r.ev_class::regclass",
      .parent_kind = sql_relation_kind("c.relkind"),
      .parent_name = "r.ev_class::regclass",
      .ddl = "pg_get_ruledef(r.oid)",
      .properties = {{"definition", "pg_get_ruledef(r.oid)"},
                     {"enabled", enabled_state("r.ev_enabled")}},
      .from = "pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class",
      .where = "r.rulename <> '_RETURN' AND c.relpersistence <> 't' AND " +
               sql_not_of_extension("pg_class", "r.ev_class"),
  };
}

CatalogQuery policies() {
  const std::string command = R"(CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT'
      WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END)";
  const std::string roles = R"((SELECT string_agg(CASE role WHEN 0 THEN 'PUBLIC'
      ELSE quote_ident(pg_get_userbyid(role)) END, ', ' ORDER BY pg_get_userbyid(role))
      FROM unnest(p.polroles) AS role))";
  return {
      .catalog = "pg_policy",
      .unit = "p.oid",
      .kind = "'policy'",
      .name = "quote_ident(p.polname) || ' on ' || p.polrelid::regclass",
      .parent_kind = sql_relation_kind("c.relkind"),
      .parent_name = "p.polrelid::regclass",
      .ddl =
          "'CREATE POLICY ' || quote_ident(p.polname) || ' ON ' || p.polrelid::regclass"
          " || CASE WHEN p.polpermissive THEN '' ELSE ' AS RESTRICTIVE' END"
          " || ' FOR ' || " +
          command + " || ' TO ' || " + roles +
          " || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')"
          " || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')",
      .properties =
          {
              {"command", command, kSecurity},
              {"mode", "CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END",
               kSecurity},
              {"roles", roles, kSecurity},
              {"using", "pg_get_expr(p.polqual, p.polrelid)", kSecurity},
              {"with check", "pg_get_expr(p.polwithcheck, p.polrelid)", kSecurity},
          },
      .from = "pg_policy p JOIN pg_class c ON c.oid = p.polrelid",
      .where = "c.relpersistence <> 't' AND " + sql_not_of_extension("pg_class", "p.polrelid"),
      .weight = kSecurity,
  };
}

CatalogQuery statistics() {
  const std::string with_name = R"(quote_ident(n.nspname) || '.' || quote_ident(s.stxname))";
  return {
      .catalog = "pg_statistic_ext",
      .unit = "s.oid",
      .kind = "'statistics'",
      .name = with_name,
      .parent_kind = sql_relation_kind("c.relkind"),
      .parent_name = "s.stxrelid::regclass",
      .ddl = "pg_get_statisticsobjdef(s.oid)",
      .properties =
          {
              {"definition", "replace(pg_get_statisticsobjdef(s.oid), ' STATISTICS ' || " +
                                 with_name + " || ' ', ' STATISTICS ')"},
              {"statistics target", "NULLIF(s.stxstattarget, -1)", kCosmetic},
              owner_only("s.stxowner"),
          },
      .from = R"(pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
        JOIN pg_class c ON c.oid = s.stxrelid)",
      .where = "c.relpersistence <> 't' AND " + sql_not_of_extension("pg_statistic_ext", "s.oid") +
               " AND " + sql_not_of_extension("pg_class", "s.stxrelid"),
  };
}

}  // namespace

std::vector<CatalogKind> table_part_kinds(const ServerTraits& server) {
  return {
      {.id = "constraint", .by_oid = true, .queries = {constraints(server)}},
      {.id = "index", .by_oid = true, .name_is_printed = false, .queries = {indexes()}},
      {.id = "trigger", .by_oid = true, .name_is_printed = false, .queries = {triggers(server)}},
      {.id = "rule", .by_oid = true, .name_is_printed = false, .queries = {rules()}},
      {.id = "policy", .by_oid = true, .name_is_printed = false, .queries = {policies()}},
      {.id = "statistics", .by_oid = true, .name_is_printed = false, .queries = {statistics()}},
  };
}

}  // namespace drydock
