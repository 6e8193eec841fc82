#include "harness/observe/catalog_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>

#include "harness/observe/catalog_text.h"

namespace drydock {
namespace {

using enum DifferenceClass;

// Numbered as the fields of CatalogQuery.
enum HeaderColumn { kUnit, kOid, kSub, kKind, kName, kParentKind, kParentName, kDdl };

template <typename Number>
Number number(std::string_view text) {
  Number value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// Options that decide who sees or does what, whatever the class of their neighbours.
DifferenceClass option_weight(const std::string& key, DifferenceClass otherwise) {
  const bool decides_rights = key == "security_barrier" || key == "security_invoker" ||
                              key == "search_path" || key == "row_security" || key == "role" ||
                              key == "session_authorization";
  return decides_rights ? kSecurity : otherwise;
}

/// Some releases number the versions of a column in its options; no statement sets it, and dumps
/// leave it out.
bool is_servers_own(const std::string& key) { return key == "pg_attver"; }

void add_options(const PropertyQuery& query, std::string_view text,
                 std::vector<Property>& properties) {
  for (const std::string& option : parse_array(text)) {
    auto [key, value] = split_option(option);
    if (is_servers_own(key)) continue;
    // An empty value is still an option: quotes tell it from one that is not set.
    if (value.empty()) value = "''";
    properties.push_back({query.name + " " + key, value, option_weight(key, query.weight)});
  }
}

void add_privileges(std::string_view acl, std::string_view standard, std::string_view owner,
                    std::vector<Property>& properties) {
  if (acl.empty()) return;
  for (auto& [role, privileges] : departures(acl, standard, owner)) {
    properties.push_back({"privileges: " + role, std::move(privileges), kSecurity});
  }
}

/// Adds what one PropertyQuery selected; `column` moves past its columns.
void add_properties(const PropertyQuery& query, const Rows& rows, int row, int& column,
                    std::vector<Property>& properties) {
  const std::string_view first = rows.at(row, column++);
  switch (query.form) {
    case PropertyForm::kValue:
      if (!first.empty()) properties.push_back({query.name, std::string(first), query.weight});
      return;
    case PropertyForm::kOptions:
      if (!first.empty()) add_options(query, first, properties);
      return;
    case PropertyForm::kPrivileges:
    case PropertyForm::kOwner: {
      const std::string_view standard = rows.at(row, column++);
      const std::string_view owner = rows.at(row, column++);
      if (query.form == PropertyForm::kOwner) {
        properties.push_back({"owner", std::string(owner), kSecurity});
      }
      add_privileges(first, standard, owner, properties);
      return;
    }
  }
}

CatalogObject object_of_row(const CatalogQuery& query, const Rows& rows, int row,
                            const Annotations& annotations) {
  CatalogObject found;
  found.unit = number<std::uint32_t>(rows.at(row, kUnit));
  found.oid = number<std::uint32_t>(rows.at(row, kOid));
  found.sub = number<int>(rows.at(row, kSub));
  auto object = std::make_shared<SchemaObject>();
  object->key = {std::string(rows.at(row, kKind)), std::string(rows.at(row, kName))};
  if (!rows.at(row, kParentKind).empty()) {
    object->parent = {std::string(rows.at(row, kParentKind)),
                      std::string(rows.at(row, kParentName))};
  }
  object->ddl = rows.at(row, kDdl);
  object->weight = query.weight;
  int column = CatalogQuery::kHeaderColumns;
  for (const PropertyQuery& property : query.properties) {
    add_properties(property, rows, row, column, object->properties);
  }
  if (const auto at = annotations.find(found.oid); at != annotations.end()) {
    for (const Annotation& annotation : at->second) {
      if (annotation.sub == found.sub && annotation.catalog == query.catalog) {
        object->properties.push_back(annotation.property);
      }
    }
  }
  object->properties.shrink_to_fit();
  found.object = std::move(object);
  return found;
}

/// One of the two statements of a query; prepared, because planning costs more than running.
Rows run(Connection& connection, const std::string& name, const std::string& sql,
         const std::vector<std::uint32_t>* oids) {
  if (oids == nullptr) return connection.query_prepared(name + " all", sql, {});
  return connection.query_prepared(name, sql, {oid_array(*oids)});
}

}  // namespace

std::string oid_array(const std::vector<std::uint32_t>& oids) {
  return fmt::format("{{{}}}", fmt::join(oids, ","));
}

Annotations read_annotations(Connection& connection, const std::vector<std::uint32_t>* oids) {
  const std::string local =
      oids ? "objoid = ANY ($1::oid[])"
           : "(objoid >= 16384 OR (objoid = 2200 AND classoid = 'pg_namespace'::regclass))";
  const std::string any = oids ? "objoid = ANY ($1::oid[])" : "true";
  const std::string sql =
      "SELECT objoid, classoid::regclass, objsubid, '', description FROM pg_description WHERE " +
      local +
      " UNION ALL SELECT objoid, classoid::regclass, 0, '', description FROM pg_shdescription "
      "WHERE " +
      any +
      " UNION ALL SELECT objoid, classoid::regclass, objsubid, provider, label FROM pg_seclabel"
      " WHERE " +
      any +
      " UNION ALL SELECT objoid, classoid::regclass, 0, provider, label FROM pg_shseclabel WHERE " +
      any + " ORDER BY 1, 2, 3, 4";
  const Rows rows = run(connection, "drydock annotations", sql, oids);
  Annotations annotations;
  for (int row = 0; row < rows.size(); ++row) {
    const std::string provider(rows.at(row, 3));
    const bool comment = provider.empty();
    annotations[number<std::uint32_t>(rows.at(row, 0))].push_back(
        {std::string(rows.at(row, 1)),
         number<int>(rows.at(row, 2)),
         {comment ? "comment" : "security label: " + provider, std::string(rows.at(row, 4)),
          comment ? kCosmetic : kSecurity}});
  }
  return annotations;
}

std::vector<std::vector<CatalogObject>> read_objects(Connection& connection,
                                                     const std::vector<ObjectsWanted>& wanted,
                                                     const Annotations& annotations) {
  std::vector<PreparedQuery> queries;
  for (const ObjectsWanted& want : wanted) {
    const bool all = want.units == nullptr || !want.kind->by_oid;
    for (std::size_t i = 0; i < want.kind->queries.size(); ++i) {
      PreparedQuery query{
          fmt::format("drydock {} {}{}", want.kind->id, i, all ? " all" : ""), {}, {}};
      if (!connection.has_prepared(query.name)) {
        query.sql = select_statement(want.kind->queries[i], all, want.kind->by_oid);
      }
      if (!all) query.parameters = {oid_array(*want.units)};
      queries.push_back(std::move(query));
    }
  }
  const std::vector<Rows> answers = connection.query_prepared_all(queries);
  std::vector<std::vector<CatalogObject>> objects;
  auto answer = answers.begin();
  for (const ObjectsWanted& want : wanted) {
    std::vector<CatalogObject>& found = objects.emplace_back();
    for (const CatalogQuery& query : want.kind->queries) {
      for (int row = 0; row < answer->size(); ++row) {
        found.push_back(object_of_row(query, *answer, row, annotations));
      }
      ++answer;
    }
  }
  return objects;
}

}  // namespace drydock
