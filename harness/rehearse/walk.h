// The walk over the migrations: the only place that knows the order of observing.
//
// For each migration, on one database that is stepped forward:
//   before = schema;  up → after;  down → restored;  up again → repeated
// A state from which the next migration could not be judged fairly is repaired by rebuilding, so
// that one bad down never hides the next.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/migration.h"
#include "harness/model/scenario.h"
#include "harness/rehearse/progress.h"
#include "harness/rehearse/workbench.h"

namespace drydock {

/// Called with each migration's evidence as soon as it is complete.
using EvidenceSink = std::function<void(Rehearsal)>;

/// Goes through the first selected.size() migrations of `set` in order; those for which `selected`
/// is false are only applied, and stand in the evidence as not judged. Throws Cancelled or Error
/// (the server is gone, a rebuild is not possible) after the evidence of the migration under way
/// was handed over.
void walk(const MigrationSet& set, const std::vector<bool>& selected, const Scenario& scenario,
          Server& server, Workbench& workbench, std::chrono::milliseconds limit,
          ProgressListener& progress, const EvidenceSink& sink);

}  // namespace drydock
