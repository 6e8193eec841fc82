#include "harness/rehearse/staged_up.h"

#include "harness/observe/contents.h"
#include "harness/rehearse/script_runner.h"

namespace drydock {

StagedUp::StagedUp(const StagingGround& ground)
    : ground_(ground), copy_(ground.workbench.stage(ground.prefix)) {}

StagedUp::StagedUp(const StagedUp& other)
    : ground_(other.ground_), copy_(ground_.workbench.copy_of(*other.copy_)) {}

Session StagedUp::migrate() { return ground_.workbench.migrate_in(copy_->name()); }

Session StagedUp::administer() const { return Session(administrator()); }

ConnectionInfo StagedUp::administrator() const {
  return ground_.workbench.administrator(copy_->name());
}

Phase StagedUp::run() {
  Session session = migrate();
  return run(ground_.migration.up, session);
}

Phase StagedUp::run(const std::vector<Script>& scripts, Session& session) const {
  return run_scripts(PhaseName::kUp, scripts, session, ground_.limit);
}

SchemaSnapshot StagedUp::schema() {
  if (!observer_) {
    observing_.emplace(administrator());
    observer_.emplace(*observing_);
  }
  return observer_->refresh();
}

std::vector<HalfDone> StagedUp::half_done() {
  Session session = administer();
  return find_half_done(session);
}

ContentsPrints StagedUp::contents() {
  Session session = administer();
  // Nothing is remembered, so that every table is one that can have changed.
  ContentsObserver observer(session, false);
  ContentsPrints prints;
  observer.compare(ContentsMatch::kByName, {}, &prints);
  return prints;
}

}  // namespace drydock
