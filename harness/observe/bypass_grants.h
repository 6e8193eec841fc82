// Grants that row security has no say in, or that will be there before it is: to PUBLIC, by
// default, TRIGGER, publications.
#pragma once

#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"
#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// kPublicGrant, kDefaultPrivileges, kPrivilege (TRIGGER) and kPublication, as the catalogs say.
/// `role` exists. Tables of default privileges are yet to come: `table` is empty there. What is
/// granted to PUBLIC begins with the step "PUBLIC".
std::vector<BypassPath> grant_ways(Session& session, const std::string& role,
                                   const std::vector<TenantTable>& tables);

}  // namespace drydock
