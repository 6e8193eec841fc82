// The way to do the same thing without keeping an application out.
//
// Most statements that block for long have a twin that does not: it takes a weaker lock, or moves
// the long part to where nobody waits. Which twin, the words of the statement tell; what it was
// seen to do (a rewrite, a full pass) decides between the cases that words leave open.
#pragma once

#include <string>

#include "harness/model/evidence.h"

namespace drydock {

struct SafeWay {
  /// What the statement does, in few words that stay the same: "SET NOT NULL". The server's command
  /// tag words where nothing more is known.
  std::string what;
  std::string remedy;
};

SafeWay safe_way(const StatementRun& statement);

/// For a lock that is held because of what follows in its transaction, not because of the statement
/// that took it.
extern const std::string kCommitBetween;

}  // namespace drydock
