// What isolation depends on besides the tables: who there is, and which ways lead around.
//
// Trying every table again behind every migration would cost more than the migrations. When roles
// change, every table may be bound otherwise; a new view or function binds none, but may lead
// around all of them.
#pragma once

#include <string>

#include "harness/postgres/session.h"

namespace drydock {

/// Prints: equal ones are equal surroundings, also when everything was dropped and made again.
struct IsolationSurroundings {
  std::string parties;  ///< roles, memberships, privileges on schemas, default privileges
  std::string ways;     ///< views, functions, partitions, publications
};
IsolationSurroundings isolation_surroundings(Session& session);

}  // namespace drydock
