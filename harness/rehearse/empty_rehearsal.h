// A rehearsal of which nothing was done yet: what the files say before any of them runs.
#pragma once

#include <string>

#include "harness/model/evidence.h"
#include "harness/model/migration.h"
#include "harness/model/scenario.h"

namespace drydock {

/// Whether the tool knows a way down from this migration at all.
bool takes_down(const Migration& migration, const MigrationSet& set);

/// Files and kinds of the migration, all phases still to come.
Rehearsal empty_rehearsal(const Migration& migration, const MigrationSet& set);

/// Empty: there is a down to run.
std::string why_no_down(const Migration& migration, const MigrationSet& set,
                        const Scenario& scenario);

/// The phase will not run, or could not.
void skip_phase(Phase& phase, PhaseOutcome outcome, const std::string& why);

}  // namespace drydock
