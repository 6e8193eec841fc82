// What binds a table besides itself: functions that policies and triggers call, views, roles and
// their memberships, publications, default privileges. When any of it changed, everything is judged
// again; when none did, only the tables that changed themselves.
#pragma once

#include <string>

#include "harness/postgres/session.h"

namespace drydock {

/// Whether any table of the user's has row security enabled, or a policy.
bool any_row_security(Session& session);

/// A print of the surroundings; equal prints are equal surroundings, also when everything was
/// dropped and made again.
std::string isolation_surroundings(Session& session);

}  // namespace drydock
