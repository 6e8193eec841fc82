// How an object that may lead to other tenants' rows is asked: a SELECT, or calls with arguments
// that somebody would try who wants another tenant's rows.
//
// Nobody knows which arguments a function expects. Those named like a column get that column's
// value from one of the other tenant's rows; else the other tenant's own value, a key of its rows,
// nothing, everything ('' and '%'). A handful of combinations is enough to find the careless.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/observe/bypass_objects.h"
#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Whether a value of one type can stand for one of the other: both text, both integers, the same.
bool same_kind(const std::string& a, const std::string& b);
/// Any text, "character varying(40)" too.
bool is_text(const std::string& type);

/// A tenant's row of one table: values as text by plain column name; NULLs are left out.
struct KnownRow {
  const TenantTable* table = nullptr;
  std::map<std::string, std::string> values;
};

/// Of each table of `tables` that has rows of the tenant's, one. As the administrator.
std::vector<KnownRow> rows_to_ask_for(Session& session,
                                      const std::vector<const TenantTable*>& tables,
                                      const std::string& tenant);

struct BypassCall {
  std::string sql;      ///< as a person would send it
  std::string digest;   ///< gives drydock_rows and drydock_digest; of what writes the call alone
  bool writes = false;  ///< through a view: only what became of the other tenant's rows counts
  /// The administrator's, before: makes room for the row that is to be written.
  std::string setup{};
};

/// The ways to ask `object` for the rows of `tenant`, and to write them, the likeliest first; never
/// empty.
std::vector<BypassCall> calls_of(const BypassObject& object, const std::string& tenant,
                                 const std::string& tenant_type, const std::vector<KnownRow>& rows);

}  // namespace drydock
