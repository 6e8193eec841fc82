// A migration's up while an application uses the tables that it locks, on a server with production
// settings: what each operation took before, what it took meanwhile, and how long it waited for the
// migration.
#pragma once

#include <chrono>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/migration.h"
#include "harness/model/scenario.h"
#include "harness/postgres/server.h"
#include "harness/rehearse/realistic_stage.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

class TrafficRehearsal {
 public:
  /// One for a walk. Nothing is started before it is needed. `walk_server` and `scenario` must
  /// outlive it; `limit` is for the up.
  TrafficRehearsal(const Server& walk_server, const Scenario& scenario,
                   std::chrono::milliseconds limit);

  /// The up of `migration` in the state after `prefix`, whose steps must outlive this. What it
  /// locks is known from `rehearsal`, whose up has run. Throws Cancelled; whatever else goes wrong
  /// makes it skipped, with the reason.
  TrafficTrial run(const Migration& migration, const Rehearsal& rehearsal,
                   const std::vector<Step>& prefix);

 private:
  const Scenario& scenario_;
  std::chrono::milliseconds limit_;
  RealisticStage stage_;
};

/// Tables that were there before and that the up locks against more than readers, those with the
/// strongest locks first.
std::vector<std::string> tables_locked(const Phase& up);

}  // namespace drydock
