// Full text search: parsers, templates, dictionaries, configurations.
#include "harness/observe/catalog_kinds.h"

namespace drydock {
namespace {

std::string qualified(const std::string& schema, const std::string& name) {
  return schema + "::regnamespace || '.' || quote_ident(" + name + ")";
}

CatalogQuery parsers() {
  const std::string definition = R"(concat_ws(', ', 'START = ' || p.prsstart,
      'GETTOKEN = ' || p.prstoken, 'END = ' || p.prsend, 'LEXTYPES = ' || p.prslextype,
      'HEADLINE = ' || NULLIF(p.prsheadline, 0)::regproc))";
  const std::string name = qualified("p.prsnamespace", "p.prsname");
  return {
      .catalog = "pg_ts_parser",
      .unit = "0",
      .oid = "p.oid",
      .kind = "'text search parser'",
      .name = name,
      .ddl = "'CREATE TEXT SEARCH PARSER ' || " + name + " || ' (' || " + definition + " || ')'",
      .properties = {{"definition", definition}},
      .from = "pg_ts_parser p",
      .where = "p.oid >= 16384 AND " + sql_not_of_extension("pg_ts_parser", "p.oid"),
  };
}

CatalogQuery templates() {
  const std::string definition =
      "concat_ws(', ', 'INIT = ' || NULLIF(t.tmplinit, 0)::regproc, 'LEXIZE = ' || t.tmpllexize)";
  const std::string name = qualified("t.tmplnamespace", "t.tmplname");
  return {
      .catalog = "pg_ts_template",
      .unit = "0",
      .oid = "t.oid",
      .kind = "'text search template'",
      .name = name,
      .ddl = "'CREATE TEXT SEARCH TEMPLATE ' || " + name + " || ' (' || " + definition + " || ')'",
      .properties = {{"definition", definition}},
      .from = "pg_ts_template t",
      .where = "t.oid >= 16384 AND " + sql_not_of_extension("pg_ts_template", "t.oid"),
  };
}

CatalogQuery dictionaries() {
  const std::string name = qualified("d.dictnamespace", "d.dictname");
  const std::string based_on = "(SELECT " + qualified("t.tmplnamespace", "t.tmplname") +
                               " FROM pg_ts_template t WHERE t.oid = d.dicttemplate)";
  return {
      .catalog = "pg_ts_dict",
      .unit = "0",
      .oid = "d.oid",
      .kind = "'text search dictionary'",
      .name = name,
      .ddl = "'CREATE TEXT SEARCH DICTIONARY ' || " + name + " || ' (TEMPLATE = ' || " + based_on +
             " || coalesce(', ' || d.dictinitoption, '') || ')'",
      .properties = {owner_only("d.dictowner"),
                     {"template", based_on},
                     {"options", "d.dictinitoption"}},
      .from = "pg_ts_dict d",
      .where = "d.oid >= 16384 AND " + sql_not_of_extension("pg_ts_dict", "d.oid"),
  };
}

CatalogQuery configurations() {
  const std::string name = qualified("c.cfgnamespace", "c.cfgname");
  const std::string parser = "(SELECT " + qualified("p.prsnamespace", "p.prsname") +
                             " FROM pg_ts_parser p WHERE p.oid = c.cfgparser)";
  return {
      .catalog = "pg_ts_config",
      .unit = "0",
      .oid = "c.oid",
      .kind = "'text search configuration'",
      .name = name,
      .ddl = "'CREATE TEXT SEARCH CONFIGURATION ' || " + name + " || ' (PARSER = ' || " + parser +
             " || ')'",
      .properties = {owner_only("c.cfgowner"),
                     {"parser", parser},
                     {"mappings", R"((SELECT string_agg(
                        (SELECT alias FROM ts_token_type(c.cfgparser) WHERE tokid = m.maptokentype)
                        || ' WITH ' || m.mapdict::regdictionary, ', '
                        ORDER BY m.maptokentype, m.mapseqno)
                        FROM pg_ts_config_map m WHERE m.mapcfg = c.oid))"}},
      .from = "pg_ts_config c",
      .where = "c.oid >= 16384 AND " + sql_not_of_extension("pg_ts_config", "c.oid"),
  };
}

}  // namespace

std::vector<CatalogKind> text_search_kinds(const ServerTraits&) {
  return {
      {.id = "ts parser", .queries = {parsers()}},
      {.id = "ts template", .queries = {templates()}},
      {.id = "ts dictionary", .queries = {dictionaries()}},
      {.id = "ts configuration", .queries = {configurations()}},
  };
}

}  // namespace drydock
