// What a table offers to tries: whose rows it holds, one row of each tenant to copy, a column that
// can be written without touching a key.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// A row as SQL literals, in the order of TenantTable::columns.
struct SampleRow {
  std::vector<std::string> literals;
  std::string place;  ///< condition that holds for this row only: "id = '17'"
  std::string label;  ///< for people: "id = 17, tenant_id = 2f…"
};

struct TenantRows {
  std::string tenant;
  std::int64_t rows = 0;
};

struct IsolationSubject {
  const TenantTable* table = nullptr;
  std::int64_t rows = 0;
  std::int64_t nobody = 0;          ///< rows whose tenant is NULL
  std::vector<TenantRows> tenants;  ///< most rows first
  std::map<std::string, SampleRow> samples;
  /// By reference of the table, by tenant: the parent's key as literals. Only references without
  /// the tenant to tables of tenants.
  std::map<std::string, std::map<std::string, std::vector<std::string>>> parents;
  int written = -1;  ///< index of the column that UPDATE sets; -1: none that is in no key
  std::set<std::string> made_up;  ///< columns whose values the database or chance makes
  bool sees_whole_rows = false;   ///< SELECT on the table, not on some columns only
  bool owner_is_bound = false;    ///< forced, and the owner neither superuser nor BYPASSRLS

  /// By tenant, where policies narrow a session to some of the tenant's rows: how many these are.
  std::map<std::string, std::int64_t> expected;

  std::int64_t rows_of(const std::string& tenant) const;
  std::int64_t own_rows_of(const std::string& tenant) const;
};

/// The tenant of a row `t` as text, and a row of it for people, as SQL expressions.
std::string tenant_text(const TenantTable& table);
std::string label_sql(const TenantTable& table);
/// FROM what: the rows of the table, as `t`, whose tableoid and ctid are in the arrays $1 and $2.
std::string seen_rows(const TenantTable& table);
/// The columns that make a kParent table's tenant; empty for others.
const TenancyReference* tenant_reference(const TenantTable& table);

/// Reads as the administrator; samples not yet. `role` is who will try.
IsolationSubject read_subject(Session& session, const TenantTable& table, const std::string& role);

/// Adds a sample of each of `tenants`, and keys of their parents. `tables`: all of the tenancy.
void read_samples(Session& session, IsolationSubject& subject,
                  const std::vector<std::string>& tenants, const std::vector<TenantTable>& tables);

/// Another sample of the tenant, one that fits the condition over `t` if there is any.
void read_sample(Session& session, IsolationSubject& subject, const std::string& tenant,
                 const std::string& preferred);

}  // namespace drydock
