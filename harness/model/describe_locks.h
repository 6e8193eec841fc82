// Locks in words, and which of them an application feels. Findings and reports say the same.
#pragma once

#include <string>

#include "harness/model/lock_evidence.h"

namespace drydock {

/// Whether others wait because of the lock: on a relation that was there before, in a mode that
/// keeps reads or writes out. Nobody writes to a materialized view, so only readers count there.
bool is_felt(const HeldLock& lock);

/// "SELECT … FOR UPDATE", "planning a query".
std::string describe(ProbeOperation operation);

}  // namespace drydock
