// Ways around row security that need no object: attributes of the role, and roles that it is a
// member of, whom row security does not bind.
#pragma once

#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// kRoleAttribute and kOwnership: the shortest chain of memberships to each role that is a
/// superuser, has BYPASSRLS, or owns one of `tables` that is not FORCEd. `role` exists.
std::vector<BypassPath> role_ways(Session& session, const std::string& role,
                                  const std::vector<TenantTable>& tables);

/// Why row security on `table` does not bind `user`: "wms_owner, its owner, …"; empty: it does.
std::string why_not_bound(Session& session, const std::string& user, const TenantTable& table);

}  // namespace drydock
