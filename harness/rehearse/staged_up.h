// A copy of the database in the state before an up, in which the up may be run, disturbed, and
// looked at, without anything of the walk noticing.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/model/migration.h"
#include "harness/model/schema.h"
#include "harness/observe/copy_prints.h"
#include "harness/observe/leftovers.h"
#include "harness/observe/schema_snapshot.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

/// What the trials on copies have in common. All must outlive the trial.
struct StagingGround {
  Workbench& workbench;
  const std::vector<Step>& prefix;  ///< what makes the state before the up
  const Migration& migration;
  std::chrono::milliseconds limit{0};  ///< for each run of the up; 0: none
};

class StagedUp {
 public:
  /// Throws Error where that state cannot be had again.
  explicit StagedUp(const StagingGround& ground);
  /// A copy of `other` as it is now. REQUIRES: no session of it is open.
  explicit StagedUp(const StagedUp& other);
  StagedUp& operator=(const StagedUp&) = delete;

  /// A session of the role that migrates, fresh.
  Session migrate();
  /// A session of the administrator.
  Session administer() const;
  ConnectionInfo administrator() const;

  /// The whole up as its tool would run it, in a session of its own.
  Phase run();
  /// The same, or a part of it, in that session.
  Phase run(const std::vector<Script>& scripts, Session& session) const;

  /// What is there now. Nobody may be changing it.
  SchemaSnapshot schema();
  std::vector<HalfDone> half_done();
  /// What the tables of this copy are, for contents(). REQUIRES: nothing was done to it yet.
  CopyPrints untouched() const;
  /// Prints of the tables that can be others than those of the `untouched` copy of the same state,
  /// and of those in `also`.
  ContentsPrints contents(const CopyPrints& untouched, const ContentsPrints& also = {}) const;

 private:
  StagingGround ground_;
  std::unique_ptr<ScratchDatabase> copy_;
  std::optional<Connection> observing_;
  std::optional<SchemaObserver> observer_;
};

}  // namespace drydock
