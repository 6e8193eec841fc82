// From the server's words about a message to a Failure that points into the user's file.
#pragma once

#include <string>

#include "harness/model/evidence.h"
#include "harness/postgres/session.h"

namespace drydock {

/// What was sent, and where it stands.
struct SentText {
  std::string file;
  std::string text;   ///< the whole piece of the file
  int text_line = 1;  ///< line of the file on which `text` starts
  std::string sql;    ///< what was sent: text from `offset` on, not necessarily to its end
  std::size_t offset = 0;
};

/// Line and column come from the server's error position; for PL/pgSQL in a DO block from the line
/// that its context names; else they are the statement's first line.
Failure make_failure(const Reply& reply, const SentText& sent);

/// failed: the migration's fault. errored: we could not tell (time-out, cancelled, resources of the
/// machine, a server that went away).
PhaseOutcome outcome_of(const Reply& reply);

}  // namespace drydock
