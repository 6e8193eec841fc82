// The test cases of tenant isolation in JUnit: beside the checks' own, one for each table with rows
// of tenants, so that a build server tells by name which table is open.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

struct TableCase {
  std::string name;  ///< "rls public.lots"
  Outcome outcome = Outcome::kErrored;
  std::string reason;                    ///< why it was skipped
  std::vector<const Finding*> findings;  ///< on what binds the table and what got through
  std::string told;                      ///< what was tried, as lines; may be empty
};

/// The tables that were looked at anew behind a migration, or that a finding told with it is about.
/// Points into `migration`. Fails by findings of rls-coverage, rls-isolation and rls-bypass that
/// hold back at `gate`.
std::vector<TableCase> table_cases(const MigrationResult& migration, Severity gate);

}  // namespace drydock
