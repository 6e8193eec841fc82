// What a run tells while it goes on. Six calls, in this order:
//   run_started (migration_started phase_started* migration_ended)* run_ended
#pragma once

#include <cstddef>

#include "harness/model/run_result.h"

namespace drydock {

class ProgressListener {
 public:
  virtual ~ProgressListener() = default;
  /// `run` has everything but migrations. `selected` migrations will be judged.
  virtual void run_started(const ScenarioRun& run, std::size_t selected) = 0;
  virtual void migration_started(const std::string& id, std::size_t index) = 0;
  virtual void phase_started(PhaseName phase) = 0;
  virtual void migration_ended(const MigrationResult& result) = 0;
  virtual void run_ended(const ScenarioRun& run) = 0;
};

}  // namespace drydock
