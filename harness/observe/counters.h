// The server's counters of written rows (PostgreSQL docs, "The Cumulative Statistics System"), by
// which observers know which tables and catalogs can have changed.
#pragma once

#include <string>

#include "harness/postgres/connection.h"
#include "harness/postgres/session.h"

namespace drydock {

/// To be run in a session that wrote, outside a transaction, before anyone looks: its counters
/// reach the others only from time to time (pg_stat_force_next_flush, PostgreSQL 15). Empty where
/// the server has no such function; observers then look at everything.
std::string flush_counters_statement(int server_version);

/// Whether counters of other sessions can be waited for, and the server keeps them at all.
bool counters_tell(Session& session);
bool counters_tell(Connection& connection);

}  // namespace drydock
