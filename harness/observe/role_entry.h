// Becoming somebody else inside a transaction: a role as it would be behind a connection of its own
// (ALTER ROLE … SET included), and a tenant's context on top of it.
#pragma once

#include <string>

#include "harness/observe/tenant_context.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Takes on the role until the savepoint or leave_statements. Asks the server for the role's
/// settings; throws Error when it cannot.
std::string role_statements(Session& session, const std::string& role);

/// Sets the context, as whoever one is by then. Empty: nothing to set.
std::string context_statements(const ContextSteps& steps);

}  // namespace drydock
