// What has to be there before isolation can be tried at all.
#pragma once

#include <string>

#include "harness/model/scenario.h"
#include "harness/model/schema.h"
#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Whether any table has row security enabled, or a policy.
bool any_row_security(const SchemaSnapshot& schema);

/// Why it cannot even be asked how to be a tenant; empty: it can.
std::string why_no_context(Session& session, const Tenancy& tenancy);

/// Behind the last migration: throws InputError for tables and columns that the scenario names and
/// nobody made.
void require_names(Session& session, const IsolationRules& rules, const Tenancy& tenancy);

}  // namespace drydock
