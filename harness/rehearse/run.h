// A whole run: scenarios × servers, rehearsed and judged.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/checks/judge.h"
#include "harness/model/run_result.h"
#include "harness/rehearse/progress.h"
#include "harness/rehearse/selection.h"

namespace drydock {

class Server;

struct RunRequest {
  std::vector<Scenario> scenarios;
  /// Version, directory of binaries, or URL; empty: what the scenario names, else the newest found.
  std::vector<std::string> servers;
  Selection selection;
  std::chrono::milliseconds limit{0};  ///< for each phase; 0: none
  Policy policy;
  bool keep = false;
  std::size_t jobs = 0;   ///< ranges rehearsed at the same time; 0: as many as pay off
  bool paranoid = false;  ///< hold each incremental observation against a full one
};

/// Never throws for what happens in a scenario: its run carries the error, and the others go on.
/// After Ctrl-C the result has what was seen so far, and says so. The servers it started are
/// stopped when it returns; with `leaving` they still may be stopping, and go there: whoever
/// destroys them waits for it.
RunResult run_scenarios(const RunRequest& request, ProgressListener& progress,
                        std::vector<Server>* leaving = nullptr);

}  // namespace drydock
