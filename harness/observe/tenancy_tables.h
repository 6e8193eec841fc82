// The tables of tenants as probes need them, made of what the catalogs hold. Pure.
#pragma once

#include <vector>

#include "harness/model/scenario.h"
#include "harness/observe/tenancy.h"
#include "harness/observe/tenancy_catalog.h"

namespace drydock {

/// Sorted by name; without what depends on the application's role.
std::vector<TenantTable> tenant_tables(const TenancyCatalog& catalog, const IsolationRules& rules);

}  // namespace drydock
