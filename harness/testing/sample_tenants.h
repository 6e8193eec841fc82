// Migrations made by hand after which tenant isolation was judged: what the reports of it have to
// show.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock::testing {

/// Everything that can be seen of isolation: tables that hold, leak, are exempt or could not be
/// tried, policies, ways around, mutants noticed and not, plans, hidden rows, windows.
MigrationResult with_isolation();

/// Ids of the checks that with_isolation() was judged by, besides the ordinary ones.
const std::vector<std::string>& isolation_checks();

/// `tables` tables of tenants that hold against everything that is tried, and whose every mutant
/// is noticed.
MigrationResult with_many_tenant_tables(const std::string& id, int tables);

}  // namespace drydock::testing
