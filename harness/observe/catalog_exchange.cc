// Ties to other servers: foreign-data wrappers, servers, user mappings, publications and
// subscriptions. Secrets (connection strings, passwords of user mappings) are never read out.
#include "harness/observe/catalog_kinds.h"

namespace drydock {
namespace {

using enum DifferenceClass;
using enum PropertyForm;

CatalogQuery wrappers() {
  return {
      .catalog = "pg_foreign_data_wrapper",
      .unit = "0",
      .oid = "w.oid",
      .kind = "'foreign data wrapper'",
      .name = "quote_ident(w.fdwname)",
      .ddl =
          "'CREATE FOREIGN DATA WRAPPER ' || quote_ident(w.fdwname)"
          " || coalesce(' HANDLER ' || NULLIF(w.fdwhandler, 0)::regproc, '')"
          " || coalesce(' VALIDATOR ' || NULLIF(w.fdwvalidator, 0)::regproc, '')",
      .properties = {owner_and_privileges("w.fdwacl", 'F', "w.fdwowner"),
                     {"handler", "NULLIF(w.fdwhandler, 0)::regproc"},
                     {"validator", "NULLIF(w.fdwvalidator, 0)::regproc"},
                     {"foreign option", "w.fdwoptions", kBehaviour, kOptions}},
      .from = "pg_foreign_data_wrapper w",
      .where = sql_not_of_extension("pg_foreign_data_wrapper", "w.oid"),
  };
}

CatalogQuery servers() {
  const std::string wrapper =
      "(SELECT quote_ident(fdwname) FROM pg_foreign_data_wrapper w WHERE w.oid = s.srvfdw)";
  return {
      .catalog = "pg_foreign_server",
      .unit = "0",
      .oid = "s.oid",
      .kind = "'server'",
      .name = "quote_ident(s.srvname)",
      .ddl =
          "'CREATE SERVER ' || quote_ident(s.srvname)"
          " || coalesce(' TYPE ' || quote_literal(s.srvtype), '')"
          " || coalesce(' VERSION ' || quote_literal(s.srvversion), '')"
          " || ' FOREIGN DATA WRAPPER ' || " +
          wrapper,
      .properties = {owner_and_privileges("s.srvacl", 'S', "s.srvowner"),
                     {"wrapper", wrapper},
                     {"type", "s.srvtype"},
                     {"version", "s.srvversion"},
                     {"foreign option", "s.srvoptions", kBehaviour, kOptions}},
      .from = "pg_foreign_server s",
      .where = sql_not_of_extension("pg_foreign_server", "s.oid"),
  };
}

CatalogQuery user_mappings() {
  const std::string user = "CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END";
  return {
      .catalog = "pg_user_mapping",
      .unit = "0",
      .oid = "u.umid",
      .kind = "'user mapping'",
      .name = "'FOR ' || " + user + " || ' SERVER ' || quote_ident(u.srvname)",
      .ddl = "'CREATE USER MAPPING FOR ' || " + user + " || ' SERVER ' || quote_ident(u.srvname)",
      .properties = {{"foreign option",
                      R"((SELECT array_agg(CASE WHEN o ~* '^[a-z_]*password=' THEN
                          split_part(o, '=', 1) || '=(set)' ELSE o END ORDER BY n)
                          FROM unnest(u.umoptions) WITH ORDINALITY AS x(o, n)))",
                      kSecurity, kOptions}},
      .from = "pg_user_mappings u",
      .where = "true",
      .weight = kSecurity,
  };
}

// Tables and schemas are published together with the publication; both print as one list.
CatalogQuery publications(const ServerTraits& server) {
  const std::string row_filter_and_columns =
      server.since(15) ? R"( || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', '
                            ORDER BY a.attnum) FROM pg_attribute a
                            WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) || ')', '')
                          || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', ''))"
                       : "";
  const std::string tables = "(SELECT string_agg(r.prrelid::regclass" + row_filter_and_columns +
                             ", ', ' ORDER BY r.prrelid::regclass::text)"
                             " FROM pg_publication_rel r WHERE r.prpubid = p.oid)";
  const std::string schemas = server.since(15)
                                  ? "(SELECT string_agg(pnnspid::regnamespace::text, ', '"
                                    " ORDER BY pnnspid::regnamespace::text)"
                                    " FROM pg_publication_namespace WHERE pnpubid = p.oid)"
                                  : "NULL::text";
  const std::string objects =
      "concat_ws(', ', 'TABLE ' || " + tables + ", 'TABLES IN SCHEMA ' || " + schemas + ")";
  const std::string actions = R"(concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END,
      CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END,
      CASE WHEN p.pubtruncate THEN 'truncate' END))";
  const std::string generated =
      server.since(18) ? "CASE p.pubgencols WHEN 's' THEN 'stored' END" : "NULL";
  return {
      .catalog = "pg_publication",
      .unit = "0",
      .oid = "p.oid",
      .kind = "'publication'",
      .name = "quote_ident(p.pubname)",
      .ddl =
          "'CREATE PUBLICATION ' || quote_ident(p.pubname) || CASE WHEN p.puballtables"
          " THEN ' FOR ALL TABLES' ELSE coalesce(' FOR ' || NULLIF(" +
          objects + ", ''), '') END || ' WITH (publish = ' || quote_literal(" + actions +
          ") || ')'",
      .properties = {owner_only("p.pubowner"),
                     {"all tables", "CASE WHEN p.puballtables THEN 'yes' END"},
                     {"tables", tables},
                     {"schemas", schemas},
                     {"publish", actions},
                     {"publish generated columns", generated},
                     {"publish via partition root", "CASE WHEN p.pubviaroot THEN 'yes' END"}},
      .from = "pg_publication p",
      .where = sql_not_of_extension("pg_publication", "p.oid"),
  };
}

CatalogQuery subscriptions(const ServerTraits& server) {
  CatalogQuery query{
      .catalog = "pg_subscription",
      .unit = "0",
      .oid = "s.oid",
      .kind = "'subscription'",
      .name = "quote_ident(s.subname)",
      .properties = {owner_only("s.subowner"),
                     {"enabled", "CASE WHEN NOT s.subenabled THEN 'no' END"},
                     {"publications", "array_to_string(s.subpublications, ', ')"},
                     {"slot", "s.subslotname"},
                     {"synchronous commit", "s.subsynccommit"}},
      .from = "pg_subscription s",
      .where = "s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
  };
  if (server.since(14)) {
    query.properties.push_back({"binary", "CASE WHEN s.subbinary THEN 'yes' END"});
    query.properties.push_back({"streaming", "NULLIF(s.substream::text, 'false')"});
  }
  return query;
}

}  // namespace

std::vector<CatalogKind> exchange_kinds(const ServerTraits& server) {
  return {
      {.id = "wrapper", .queries = {wrappers()}},
      {.id = "server", .queries = {servers()}},
      {.id = "user mapping", .queries = {user_mappings()}},
      {.id = "publication", .queries = {publications(server)}},
      {.id = "subscription", .queries = {subscriptions(server)}},
  };
}

}  // namespace drydock
