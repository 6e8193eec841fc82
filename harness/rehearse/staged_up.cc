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
  Phase phase = run_scripts(PhaseName::kUp, scripts, session, ground_.limit);
  if (session.connected() && session.transaction() == TransactionState::kIdle) {
    ground_.workbench.flush_counters_of(session);
  }
  return phase;
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

CopyPrints StagedUp::untouched() const {
  Session session = administer();
  return CopyPrints(session);
}

ContentsPrints StagedUp::contents(const CopyPrints& untouched, const ContentsPrints& also) const {
  Session session = administer();
  return untouched.look(session, also);
}

}  // namespace drydock
