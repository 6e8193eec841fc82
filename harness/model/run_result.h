// Everything a run found: what reporters print and run.json holds (docs/report-format.md).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/finding.h"
#include "harness/model/migration.h"
#include "harness/model/scenario.h"

namespace drydock {

/// passed: nothing at or above the gate. failed: findings at or above it. errored: could not tell.
/// skipped: not asked.
enum class Outcome { kPassed, kFailed, kErrored, kSkipped };

/// One check on one migration: what JUnit calls a test case.
struct CheckResult {
  std::string check;
  Outcome outcome = Outcome::kErrored;
  std::string reason;  ///< why it was skipped (not asked) or errored (could not tell)
};

struct MigrationResult {
  Rehearsal evidence;
  std::vector<CheckResult> checks;  ///< in the order of all_checks()
  std::vector<Finding> findings;
  Outcome outcome = Outcome::kErrored;
};

/// One scenario on one server version.
struct ScenarioRun {
  std::string scenario;  ///< name
  std::string why;
  std::string directory;  ///< the migrations
  std::string postgres;   ///< "15.20"
  std::string layout;     ///< id
  std::string layout_summary;
  std::string run_as;       ///< role the migrations ran as, and whether it is a superuser
  std::string profile;      ///< "fast" or "realistic"
  std::int64_t rows = 0;    ///< generated rows asked for in each table; 0: none
  std::uint64_t seed = 1;   ///< of the generated rows
  std::string row_profile;  ///< "typical" or "adversarial"; empty: none were asked for
  std::map<std::string, std::string> settings;  ///< server settings we chose
  std::vector<std::string> notes;  ///< what could not be isolated, where the data directory is, …
  std::vector<IgnoredFile> ignored;
  std::vector<MigrationResult> migrations;
  /// Why the run could not be finished (no server, cancelled, …); empty when it was.
  std::string error;
  std::string error_remedy;
  double duration_ms = 0;
};

/// An entry of the known-findings file that matched nothing in this run.
struct StaleKnown {
  std::string fingerprint, check, migration;
};

struct RunResult {
  std::string version;     ///< of Drydock
  std::string started_at;  ///< UTC, ISO 8601
  double duration_ms = 0;
  std::uint64_t seed = 1;
  std::string command;                         ///< how to run it again
  Severity gate = Severity::kError;            ///< --fail-on
  std::map<std::string, std::string> machine;  ///< cores, memory, kernel, where the server lived
  std::vector<CheckText> checks;               ///< texts of the checks that were asked
  std::vector<ScenarioRun> runs;
  std::vector<StaleKnown> stale_known;
  std::string error;  ///< why nothing or not all could be run, when that is not of one scenario
  std::string error_remedy;
  Outcome verdict = Outcome::kErrored;
};

}  // namespace drydock
