// The ways around row security: views, functions, partitions, memberships, grants, publications.
//
// What leads to rows through an object that runs as somebody else is gone: the role asks in one
// tenant's context, then another tenant's rows are taken away and it asks again. If the answer
// changed, it had seen them. What no query can show (a membership, a publication) stands in the
// catalogs. The shortest way is told.
#pragma once

#include <vector>

#include "harness/observe/tenancy.h"
#include "harness/observe/tenant_context.h"
#include "harness/postgres/session.h"

namespace drydock {

/// `session` is the administrator's, in an open transaction in which the role exists; rolled back
/// to savepoints. `tables`: those with two tenants that the context knows are tried.
std::vector<BypassPath> find_bypass_paths(Session& session, const Tenancy& tenancy,
                                          const TenantContext& context,
                                          const std::vector<TenantTable>& tables);

}  // namespace drydock
