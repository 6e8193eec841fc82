// A table is bound by functions too: those that its policies ask, its triggers run, and its
// defaults and conditions call, and those that they call in turn. What a function calls is taken
// from the names in its text, which may be too many.
#pragma once

#include <vector>

#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Adds a print of the functions to `looked_into` of the tables that have any.
void fill_called_functions(Session& session, std::vector<TenantTable>& tables);

}  // namespace drydock
