// Who stands for which tenant, from what each of several callers sees. Pure.
//
// A caller that sees the rows of one tenant stands for it. One that sees several tenants' (a member
// of two) still can, as long as no two that are held against each other see each other's rows.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/observe/tenant_context.h"

namespace drydock {

struct KnownTenant {
  std::string tenant;
  ContextSteps steps;
  std::set<std::string> seen;
};

/// One for each tenant at most; `seen[i]` is what `steps[i]` shows. Who sees one tenant's rows
/// comes first.
std::vector<KnownTenant> known_tenants(const std::vector<ContextSteps>& steps,
                                       const std::vector<std::set<std::string>>& seen);

/// A context for these tenants only.
TenantContext known_context(const std::vector<KnownTenant>& known, const std::string& words);

}  // namespace drydock
