// Which role plays the application, and what the catalogs let it do.
#pragma once

#include <string>
#include <vector>

#include "harness/observe/tenancy.h"
#include "harness/observe/tenancy_catalog.h"

namespace drydock {

/// `others`: roles that could have been chosen as well.
struct RoleChoice {
  ApplicationRole role;
  std::vector<std::string> others;
};

/// `tables`: the tables of tenants. As read_tenancy says.
RoleChoice choose_application_role(Session& session, const IsolationRules& rules,
                                   const std::vector<TenantTable>& tables,
                                   const std::string& migrating);

/// Fills what depends on the role: privileges, privileges_assumed, role_is_owner, whether a policy
/// applies, and what it may do with each column. A role that does not exist may do nothing.
void fill_privileges(Session& session, const ApplicationRole& role, const TenancyCatalog& catalog,
                     std::vector<TenantTable>& tables);

}  // namespace drydock
