// Functions by which an application says for whom it asks: login(tenant), set_tenant(tenant,
// password). They are known by what they set: a setting that the policies read. Where the setting
// is signed, calling them is the only way in.
#pragma once

#include <vector>

#include "harness/observe/context_reads.h"
#include "harness/observe/context_trials.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Calls with {tenant} as every argument: which of them is the tenant, its name need not tell, and
/// what else they ask for is not known.
std::vector<ContextTemplate> setter_templates(Session& session, const ContextReads& reads);

}  // namespace drydock
