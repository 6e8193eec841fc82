// Which tables a statement read from one end to the other, and which files it wrote anew.
//
// The watched session itself is asked, in its own transaction, because nobody else can see what it
// counted and which files it uses now. One statement of functions of pg_catalog, without operators,
// which a search_path could redefine; it takes no lock, and changes nothing.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/observe/relation_map.h"
#include "harness/postgres/session.h"

namespace drydock {

/// What the server counts for a table since the session last handed in its counters.
struct ScanCounters {
  std::int64_t scans = 0;  ///< begun, from the first row on
  std::int64_t rows = 0;   ///< that they returned
};

struct RelationWork {
  ScanCounters scans;
  Oid file = 0;  ///< that it is in now; 0: none
};

struct SessionWork {
  std::map<Oid, RelationWork> relations;
  double lock_timeout_ms = 0;
};

/// REQUIRES: the session is in a transaction that has run a query, or in none: the look would be
/// its first query, behind which SET TRANSACTION ISOLATION LEVEL is refused.
SessionWork look_at_work(Session& session, const std::vector<Oid>& relations);

/// lock_timeout in force; may be asked at any moment of a transaction that has not failed.
double lock_timeout_ms(Session& session);

/// "0", "250ms", "5s", "1min" as current_setting() prints them.
double setting_in_ms(const std::string& text);

/// The session, outside a transaction, hands in what it has counted, so that counting starts at
/// nothing. False: the server cannot be asked to (before 15).
bool hand_in_counters(Session& session, int server_version);

/// Full passes. A definition statement reads a table whole whenever it begins to, even where
/// helpers that run beside the session return most of the rows; for what a query reads, rows are
/// counted.
int full_passes(const ScanCounters& counted, std::int64_t live_rows, bool definition_statement);

}  // namespace drydock
