#include "harness/observe/catalog_watch.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace drydock {
namespace {

using enum WatchRole;

const std::string kUsersOwn = "w.oid >= 16384";

/// A catalog whose rows are units of `kind`.
CatalogWatch units(const std::string& catalog, const std::string& kind,
                   const std::string& where = kUsersOwn) {
  return {.catalog = catalog,
          .role = kObject,
          .id = "w.oid",
          .target = "'" + kind + " ' || w.oid",
          .where = where};
}

/// A catalog whose rows are fetched as a whole.
CatalogWatch whole(const std::string& catalog, const std::string& kind,
                   const std::string& where = kUsersOwn, WatchRole role = kObject) {
  return {.catalog = catalog,
          .role = role,
          .id = "w.oid",
          .target = "'" + kind + " 0'",
          .where = where};
}

/// A catalog whose rows belong to a row of another one and never vanish alone.
CatalogWatch part_of(const std::string& catalog, const std::string& owner, const std::string& oid,
                     const std::string& more = "") {
  return {.catalog = catalog,
          .role = kUncounted,
          .id = "'-'",
          .target = "'@" + owner + " ' || w." + oid,
          .where = "w." + oid + " >= 16384" + more};
}

/// Comments or labels. `where` narrows the rows to those that can concern us.
CatalogWatch annotations(const std::string& catalog, const std::string& id,
                         const std::string& where) {
  return {.catalog = catalog,
          .role = kAnnotation,
          .id = "w.objoid || '.' || " + id,
          .target = "'@' || w.classoid::regclass || ' ' || w.objoid",
          .where = where};
}

std::vector<CatalogWatch> relation_watches() {
  const std::string kind = R"(CASE w.relkind WHEN 'i' THEN 'index ' WHEN 'I' THEN 'index '
      WHEN 'S' THEN 'sequence ' WHEN 'c' THEN 'type ' WHEN 'v' THEN 'view ' WHEN 'm' THEN 'view '
      ELSE 'table ' END || CASE w.relkind WHEN 'c' THEN w.reltype ELSE w.oid END
      || CASE WHEN w.relkind IN ('r', 'p', 'm', 'f') THEN ' ~ ' || w.oid
         WHEN w.relkind = 'c' THEN ' ~types 0' ELSE '' END)";
  // 99 is pg_toast. A change to a toast table's options changes its table's row as well.
  CatalogWatch relations = units("pg_class", "",
                                 kUsersOwn +
                                     " AND w.relnamespace <> 99"
                                     " AND w.relpersistence <> 't'");
  relations.target = kind;
  // Before 14 an index becomes invalid in place, without a new row version.
  CatalogWatch indexes = part_of("pg_index", "pg_class", "indexrelid");
  indexes.target += " || ' ~ ' || w.indrelid";
  indexes.changed_too = "NOT w.indisvalid";
  CatalogWatch inheritance{.catalog = "pg_inherits",
                           .role = kDetail,
                           .id = "w.inhrelid || '.' || w.inhparent",
                           .target =
                               "'@pg_class ' || w.inhrelid || ' ~ ' || w.inhrelid"
                               " || ' ~ ' || w.inhparent",
                           .where = "w.inhrelid >= 16384"};
  return {relations,
          part_of("pg_attribute", "pg_class", "attrelid", " AND w.attnum > 0"),
          indexes,
          inheritance,
          part_of("pg_sequence", "pg_class", "seqrelid"),
          part_of("pg_foreign_table", "pg_class", "ftrelid")};
}

std::vector<CatalogWatch> table_part_watches() {
  // ADD CONSTRAINT … USING INDEX makes an index the constraint's without touching the index's row.
  CatalogWatch constraints = units("pg_constraint", "constraint");
  constraints.target += R"( || CASE WHEN w.contype IN ('p', 'u', 'x')
      THEN ' index ' || w.conindid ELSE '' END
      || CASE w.conrelid WHEN 0 THEN ' ~types 0' ELSE ' ~ ' || w.conrelid END)";
  // The triggers behind a constraint tell whether it is enforced.
  CatalogWatch triggers = units("pg_trigger", "trigger");
  triggers.target = R"(CASE WHEN w.tgisinternal AND w.tgconstraint <> 0
      THEN '@pg_constraint ' || w.tgconstraint ELSE 'trigger ' || w.oid END)";
  CatalogWatch rules = units("pg_rewrite", "rule");
  rules.target = R"(CASE w.rulename WHEN '_RETURN' THEN '@pg_class ' || w.ev_class
      ELSE 'rule ' || w.oid END)";
  return {constraints, triggers, rules, units("pg_policy", "policy"),
          units("pg_statistic_ext", "statistics")};
}

std::vector<CatalogWatch> type_and_function_watches() {
  CatalogWatch types =
      units("pg_type", "type",
            kUsersOwn +
                " AND w.typtype <> 'm'"
                " AND NOT (w.typcategory = 'A' AND w.typlen = -1 AND w.typelem <> 0)");
  types.target = R"(CASE w.typtype WHEN 'c' THEN '@pg_class ' || w.typrelid
      ELSE 'type ' || w.oid || ' ~types 0' END)";
  // A label that is renamed prints differently in every default and condition that names it.
  CatalogWatch labels{.catalog = "pg_enum",
                      .role = kRenamesOnly,
                      .id = "w.oid",
                      .target = "'@pg_type ' || w.enumtypid",
                      .where = kUsersOwn};
  return {types, labels, units("pg_proc", "function"), whole("pg_language", "language"),
          whole("pg_event_trigger", "event trigger")};
}

std::vector<CatalogWatch> operator_watches() {
  CatalogWatch access_operators = whole("pg_amop", "operator family", kUsersOwn, kDetail);
  CatalogWatch access_functions = whole("pg_amproc", "operator family", kUsersOwn, kDetail);
  return {whole("pg_operator", "operator"), whole("pg_opfamily", "operator family"),
          access_operators, access_functions,
          // Which class is a type's default decides how index definitions print; casts have a say.
          whole("pg_opclass", "operator class", kUsersOwn, kEverything),
          whole("pg_cast", "cast", kUsersOwn, kEverything), whole("pg_am", "access method"),
          whole("pg_collation", "collation"), whole("pg_conversion", "conversion"),
          whole("pg_transform", "transform")};
}

std::vector<CatalogWatch> text_search_watches() {
  return {whole("pg_ts_parser", "ts parser"),
          whole("pg_ts_template", "ts template"),
          whole("pg_ts_dict", "ts dictionary"),
          whole("pg_ts_config", "ts configuration"),
          {.catalog = "pg_ts_config_map",
           .role = kDetail,
           .id = "w.mapcfg || '.' || w.maptokentype || '.' || w.mapseqno",
           .target = "'ts configuration 0'",
           .where = "w.mapcfg >= 16384"}};
}

std::vector<CatalogWatch> exchange_watches(const ServerTraits& server) {
  std::vector<CatalogWatch> watches = {
      whole("pg_foreign_data_wrapper", "wrapper"), whole("pg_foreign_server", "server"),
      whole("pg_publication", "publication"),
      whole("pg_publication_rel", "publication", kUsersOwn, kDetail)};
  if (server.since(15)) {
    watches.push_back(whole("pg_publication_namespace", "publication", kUsersOwn, kDetail));
  }
  if (server.superuser) {
    watches.push_back(whole("pg_user_mapping", "user mapping"));
    watches.push_back(whole("pg_subscription", "subscription"));
  }
  return watches;
}

std::vector<CatalogWatch> database_watches() {
  const std::string this_database =
      "(SELECT oid FROM pg_database WHERE datname = current_database())";
  // Members of extensions are left out of snapshots: who is a member decides over everything.
  CatalogWatch members{.catalog = "pg_depend",
                       .role = kEverything,
                       .id = "w.classid || '.' || w.objid || '.' || w.refobjid || w.deptype::text",
                       .target =
                           "CASE w.deptype WHEN 'x' THEN 'extension dependency 0'"
                           " ELSE 'extension 0' END",
                       .where = "w.refclassid = 'pg_extension'::regclass"};
  CatalogWatch settings{.catalog = "pg_db_role_setting",
                        .role = kDetail,
                        .id = "w.setdatabase || '.' || w.setrole",
                        .target = "'role 0 database 0'",
                        .where = "w.setdatabase = 0 OR w.setdatabase = " + this_database};
  return {whole("pg_database", "database", "w.oid = " + this_database),
          settings,
          whole("pg_namespace", "schema",
                R"((w.oid >= 16384 OR w.oid = 2200) AND w.nspname NOT LIKE 'pg\_%')"),
          whole("pg_extension", "extension", "true", kEverything),
          members,
          whole("pg_default_acl", "default privileges")};
}

std::vector<CatalogWatch> cluster_watches(const ServerTraits& server) {
  std::vector<CatalogWatch> watches = {
      {.catalog = "pg_auth_members",
       .role = kDetail,
       .id = server.since(16) ? "w.oid" : "w.roleid || '.' || w.member",
       .target = "'membership 0'",
       .where = "true"},
      whole("pg_tablespace", "tablespace")};
  if (server.superuser)
    watches.push_back(whole("pg_authid", "role", R"(w.rolname NOT LIKE 'pg\_%')"));
  if (server.since(15)) watches.push_back(whole("pg_parameter_acl", "parameter"));
  return watches;
}

std::vector<CatalogWatch> annotation_watches() {
  const std::string column = "w.classoid || '.' || w.objsubid";
  return {annotations("pg_description", column, "w.objoid >= 16384"),
          annotations("pg_description", column,
                      "w.objoid = 2200 AND w.classoid = 'pg_namespace'::regclass"),
          annotations("pg_shdescription", "w.classoid", "true"),
          annotations("pg_seclabel", column + " || '.' || w.provider", "true"),
          annotations("pg_shseclabel", "w.classoid || '.' || w.provider", "true")};
}

/// Leading number of `text`, which loses it and one separator after it.
std::uint32_t take_number(std::string_view& text) {
  std::uint32_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number).ptr;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty()) text.remove_prefix(1);
  return number;
}

CatalogRow parse_row(std::string_view text) {
  CatalogRow row;
  const std::size_t id_end = text.find(' ');
  row.id = text.substr(0, id_end);
  text.remove_prefix(id_end + 1);
  while (!text.empty()) {
    const std::size_t kind_end = text.find_first_of("0123456789") - 1;
    const std::string kind(text.substr(0, kind_end));
    text.remove_prefix(kind_end + 1);
    row.targets.push_back({kind, take_number(text)});
  }
  return row;
}

}  // namespace

std::vector<CatalogWatch> catalog_watches(const ServerTraits& server) {
  std::vector<CatalogWatch> watches;
  for (const auto& family : {relation_watches(), table_part_watches(), type_and_function_watches(),
                             operator_watches(), text_search_watches(), exchange_watches(server),
                             database_watches(), cluster_watches(server), annotation_watches()}) {
    watches.insert(watches.end(), family.begin(), family.end());
  }
  return watches;
}

std::string changes_statement(const std::vector<CatalogWatch>& watches,
                              const std::vector<std::size_t>& which) {
  std::string sql = "SELECT -1, NULL::bigint, pg_snapshot_xmin(pg_current_snapshot())::xid::text";
  for (const std::size_t i : which) {
    const CatalogWatch& watch = watches[i];
    // age() orders transaction ids right across their wrap-around. In a subquery it is called once.
    std::string is_new = "age(w.xmin) <= (SELECT age($1::xid))";
    if (!watch.changed_too.empty()) is_new = "(" + is_new + " OR " + watch.changed_too + ")";
    const std::string row = fmt::format("{} || ' ' || {}", watch.id, watch.target);
    sql += watch.counted()
               ? fmt::format(
                     "\nUNION ALL SELECT {}, count(*), string_agg({}, ',') FILTER (WHERE {})"
                     " FROM {} w WHERE {}",
                     i, row, is_new, watch.catalog, watch.where)
               : fmt::format(
                     "\nUNION ALL SELECT {}, NULL, string_agg(DISTINCT {}, ',') FROM {} w"
                     " WHERE $1::xid <> '{}'::xid AND ({}) AND {}",
                     i, row, watch.catalog, kBeforeEverything, watch.where, is_new);
  }
  return sql;
}

bool is_often_written(const std::string& catalog) {
  static const std::set<std::string> often = {"pg_class",      "pg_attribute", "pg_index",
                                              "pg_constraint", "pg_type",      "pg_depend"};
  return often.contains(catalog);
}

std::string written_statement(const std::vector<std::string>& catalogs) {
  std::string oids;
  for (const std::string& catalog : catalogs) {
    oids += fmt::format("{}'pg_catalog.{}'::regclass", oids.empty() ? "" : ", ", catalog);
  }
  return fmt::format(
      "SELECT string_agg((pg_stat_get_tuples_inserted(c) + pg_stat_get_tuples_updated(c)"
      " + pg_stat_get_tuples_deleted(c))::text, ' ' ORDER BY place)"
      " FROM unnest(ARRAY[{}]::oid[]) WITH ORDINALITY u(c, place)",
      oids);
}

std::string list_statement(const CatalogWatch& watch) {
  return fmt::format("SELECT string_agg(({})::text, ',') FROM {} w WHERE {}", watch.id,
                     watch.catalog, watch.where);
}

std::vector<CatalogRow> parse_changes(std::string_view text) {
  std::vector<CatalogRow> rows;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    rows.push_back(parse_row(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return rows;
}

}  // namespace drydock
