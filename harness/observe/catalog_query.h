// How one kind of object is read from the catalogs, as a table: a property and the SQL expression
// that gives its value stand side by side, and the query is put together from them.
#pragma once

#include <string>
#include <vector>

#include "harness/model/schema.h"

namespace drydock {

/// How an expression becomes properties. NULL and '' always mean: not set, no property.
enum class PropertyForm {
  kValue,       ///< one property
  kOptions,     ///< text[] of "key=value": one property "<name> key" each
  kPrivileges,  ///< "acl, acldefault, owner": one "privileges: role" for each departure from
                ///< default
  kOwner,       ///< as kPrivileges, and the property "owner"
};

struct PropertyQuery {
  std::string name;
  std::string sql;
  DifferenceClass weight = DifferenceClass::kBehaviour;
  PropertyForm form = PropertyForm::kValue;
};

/// One SELECT. Every field but the classes is an SQL expression over the relations in `from`.
struct CatalogQuery {
  std::string catalog;     ///< that the comments of these objects refer to: pg_class
  std::string unit;        ///< oid under which the objects are fetched again
  std::string oid = unit;  ///< oid in `catalog`
  std::string sub = "0";   ///< column number, or another number unique with the oid
  std::string kind;
  std::string name;
  std::string parent_kind = "NULL";
  std::string parent_name = "NULL";
  std::string ddl = "NULL";
  std::vector<PropertyQuery> properties = {};
  std::string from;
  std::string where;
  DifferenceClass weight = DifferenceClass::kBehaviour;  ///< when missing or extra

  /// Columns before the first property's in a row of the query, in the order of the fields above.
  static constexpr int kHeaderColumns = 8;
};

/// What is fetched again together when one of its catalog rows changes.
struct CatalogKind {
  std::string id;
  /// true: single units are fetched by oid. false: the kind is rare and always fetched as a whole.
  bool by_oid = false;
  /// Its name is printed inside the definitions of other objects, so a rename is felt elsewhere.
  bool name_is_printed = true;
  std::vector<CatalogQuery> queries;
};

/// What the server is and lets us see.
struct ServerTraits {
  int version = 0;        ///< 150020
  bool superuser = true;  ///< pg_authid, pg_user_mapping and pg_subscription can be read
  bool since(int major) const { return version >= major * 10000; }
};

/// The whole statement for all units, or for the units in $1 (oid[]).
std::string select_statement(const CatalogQuery& query, bool all, bool by_oid);

/// SQL fragments that several kinds use.
std::string sql_relation_kind(const std::string& relkind);
/// Condition: `oid` of `catalog` is no member of an extension.
std::string sql_not_of_extension(const std::string& catalog, const std::string& oid);
/// Condition: the schema is no temporary one.
std::string sql_not_temporary(const std::string& namespace_oid);
PropertyQuery owner_and_privileges(const std::string& acl, char object_type,
                                   const std::string& owner);
PropertyQuery owner_only(const std::string& owner);

}  // namespace drydock
