// The numbers that every summary gives, counted once.
#pragma once

#include <cstddef>
#include <string>

#include "harness/model/run_result.h"

namespace drydock {

/// Whether a finding is neither waived nor known.
bool is_open(const Finding& finding);

struct Totals {
  std::size_t migrations = 0, passed = 0, failed = 0, errored = 0, skipped = 0;
  std::size_t errors = 0, warnings = 0, infos = 0;  ///< open findings by severity
  std::size_t waived = 0, known = 0;                ///< findings that do not count
};

Totals count(const MigrationResult& migration);
Totals count(const ScenarioRun& run);
Totals count(const RunResult& result);

/// "2 errors, 1 warning, 1 waived"; empty when there is nothing to tell.
std::string findings_phrase(const Totals& totals);

/// "wms on PostgreSQL 15.20"; without the server when it never came to one.
std::string run_title(const ScenarioRun& run);

/// How a run was made, what is not known left out: "as wms_owner, fast profile, 1.2 s".
std::string manner_phrase(const ScenarioRun& run);

/// The verdict in one sentence without its first word: "2 of 12 migrations failed, 1 warning".
std::string verdict_phrase(const RunResult& result);

}  // namespace drydock
