// Whether a view shows in error messages what it does not show in rows.
//
// A view that reads as somebody whom row security does not bind, and picks the tenant's rows by a
// condition of its own, keeps the others only from what is evaluated behind that condition. Without
// security_barrier the planner may ask the conditions of whoever queries it first, if they are
// cheaper, and a cast that fails shows the value (PostgreSQL docs, "Rules and Privileges").
#pragma once

#include <optional>
#include <string>

#include "harness/observe/bypass_objects.h"
#include "harness/postgres/session.h"

namespace drydock {

struct PastBarrier {
  std::string sql;     ///< the query, for a person to send
  std::string answer;  ///< the server's words, with the value
  std::string asked;   ///< the query as it was sent
};

/// REQUIRES: an open transaction in which all rows behind the view are another tenant's than the
/// one that `enter` enters for. None: nothing was shown.
std::optional<PastBarrier> shown_past(Session& session, const std::string& enter,
                                      const BypassObject& view);

}  // namespace drydock
