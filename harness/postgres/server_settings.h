// The two profiles of a disposable server: fast, where only results count, and realistic, where
// times do.
#pragma once

#include <map>
#include <string>

namespace drydock {

/// Settings of the fast profile: durability off, nothing in the background, no TCP. For
/// correctness; never for times.
std::map<std::string, std::string> fast_settings();

/// Settings of the realistic profile: durability on, memory, WAL and checkpoints as a production
/// server of moderate size has them. For how long things take and who waits for whom.
std::map<std::string, std::string> realistic_settings();

/// What a realistic server is started with whatever else is asked for: each wait for a lock that
/// lasts longer than 10 ms is told in its log, in the form that the reader of the log expects.
std::map<std::string, std::string> lock_log_settings();

}  // namespace drydock
