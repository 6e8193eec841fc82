// Tables with rows of tenants made by hand, and what came of everything that was tried on them.
#pragma once

#include <string>
#include <vector>

#include "harness/model/isolation_evidence.h"

namespace drydock::testing {

/// A table with one policy that holds against everything.
TableIsolation held_table(const std::string& name);

/// One of each kind: exempt, held, by its parent and seen before, leaky, not tried.
std::vector<TableIsolation> tenant_tables();

}  // namespace drydock::testing
