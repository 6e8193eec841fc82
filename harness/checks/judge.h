// All checks over one migration's evidence, with waivers, known findings and the gate applied.
#pragma once

#include <set>
#include <string>

#include "harness/checks/check.h"
#include "harness/model/run_result.h"

namespace drydock {

/// What the user decided beforehand.
struct Policy {
  Severity gate = Severity::kError;  ///< findings at or above it fail the migration
  std::set<std::string> known;       ///< fingerprints accepted as the starting point
  std::string today;                 ///< ISO date: waivers end
};

/// Judges the evidence. Pure.
MigrationResult judge(Rehearsal evidence, const Scenario& scenario, const Policy& policy);

/// Made of check, migration and objects (Finding::known_by, where a finding has them) only: it
/// survives any rewording, and a new object is a new finding.
std::string fingerprint(const std::string& check, const std::string& migration,
                        const std::vector<std::string>& objects);

/// The outcome of everything: errored before failed before passed.
Outcome overall(const RunResult& result);

}  // namespace drydock
