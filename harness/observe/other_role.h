// A role with the application's privileges that no policy names: what it sees, anybody would see
// who is granted the same one day.
#pragma once

#include <string>

#include "harness/postgres/session.h"

namespace drydock {

/// Makes it in the open transaction, with what `role` may read, and gives its name. Not a member of
/// `role`: policies for a role are for its members too.
std::string make_other_role(Session& session, const std::string& role);

}  // namespace drydock
