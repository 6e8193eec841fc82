// What was seen of tenant isolation as plain text, for the formats that have no layout of their
// own. All of it is printable, one line a string.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

/// "SELECT without a context: leaked, 1,000 of 1,000 rows", then the statement and the examples.
std::vector<std::string> probe_lines(const IsolationProbe& probe);

/// What binds a table and how many tries were made, then each try that did not simply hold.
std::vector<std::string> table_lines(const TableIsolation& table);

/// The ways that may lead around row security, each with why, and what was seen on it.
std::vector<std::string> way_lines(const std::vector<BypassPath>& paths);

/// How many mutants were noticed, then those that were not.
std::vector<std::string> mutant_lines(const std::vector<PolicyMutant>& mutants);

/// The part of the evidence that a check on tenant isolation judged; empty for other checks. Ends
/// with a newline when it is not empty.
std::string isolation_text(const Rehearsal& evidence, const std::string& check);

}  // namespace drydock
