// What an application would send to a table, made for a table that nobody has described.
//
// Each operation is one statement about one row, with its values written out, so that it locks
// nothing but its table: SELECT, UPDATE, DELETE and SELECT FOR UPDATE by a key, each of a row of
// its own, INSERT of a row that the generator found valid, and EXPLAIN, which plans only.
#pragma once

#include <string>
#include <vector>

#include "harness/data/row_generator.h"
#include "harness/model/lock_evidence.h"
#include "harness/observe/traffic_probes.h"
#include "harness/postgres/session.h"

namespace drydock {

struct ProbePlan {
  std::vector<ProbeStatement> statements;
  std::vector<ProbeResult> impossible;  ///< operations that cannot be tried, with the reason
};

/// The `operations` on `table` (qualified, as SQL calls it). `session` is the administrator's and
/// outside a transaction; what is tried in it is rolled back. `row`: of the generator's for this
/// table; null: it knows none. Throws Error when the table cannot be read.
ProbePlan plan_probes(Session& session, const std::string& table,
                      const std::vector<ProbeOperation>& operations, const TrialRows* row);

/// Which operations are worth a connection each where so many tables share kMostProbes. Fewer
/// operations stand for the others: those that wait for the same locks.
std::vector<ProbeOperation> operations_for(std::size_t tables);

}  // namespace drydock
