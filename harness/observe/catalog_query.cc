#include "harness/observe/catalog_query.h"

#include <fmt/format.h>

namespace drydock {

std::string select_statement(const CatalogQuery& query, bool all, bool by_oid) {
  std::string sql =
      fmt::format("SELECT {}, {}, {}, {}, {}, {}, {}, {}", query.unit, query.oid, query.sub,
                  query.kind, query.name, query.parent_kind, query.parent_name, query.ddl);
  for (const PropertyQuery& property : query.properties) sql += ",\n  " + property.sql;
  sql += "\nFROM " + query.from + "\nWHERE (" + query.where + ")";
  if (by_oid) sql += " AND " + query.unit + (all ? " >= 16384" : " = ANY ($1::oid[])");
  return sql;
}

std::string sql_relation_kind(const std::string& relkind) {
  return "CASE " + relkind +
         " WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'"
         " WHEN 'S' THEN 'sequence' WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' ELSE 'table' END";
}

std::string sql_not_of_extension(const std::string& catalog, const std::string& oid) {
  return fmt::format(
      "{} NOT IN (SELECT objid FROM pg_depend WHERE refclassid = 'pg_extension'::regclass"
      " AND classid = '{}'::regclass AND deptype = 'e')",
      oid, catalog);
}

std::string sql_not_temporary(const std::string& namespace_oid) {
  return namespace_oid + R"( NOT IN (SELECT oid FROM pg_namespace WHERE nspname LIKE 'pg\_temp\_%'
    OR nspname LIKE 'pg\_toast%'))";
}

PropertyQuery owner_and_privileges(const std::string& acl, char object_type,
                                   const std::string& owner) {
  return {"",
          fmt::format("{0}, CASE WHEN {0} IS NOT NULL THEN acldefault('{1}', {2}) END,"
                      " pg_get_userbyid({2})",
                      acl, object_type, owner),
          DifferenceClass::kSecurity, PropertyForm::kOwner};
}

PropertyQuery owner_only(const std::string& owner) {
  return {"owner", "pg_get_userbyid(" + owner + ")", DifferenceClass::kSecurity};
}

}  // namespace drydock
