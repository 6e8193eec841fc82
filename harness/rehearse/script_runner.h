// Sends scripts as their tool would and writes down what each statement did.
//
// A message with several statements is sent statement by statement, so that each one can be timed
// and observed, inside the transaction that the server would have made of it (PostgreSQL docs,
// "Multiple Statements in a Simple Query"): an implicit block that a BEGIN in the text turns into
// an ordinary one, that a COMMIT ends, and that starts anew behind it. Where that cannot be done
// faithfully (the grammar does not know the text, or it has SAVEPOINT or AND CHAIN, which behave
// otherwise in an implicit block) the message goes out whole, and the phase notes it.
#pragma once

#include <chrono>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/migration.h"
#include "harness/postgres/session.h"

namespace drydock {

/// Runs `scripts` in order; stops at the first failure and rolls back what it left open.
/// Never throws for what the scripts do: the phase tells. `limit` is for the whole phase.
Phase run_scripts(PhaseName name, const std::vector<Script>& scripts, Session& session,
                  std::chrono::milliseconds limit);

}  // namespace drydock
