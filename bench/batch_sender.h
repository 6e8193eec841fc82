// Sends batches, and notices a backfill that would never end.
//
// A loop ends because rows that are done are no longer found. Where SET leaves the condition true,
// it does the same rows again and again. So rows that were just done are looked at anew: of the
// first batch, the second, the fourth, the eighth …, which costs next to nothing and finds even
// rows that such a loop reaches only at its end before it has run for twice its time.
#pragma once

#include <cstdint>
#include <string>

#include "bench/backfill_target.h"
#include "harness/postgres/session.h"

namespace drydock {

class BatchSender {
 public:
  explicit BatchSender(const BackfillTarget& target) : target_(target) {}

  /// One UPDATE of those among `rows`, a condition, that are to be done, in a transaction of its
  /// own; how many there were. Throws Error with the server's words; InputError: the condition is
  /// still true of some of them; Cancelled.
  std::int64_t update(Session& session, const std::string& rows);

  /// Looks at the rows of the next batch anew, whichever it is.
  void look_at_next() { look_ = true; }

  const BackfillTarget& target() const { return target_; }

 private:
  std::int64_t update_and_look(Session& session, const std::string& update);

  const BackfillTarget target_;
  std::uint64_t sent_ = 0;
  bool look_ = false;
};

/// Sends one statement in a transaction of its own; the rows that its tag tells ("UPDATE 5"), 0
/// when it tells none. Throws Error with the server's words and the statement; Cancelled.
std::int64_t send_statement(Session& session, const std::string& sql);

/// What is thrown when the condition is still true of `left` of `looked_at` rows that were done.
[[noreturn]] void throw_endless(const BackfillTarget& target, std::int64_t left,
                                std::int64_t looked_at);

}  // namespace drydock
