#include "harness/observe/known_tenants.h"

#include <algorithm>

namespace drydock {
namespace {

void add_known(std::vector<KnownTenant>& known, const ContextSteps& steps,
               const std::set<std::string>& seen) {
  for (const std::string& tenant : seen) {
    const bool apart = std::all_of(known.begin(), known.end(), [&](const KnownTenant& other) {
      return !seen.contains(other.tenant) && !other.seen.contains(tenant);
    });
    if (!apart) continue;
    known.push_back({tenant, steps, seen});
    return;
  }
}

}  // namespace

std::vector<KnownTenant> known_tenants(const std::vector<ContextSteps>& steps,
                                       const std::vector<std::set<std::string>>& seen) {
  std::vector<KnownTenant> known;
  for (const bool one : {true, false}) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if ((seen[i].size() == 1) == one) add_known(known, steps[i], seen[i]);
    }
  }
  return known;
}

TenantContext known_context(const std::vector<KnownTenant>& known, const std::string& words) {
  TenantContext found;
  found.words = words;
  for (const KnownTenant& each : known) found.looked_up.emplace_back(each.tenant, each.steps);
  return found;
}

}  // namespace drydock
