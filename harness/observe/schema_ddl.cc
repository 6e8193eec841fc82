#include "harness/observe/schema_ddl.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "harness/base/text.h"
#include "harness/observe/catalog_text.h"
#include "harness/observe/schema_ddl_words.h"

namespace drydock {
namespace {

std::string column_definition(const SchemaObject& column) {
  std::string sql = own_name(column) + " " + value_of(column, "type");
  if (auto v = value_of(column, "collation"); !v.empty()) sql += " COLLATE " + v;
  if (auto v = value_of(column, "default"); !v.empty()) sql += " DEFAULT " + v;
  if (auto v = value_of(column, "generated"); !v.empty()) sql += " GENERATED " + v;
  if (auto v = value_of(column, "identity"); !v.empty()) sql += " GENERATED " + v + " AS IDENTITY";
  if (!value_of(column, "not null").empty()) sql += " NOT NULL";
  return sql;
}

std::vector<const SchemaObject*> children(const SchemaSnapshot& schema, const ObjectKey& parent) {
  std::vector<const SchemaObject*> found;
  for (const auto& object : schema.objects) {
    if (object->parent == parent) found.push_back(object.get());
  }
  return found;
}

/// "WITH (fillfactor = 70, toast.autovacuum_enabled = off)", or nothing.
std::string storage_options(const SchemaObject& object) {
  std::vector<std::string> options;
  for (const Property& property : object.properties) {
    if (auto key = option_key(property.name); !key.empty()) {
      options.push_back(key + " = " + option_literal(property.value));
    }
  }
  return options.empty() ? "" : " WITH (" + join(options, ", ") + ")";
}

std::string column_list(const SchemaSnapshot& schema, const SchemaObject& parent) {
  std::map<int, std::string> by_position;
  for (const SchemaObject* child : children(schema, parent.key)) {
    const bool listed = child->key.kind == "column" || child->key.kind == "attribute";
    if (listed && value_of(*child, "inherited") != "yes") {
      by_position[std::stoi(value_of(*child, "position"))] = column_definition(*child);
    }
  }
  std::vector<std::string> definitions;
  for (const auto& [position, definition] : by_position) definitions.push_back(definition);
  return "(" + join(definitions, ", ") + ")";
}

std::string create_table(const SchemaSnapshot& schema, const SchemaObject& table) {
  std::string sql = value_of(table, "persistence").empty() ? "CREATE " : "CREATE UNLOGGED ";
  sql += table.key.kind == "table" ? "TABLE " : "FOREIGN TABLE ";
  sql += table.key.name;
  if (auto v = value_of(table, "partition of"); !v.empty()) {
    sql += " PARTITION OF " + v;
  } else if (auto type = value_of(table, "of type"); !type.empty()) {
    sql += " OF " + type;
  } else {
    sql += " " + column_list(schema, table);
  }
  if (auto v = value_of(table, "inherits"); !v.empty()) sql += " INHERITS (" + v + ")";
  if (auto v = value_of(table, "partition key"); !v.empty()) sql += " PARTITION BY " + v;
  if (auto v = value_of(table, "server"); !v.empty()) sql += " SERVER " + v;
  return sql + storage_options(table);
}

std::string create_sequence(const SchemaObject& sequence) {
  return fmt::format(
      "CREATE SEQUENCE {} AS {} INCREMENT BY {} MINVALUE {} MAXVALUE {} START WITH {}"
      " CACHE {}{}",
      sequence.key.name, value_of(sequence, "type"), value_of(sequence, "increment"),
      value_of(sequence, "minimum"), value_of(sequence, "maximum"), value_of(sequence, "start"),
      value_of(sequence, "cache"), value_of(sequence, "cycle").empty() ? "" : " CYCLE");
}

std::string create_view(const SchemaObject& view) {
  const bool materialized = view.key.kind == "materialized view";
  std::string sql = fmt::format("CREATE {} {}{} AS {}", upper_kind(view.key), view.key.name,
                                storage_options(view), trim(value_of(view, "definition")));
  if (sql.ends_with(';')) sql.pop_back();
  if (materialized && !value_of(view, "populated").empty()) sql += " WITH NO DATA";
  return sql;
}

std::string create_column(const SchemaObject& column) {
  if (column.parent.kind.ends_with("view")) return "";
  if (column.key.kind == "attribute") {
    return "ALTER TYPE " + column.parent.name + " ADD ATTRIBUTE " + column_definition(column);
  }
  return fmt::format("ALTER {} {} ADD COLUMN {}", upper_kind(column.parent), column.parent.name,
                     column_definition(column));
}

/// The object alone, without what belongs to it.
std::string create_alone(const SchemaSnapshot& schema, const SchemaObject& object) {
  const std::string& kind = object.key.kind;
  if (!object.ddl.empty()) return std::string(trim(object.ddl));
  if (kind == "table" || kind == "foreign table") return create_table(schema, object);
  if (kind == "column" || kind == "attribute") return create_column(object);
  if (kind == "sequence" && !is_of_identity(object)) return create_sequence(object);
  if (kind.ends_with("view")) return create_view(object);
  if (kind == "type" && value_of(object, "form") == "composite") {
    return "CREATE TYPE " + object.key.name + " AS " + column_list(schema, object);
  }
  return "";
}

bool is_said_apart(const std::string& property) {
  return property == "comment" || property.starts_with("privileges: ") ||
         property.starts_with("row security");
}

/// Sequences that the defaults of a table's columns draw from: they must be there before the table.
std::vector<const SchemaObject*> owned_sequences(const SchemaSnapshot& schema,
                                                 const SchemaObject& owner) {
  std::vector<const SchemaObject*> sequences;
  for (const auto& object : schema.objects) {
    if (object->key.kind != "sequence" || is_of_identity(*object)) continue;
    const bool of_owner =
        object->parent == owner.key ||
        (object->parent.kind == "column" && object->parent.name.starts_with(owner.key.name + "."));
    if (of_owner) sequences.push_back(object.get());
  }
  return sequences;
}

void append_parts(const SchemaSnapshot& schema, const SchemaObject& object,
                  std::vector<std::string>& statements) {
  // Constraints first: foreign keys and indexes may need the keys.
  for (const char* kind : {"constraint", "index", "statistics", "rule", "trigger", "policy"}) {
    for (const SchemaObject* child : children(schema, object.key)) {
      if (child->key.kind == kind && !child->ddl.empty()) statements.push_back(child->ddl);
    }
  }
  const SchemaObject nothing{object.key, {}, "", object.weight, object.parent};
  for (const Property& property : object.properties) {
    if (is_said_apart(property.name)) {
      statements.push_back(mend_statement(object, nothing, property.name));
    }
  }
}

}  // namespace

std::string value_of(const SchemaObject& object, const std::string& property) {
  for (const Property& candidate : object.properties) {
    if (candidate.name == property) return candidate.value;
  }
  return "";
}

std::string own_name(const SchemaObject& object) {
  const std::string& name = object.key.name;
  const std::string before = object.parent.name + ".", after = " on " + object.parent.name;
  if (object.parent.kind.empty()) return name;
  if (name.starts_with(before)) return name.substr(before.size());
  if (name.ends_with(after)) return name.substr(0, name.size() - after.size());
  return name;
}

std::string create_statement(const SchemaSnapshot& schema, const SchemaObject& object) {
  std::vector<std::string> statements, owned;
  const bool has_columns = object.key.kind == "table" || object.key.kind == "column";
  for (const SchemaObject* sequence :
       has_columns ? owned_sequences(schema, object) : std::vector<const SchemaObject*>()) {
    statements.push_back(create_sequence(*sequence));
    owned.push_back("ALTER SEQUENCE " + sequence->key.name + " OWNED BY " +
                    value_of(*sequence, "owned by"));
  }
  statements.push_back(create_alone(schema, object));
  statements.insert(statements.end(), owned.begin(), owned.end());
  if (object.key.kind == "sequence" && !value_of(object, "owned by").empty()) {
    statements.push_back("ALTER SEQUENCE " + object.key.name + " OWNED BY " +
                         value_of(object, "owned by"));
  }
  append_parts(schema, object, statements);
  std::erase(statements, "");
  return join(statements, "; ");
}

std::string drop_statement(const SchemaObject& object) {
  const std::string& kind = object.key.kind;
  const ObjectKey& parent = object.parent;
  if (kind == "attribute") {
    return "ALTER TYPE " + parent.name + " DROP ATTRIBUTE " + own_name(object);
  }
  if (kind == "column" || kind == "constraint") {
    if (parent.kind.ends_with("view")) return "";
    return fmt::format("ALTER {} {} DROP {} {}", upper_kind(parent), parent.name,
                       upper_kind(object.key), own_name(object));
  }
  if (kind == "trigger" || kind == "rule" || kind == "policy") {
    if (!value_of(object, "inherited").empty()) return "";
    return fmt::format("DROP {} {} ON {}", upper_kind(object.key), own_name(object), parent.name);
  }
  if (kind == "membership") {
    const std::string grant = object.ddl.substr(0, object.ddl.find(" WITH ADMIN OPTION"));
    const std::size_t to = grant.rfind(" TO ");
    return "REVOKE " + grant.substr(6, to - 6) + " FROM " + grant.substr(to + 4);
  }
  if (kind == "default privileges" || kind == "parameter") {
    std::vector<std::string> statements;
    const SchemaObject nothing{object.key, {}, "", object.weight, parent};
    for (const Property& property : object.properties) {
      statements.push_back(mend_statement(nothing, object, property.name));
    }
    return join(statements, "; ");
  }
  const bool comes_with_another = (kind == "index" && parent.kind == "constraint") ||
                                  (kind == "sequence" && is_of_identity(object)) ||
                                  kind == "database" || kind == "dependency on extension";
  return comes_with_another ? "" : "DROP " + upper_kind(object.key) + " " + object.key.name;
}

std::string rename_statement(const SchemaObject& found, const SchemaObject& expected) {
  if (found.key.kind == "constraint") {
    return fmt::format("ALTER {} {} RENAME CONSTRAINT {} TO {}", upper_kind(found.parent),
                       found.parent.name, own_name(found), own_name(expected));
  }
  return fmt::format("ALTER {} {} RENAME TO {}", upper_kind(found.key), found.key.name,
                     unqualified(expected.key.name));
}

}  // namespace drydock
