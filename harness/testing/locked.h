// Evidence of locks made by hand, for tests of what is judged from it.
#pragma once

#include <string>
#include <vector>

#include "harness/model/evidence.h"

namespace drydock::testing {

inline const std::string kUpFile = "0002_add_lots.up.sql";
inline const std::string kDownFile = "0002_add_lots.down.sql";

/// On a table with 1000 rows that was there before, held for 10 ms.
HeldLock held(const std::string& table, LockMode mode, double held_ms = 10);
HeldLock held_index(const std::string& index, const std::string& table, LockMode mode);

/// A statement of the up on that line that took 10 ms, watched, under a lock_timeout of 2 s.
StatementRun locking(int line, const std::string& kind, const std::string& text,
                     std::vector<HeldLock> locks);

/// Statements one after the other; up again did the same.
Rehearsal watched(std::vector<StatementRun> up, std::vector<StatementRun> down = {});

}  // namespace drydock::testing
