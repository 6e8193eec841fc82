// What a policy costs: whether the tenant index still serves, and what is called for every row.
//
// EXPLAIN of a tenant's whole table, by the role under its policies and by the administrator with
// the plain condition, with sequential scans discouraged (enable_seqscan off), so that it is about
// what the planner can do, not about how many rows there happen to be.
#pragma once

#include <optional>

#include "harness/observe/tenancy.h"
#include "harness/observe/tenant_context.h"
#include "harness/postgres/session.h"

namespace drydock {

/// `session` is the administrator's, in an open transaction in which the role exists. None: nothing
/// to look at (no row security, no SELECT, no tenant column).
std::optional<PolicyPlan> explain_policy(Session& session, const Tenancy& tenancy,
                                         const TenantContext& context, const TenantTable& table);

}  // namespace drydock
