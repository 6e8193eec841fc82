// Does row security hide rows from the migration itself?
//
// FORCE ROW LEVEL SECURITY binds the owner of a table, and so the role that migrates: its UPDATE of
// every row finds none and succeeds. So the up is run again in a copy by the same role, with
// nothing changed but BYPASSRLS, and what its statements did is compared.
#pragma once

#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/rehearse/staged_up.h"

namespace drydock {

/// Tables on which row security binds the role that migrates, in the work database as it is now:
/// qualified names.
std::vector<std::string> tables_that_bind(const Workbench& workbench);

/// `up` is the phase as it was walked; `binding` are the tables that bound the role before or after
/// it.
RoleFaithfulTrial try_without_row_security(const StagingGround& ground, const Phase& up,
                                           const std::vector<std::string>& binding);

}  // namespace drydock
