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

/// Looks at the statements of scripts as they are sent. None of its calls may change what the
/// scripts do.
class StatementObserver {
 public:
  virtual ~StatementObserver() = default;
  /// The phase's session is ready; nothing was sent yet.
  virtual void phase_begins(Session& session) = 0;
  /// Right before a statement goes out. `in_block`: a transaction block is open, so that what it
  /// locks can be seen afterwards.
  virtual void before(Session& session, const std::string& sql, bool in_block) = 0;
  /// Right after it was answered, before a COMMIT of ours: fills run.footprint.
  virtual void after(Session& session, bool in_block, StatementRun& run) = 0;
  /// A transaction ended (by a statement of the script's or ours), as `phase` tells so far.
  virtual void transaction_ended(Phase& phase) = 0;
  /// The last statement was answered, and what it left open was rolled back.
  virtual void phase_ended(Session& session, Phase& phase) = 0;
};

/// Runs `scripts` in order; stops at the first failure and rolls back what it left open.
/// Never throws for what the scripts do: the phase tells. `limit` is for the whole phase.
Phase run_scripts(PhaseName name, const std::vector<Script>& scripts, Session& session,
                  std::chrono::milliseconds limit, StatementObserver* observer = nullptr);

}  // namespace drydock
