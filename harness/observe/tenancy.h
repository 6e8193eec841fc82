// Which tables hold rows of tenants, and what binds whoever asks for them.
//
// A table tells whose a row is by a column with one of the usual names (or the scenario's), by a
// NOT NULL foreign key to such a table, or by being what such columns refer to. Everything else is
// what the catalogs say: pg_class, pg_policy, pg_roles and the privileges of one role.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "harness/model/scenario.h"
#include "harness/postgres/session.h"

namespace drydock {

/// A column as SQL calls it, and its type.
struct TenancyColumn {
  int number = 0;
  std::string name;  ///< quoted where SQL needs it
  std::string type;  ///< "uuid", "character varying(40)"
  bool not_null = false;
  bool writable = true;          ///< takes a value in INSERT (not generated)
  bool always_identity = false;  ///< only with OVERRIDING SYSTEM VALUE
  bool in_primary_key = false;
  bool may_select = false, may_insert = false, may_update = false;  ///< of the application's role
};

/// A unique index that an INSERT can run into.
struct TenancyKey {
  std::string name;
  bool primary = false;
  bool has_tenant = false;  ///< the tenant column is part of it
  std::vector<std::string>
      columns;  ///< plain columns only; keys with expressions or a predicate are left out
};

/// A foreign key to another table of tenants.
struct TenancyReference {
  std::string name;
  std::string parent;  ///< qualified
  std::vector<std::string> columns, parent_columns;
  bool has_tenant = false;  ///< the tenant columns of both are part of it, at the same place
};

/// A table of tenants. What `facts` holds of it is complete but for probes, tenant_a/b, rows,
/// tenants and problem.
struct TenantTable {
  std::uint32_t oid = 0;
  TableIsolation facts;
  std::string sql;            ///< qualified, as SQL calls it
  std::string tenant_column;  ///< empty for kParent
  std::string tenant_type;    ///< type of the tenant's value: "uuid"
  /// The tenant of a row `t` of it as an SQL expression: t.tenant_id, or a subquery.
  std::string tenant_sql;
  std::vector<TenancyColumn> columns;
  std::vector<TenancyKey> keys;
  std::vector<TenancyReference> references;
  std::string tenant_index;  ///< an index that begins with the tenant column; empty: none
  /// A print of what binds the tables that its policies look into, however indirectly, and of the
  /// functions that are called for it; empty: there are none.
  std::string looked_into;
};

/// The role that the application connects as.
struct ApplicationRole {
  std::string name;         ///< empty: there is none (yet)
  std::string words;        ///< "named in the scenario", "the role that the schema grants to", …
  bool made_by_us = false;  ///< it has to be made in the transaction, with all privileges
  std::string problem;      ///< why it cannot play the application: "it is a superuser"
};

struct Tenancy {
  ApplicationRole role;
  std::vector<TenantTable> tables;  ///< sorted by name
  bool any_row_security = false;    ///< on any table of the user's
  std::vector<std::string> notes;   ///< schema per tenant; the role owns the tables …
};

/// Chooses the role: the scenario's as_role; else the one role (neither owner of the tables nor
/// bypassing) that policies name or that has privileges on most tables of tenants; else one of our
/// own, to be made by the caller (application_role_statements).
/// `session` is the administrator's; `migrating` the role that migrates. Reads only.
Tenancy read_tenancy(Session& session, const IsolationRules& rules, const std::string& migrating);

/// What makes the role of our own in the present transaction: NOSUPERUSER NOBYPASSRLS, with the
/// privileges that an application has: USAGE on the schemas; SELECT, INSERT, UPDATE, DELETE on the
/// tables and views; sequences.
std::string application_role_statements(const Tenancy& tenancy, const std::string& name);

/// Tables of tenants with rows, without row security, on which a role other than their owner (and
/// superusers) has privileges: qualified names, sorted. Cheap: asked between two commits of a
/// script.
std::vector<std::string> open_tables(Session& session, const IsolationRules& rules);

}  // namespace drydock
