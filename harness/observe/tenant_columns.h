// Which column of a table says whose a row is.
//
// A column that a policy compares with the context (a setting, the current role, a function that
// reads one of these) is the best witness; names are the next, and with them what other tables'
// policies call the same thing. A name proves little by itself: an account_id beside a tenant_id is
// a ledger's account. Pure: it looks at what the catalogs hold.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/observe/tenancy_catalog.h"

namespace drydock {

/// By table the number of its column; tables without one are not in it. `given` are the scenario's
/// names, "tenant_id" or "public.lots.tenant_id"; empty: policies and the usual names decide.
std::map<std::uint32_t, int> tenant_columns(const TenancyCatalog& catalog,
                                            const std::vector<std::string>& given);

/// Columns by which policies look up in other tables who may see a row: whose the row is where
/// nothing else tells.
std::map<std::uint32_t, int> looked_up_columns(const TenancyCatalog& catalog);

/// Who made or changed a row is not whose it is: "created_by", "deleted_by_id".
bool is_audit_column(const std::string& name);

/// Columns of people rather than of customers (user_id, owner_id): whose a row is only where a
/// policy of the very table says so.
bool is_personal_column(const std::string& name);

/// A tenant's value can have this type: no number with a fraction, no boolean, no date.
bool can_tell_tenants(const CatalogColumn& column);

}  // namespace drydock
