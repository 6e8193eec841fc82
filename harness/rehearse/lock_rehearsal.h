// Everything around a migration that is about locks: watching its statements, and running it again
// where somebody stands in its way or it in somebody's. The walk says when; this file says what.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/migration.h"
#include "harness/model/scenario.h"
#include "harness/observe/leftovers.h"
#include "harness/postgres/server.h"
#include "harness/rehearse/script_runner.h"
#include "harness/rehearse/traffic_trial.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

class LockRehearsal {
 public:
  /// All must outlive it. `limit` is for each run of scripts; 0: none.
  LockRehearsal(const Scenario& scenario, const Server& server, Workbench& workbench,
                std::chrono::milliseconds limit);

  /// Before the first phase of a migration that is judged.
  void begin(const Migration& migration, Rehearsal& rehearsal);

  /// Runs scripts in the work database, watched if the scenario wants it, and by `other` unless
  /// that is null.
  Phase run(PhaseName name, const std::vector<Script>& scripts, StatementObserver* other);

  /// After a phase: what it left half-done.
  void after_phase(const Phase& phase, Rehearsal& rehearsal);

  /// The trials that the scenario asks for, on copies. `before` are the steps to the state before
  /// the up.
  void after_cycle(const Migration& migration, const std::vector<Step>& before,
                   Rehearsal& rehearsal);

 private:
  const Scenario& scenario_;
  Workbench& workbench_;
  std::chrono::milliseconds limit_;
  TrafficRehearsal traffic_;
  bool looks_for_half_done_ = false;  ///< for the present migration
  std::vector<HalfDone> half_done_;   ///< before the present phase
};

}  // namespace drydock
