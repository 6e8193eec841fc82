// What a table asks of its rows, as the catalogs tell it. Plain values; expressions are SQL texts
// as the server prints them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace drydock {

using Oid = std::uint32_t;

enum class TypeKind { kBase, kDomain, kEnum, kComposite, kRange, kMultirange, kArray, kPseudo };

struct CompositeField {
  std::string name;  ///< quoted where SQL needs it
  Oid type = 0;
  int modifier = -1;
  bool operator==(const CompositeField&) const = default;
};

struct TypeShape {
  Oid oid = 0;
  TypeKind kind = TypeKind::kBase;
  std::string name;  ///< bare: "int4", "citext"
  std::string sql;   ///< as SQL calls it: "integer", "public.citext"
  char category = 'U';
  Oid base = 0;  ///< of a domain; element of an array; subtype of a range; range of a multirange
  int modifier = -1;                ///< of a domain's base type
  bool not_null = false;            ///< of a domain
  std::vector<std::string> checks;  ///< of a domain, about VALUE
  std::vector<std::string> labels;  ///< of an enum, in order
  std::vector<CompositeField> fields;
  bool operator==(const TypeShape&) const = default;
};

struct ColumnShape {
  int number = 0;
  std::string name;
  Oid type = 0;
  int modifier = -1;
  std::string type_sql;  ///< with its modifier: "character varying(40)"
  bool not_null = false;
  bool generated = false;  ///< computed by the server; takes no value
  bool identity = false;
  std::string default_sql;  ///< empty: none
  std::string sequence;     ///< that feeds it, as SQL calls it; empty: none
  bool operator==(const ColumnShape&) const = default;
};

struct CheckShape {
  std::string name;
  std::string expression;
  bool operator==(const CheckShape&) const = default;
};

struct ForeignKeyShape {
  std::string name;
  Oid parent = 0;
  std::string parent_sql;  ///< as SQL calls it
  bool parent_is_partitioned = false;
  std::vector<std::string> columns, parent_columns;
  std::vector<std::string> parent_types;  ///< with their modifiers
  std::vector<bool> parent_not_null;
  bool deferrable = false;
  bool match_full = false;
  bool implied = false;  ///< by names only: kept where it costs nothing
  bool operator==(const ForeignKeyShape&) const = default;
};

struct UniqueShape {
  std::string name;
  bool primary = false;
  bool deferrable = false;
  bool nulls_alike = false;              ///< NULLS NOT DISTINCT
  std::vector<std::string> columns;      ///< plain columns of the key
  std::vector<std::string> expressions;  ///< the key's parts that are not plain columns
  std::string predicate;                 ///< of a partial index
  bool operator==(const UniqueShape&) const = default;
};

struct ExclusionPart {
  std::string expression;  ///< a column's name, quoted where SQL needs it, or an expression
  std::string op;          ///< "=", "&&"
  bool operator==(const ExclusionPart&) const = default;
};

struct ExclusionShape {
  std::string name;
  std::vector<ExclusionPart> parts;
  std::string predicate;
  bool operator==(const ExclusionShape&) const = default;
};

/// One bound on the way from a partitioned table to one of its leaves.
struct PartitionBound {
  std::string strategy;              ///< "l", "r", "h"
  std::vector<std::string> columns;  ///< of the key; empty text: an expression
  std::string text;                  ///< "FOR VALUES FROM (…) TO (…)", "DEFAULT"
  bool operator==(const PartitionBound&) const = default;
};

struct PartitionLeaf {
  std::vector<PartitionBound> bounds;  ///< from the root down
  std::string condition;               ///< SQL that its rows keep; empty: any
  bool operator==(const PartitionLeaf&) const = default;
};

struct TableShape {
  Oid oid = 0;
  std::string schema, name;
  std::string sql;  ///< qualified, quoted where SQL needs it
  bool partitioned = false;
  std::vector<ColumnShape> columns;
  std::vector<CheckShape> checks;
  std::vector<ForeignKeyShape> foreign_keys;
  std::vector<UniqueShape> uniques;
  std::vector<ExclusionShape> exclusions;
  std::vector<PartitionLeaf> leaves;
  bool operator==(const TableShape&) const = default;

  /// As everybody else calls it: format('%I.%I').
  const std::string& display() const { return sql; }
  const ColumnShape* column(const std::string& wanted) const {
    for (const ColumnShape& each : columns)
      if (each.name == wanted) return &each;
    return nullptr;
  }
  /// `ONLY t`, so that rows of tables that inherit from it are not meant.
  std::string only_sql() const { return partitioned ? sql : "ONLY " + sql; }
};

using TypeMap = std::map<Oid, TypeShape>;

/// `type` with its domains peeled off.
inline const TypeShape& base_type(const TypeMap& types, Oid type) {
  const TypeShape* shape = &types.at(type);
  while (shape->kind == TypeKind::kDomain) shape = &types.at(shape->base);
  return *shape;
}

}  // namespace drydock
