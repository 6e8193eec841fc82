// What was seen of locks as plain text, for the formats that have no layout of their own. All of it
// is printable, one line a string.
#pragma once

#include <string>
#include <vector>

#include "harness/model/run_result.h"

namespace drydock {

/// The locks of a phase that keep traffic out, each with the statement that took it.
std::vector<std::string> ledger_lines(const Phase& phase);

/// What a phase rewrote and read from one end to the other, with the statement that did.
std::vector<std::string> pass_lines(const Phase& phase);

/// Each probe: latencies without and with the migration, and what kept it waiting longest.
std::vector<std::string> traffic_lines(const TrafficTrial& trial);

/// Each attempt to run the migration behind somebody else's lock.
std::vector<std::string> queue_lines(const QueueTrial& trial);

/// Each interruption after which the migration did not come to the undisturbed result.
std::vector<std::string> interruption_lines(const InterruptionTrial& trial);

/// "ACCESS EXCLUSIVE on public.orders for about 41 s ± 6 s at 80,000,000 rows, 2 passes, a
/// rewrite", then what it was measured at.
std::vector<std::string> forecast_lines(const std::vector<LockForecast>& forecasts);

/// The part of the evidence that a check on locks judged; empty for other checks. Ends with a
/// newline when it is not empty.
std::string lock_text(const Rehearsal& evidence, const std::string& check);

}  // namespace drydock
