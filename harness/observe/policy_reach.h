// What binds a table besides itself: the tables that its policies look into, and the functions that
// its policies, triggers, defaults and conditions call.
//
// A policy that looks for the parent's row, or asks a function that does, is as strict as the
// parent's own policies are for whoever asks. So what binds a table changes with tables that no
// statement about it names: these are found through the policies' dependencies, and on through the
// policies, views and functions that stand between. What a function reads is taken from the names
// in its text, which may be too many.
#pragma once

#include <vector>

#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Fills `looked_into` of the tables.
void fill_reach(Session& session, std::vector<TenantTable>& tables);

}  // namespace drydock
