// What a run tells while it goes on, in this order:
//   run_started (migration_started phase_started* migration_ended)* run_ended
// Each call does nothing unless overridden: the class itself is the silent listener.
#pragma once

#include <cstddef>
#include <string>

#include "harness/model/run_result.h"

namespace drydock {

class ProgressListener {
 public:
  virtual ~ProgressListener() = default;
  /// `run` has everything but migrations; so many will be gone through.
  virtual void run_started(const ScenarioRun&, std::size_t) {}
  virtual void migration_started(const std::string&, std::size_t) {}
  virtual void phase_started(PhaseName) {}
  virtual void migration_ended(const MigrationResult&) {}
  virtual void run_ended(const ScenarioRun&) {}
};

}  // namespace drydock
