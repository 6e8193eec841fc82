// Two tenants to try against each other on as many tables as possible.
#pragma once

#include <string>
#include <vector>

#include "harness/observe/tenancy.h"
#include "harness/observe/tenant_context.h"
#include "harness/postgres/session.h"

namespace drydock {

/// `own` is known to the context; `other` has rows in each of `tables`.
struct TenantPair {
  std::string own, other;
  std::vector<const TenantTable*> tables;
};

/// Several pairs where no one tenant has rows in all tables; tables with rows of one tenant or none
/// are in no pair.
std::vector<TenantPair> tenant_pairs(Session& session, const TenantContext& context,
                                     const std::vector<const TenantTable*>& tables);

}  // namespace drydock
