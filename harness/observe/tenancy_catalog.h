// What the catalogs hold about the user's tables as far as tenancy asks: columns, policies and what
// they read, foreign keys, indexes. One message to the server; no judgement.
//
// System schemas, temporary tables, foreign tables and what belongs to an extension are left out.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Numbers are pg_attribute.attnum throughout.
struct CatalogColumn {
  int number = 0;
  std::string name;       ///< as it is
  std::string sql;        ///< quoted where SQL needs it
  std::string type;       ///< with its modifier: "character varying(40)"
  std::string base_type;  ///< pg_type.typname behind domains: "varchar"
  bool not_null = false;
  bool generated = false;
  bool always_identity = false;
};

struct CatalogPolicy {
  PolicyFact fact;  ///< without `applies`
  std::vector<std::uint32_t> roles;
  bool for_everybody = false;      ///< PUBLIC
  std::set<int> columns;           ///< of its own table, that it reads
  std::set<std::uint32_t> called;  ///< functions of the user's
};

struct CatalogForeignKey {
  std::string name;
  std::uint32_t parent = 0;
  std::vector<int> columns, parent_columns;
  bool cascades = false;  ///< ON DELETE CASCADE: the row is a part of its parent
};

struct CatalogIndex {
  std::string name;
  bool unique = false, primary = false;
  bool whole = false;        ///< valid, without predicate
  std::vector<int> columns;  ///< of the key, without INCLUDE; 0 is an expression
};

struct CatalogTable {
  std::uint32_t oid = 0;
  std::string schema, name;  ///< as they are
  std::string sql;           ///< qualified, quoted where SQL needs it
  std::string owner;
  bool row_security = false, forced = false;
  bool partition = false;
  std::vector<std::uint32_t> inherits;  ///< also the table that it is a partition of
  std::vector<CatalogColumn> columns;
  std::vector<CatalogPolicy> policies;
  std::vector<CatalogForeignKey> foreign_keys;
  std::vector<CatalogIndex> indexes;

  /// nullptr: no such column.
  const CatalogColumn* column(int number) const;
  const CatalogColumn* column(const std::string& name) const;
};

/// A function that a policy calls or that reads settings or the current role.
struct CatalogFunction {
  std::string name;  ///< without schema
  std::string body;
};

struct TenancyCatalog {
  std::map<std::uint32_t, CatalogTable> tables;  ///< partitions and children included
  std::map<std::uint32_t, CatalogFunction> functions;
};

TenancyCatalog read_tenancy_catalog(Session& session);

/// `query` with `value` for each `mark` in it ("$tables").
std::string with_mark(std::string query, std::string_view mark, std::string_view value);

/// 150004: what a server of this version has in its catalogs.
int server_version(Session& session);

/// Lists in these catalogs' answers: "1,5,3" as numbers.
std::vector<std::uint32_t> oids_of(std::string_view list);

}  // namespace drydock
