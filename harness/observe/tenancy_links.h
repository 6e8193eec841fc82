// How each table's rows come to a tenant: by a column of their own, through the row they refer to,
// or by being the tenant's own row. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "harness/model/scenario.h"
#include "harness/observe/tenancy_catalog.h"

namespace drydock {

struct CatalogLink {
  TenantLink link = TenantLink::kColumn;
  int column = 0;                          ///< 0 for kParent
  const CatalogForeignKey* key = nullptr;  ///< of kParent, in the catalog's table
  int depth = 0;                           ///< foreign keys to the table that has the column
};

using CatalogLinks = std::map<std::uint32_t, CatalogLink>;

/// Tables of tenants by oid. Partitions are not in it, nor children of a table that is.
/// `catalog` must outlive the result.
CatalogLinks tenancy_links(const TenancyCatalog& catalog, const IsolationRules& rules);

/// The tenant of a row of `table` that SQL calls `alias`: alias.tenant_id, or a subquery.
std::string tenant_expression(const TenancyCatalog& catalog, const CatalogLinks& links,
                              std::uint32_t table, const std::string& alias);

/// The same in words: "tenant_id", "order_id → public.orders.tenant_id".
std::string tenant_words(const TenancyCatalog& catalog, const CatalogLinks& links,
                         std::uint32_t table);

/// The column at the end of the link. REQUIRES: `table` is in `links`.
const CatalogColumn& tenant_value_column(const TenancyCatalog& catalog, const CatalogLinks& links,
                                         std::uint32_t table);

/// Why the scenario exempts the table; nullptr: it does not.
const std::string* exemption_of(const CatalogTable& table, const IsolationRules& rules);

}  // namespace drydock
