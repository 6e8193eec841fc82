// Going the ways around row security: the role asks in one tenant's context, another tenant's rows
// are taken away, and it asks again. If the answer is another, it had seen them.
//
// Rows of the other tenant are deleted with triggers and foreign keys asleep, so that nothing but
// them goes; stored answers (materialized views) are made anew each time. What a call writes to the
// other tenant's rows is counted by the administrator. Views that show none of them are asked once
// more, with nothing but the other tenant's rows there, in a way that makes errors show values. All
// is rolled back to savepoints.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/observe/bypass_calls.h"
#include "harness/observe/bypass_objects.h"
#include "harness/observe/tenancy.h"
#include "harness/postgres/session.h"

namespace drydock {

/// One object and what it may lead to.
struct BypassCandidate {
  const BypassObject* object = nullptr;
  std::vector<const TenantTable*> tables;   ///< nearest first
  std::vector<const BypassObject*> stored;  ///< materialized views on its ways
};

struct BypassTrial {
  bool tried = false;  ///< at least one call gave an answer
  bool leaks = false;
  bool tells = false;                  ///< it does not leak, but errors show what it hides
  const TenantTable* table = nullptr;  ///< of which rows were seen or written
  std::string outcome;                 ///< of a leak, the words that tell, or the last error
  std::string sql;
};

/// Who is tried against whom. `enter` and `leave`: the role in the context of tenant `own`, and
/// back.
struct BypassParties {
  std::string own, other;
  std::string enter, leave;
};

/// Tries all candidates; results in their order. `session` is the administrator's, in an open
/// transaction. Never throws for what the user's objects do.
std::vector<BypassTrial> try_bypasses(Session& session, const BypassParties& parties,
                                      const std::vector<BypassCandidate>& candidates);

}  // namespace drydock
