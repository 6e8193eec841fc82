// What a statement that could not stand in a transaction left half-done when it was stopped.
//
// CREATE INDEX CONCURRENTLY, REINDEX CONCURRENTLY, DROP INDEX CONCURRENTLY and DETACH PARTITION
// CONCURRENTLY commit several times on their way. Stopped in between they leave an INVALID index,
// which costs every write and serves no query, or a partition whose detaching is pending; and a
// later CREATE INDEX … IF NOT EXISTS takes such an index for the one it was to make. An invalid
// index of a partitioned table is none of these: it waits for the indexes of the partitions, which
// is how it is meant to be made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/model/evidence.h"
#include "harness/model/lock_evidence.h"
#include "harness/postgres/session.h"

namespace drydock {

/// One of them in a database.
struct HalfDone {
  std::uint32_t oid = 0;
  std::string object;  ///< "index public.orders_code_idx"
  std::string what;    ///< "is INVALID", "is still being detached"
  std::string name;    ///< without its schema, not quoted
  std::string table;   ///< that it belongs to, without its schema, not quoted
};

/// All in the present database, sorted by object. `session` is the administrator's, idle.
std::vector<HalfDone> find_half_done(Session& session);

/// What `phase` left half-done, and what of `before` it took for done. What was there before, and
/// that nothing of the phase touched, is not its own and not listed.
std::vector<Leftover> leftovers_of(const std::vector<HalfDone>& before,
                                   const std::vector<HalfDone>& after, const Phase& phase);

/// Adds those of `more` that are not in `leftovers`, by object and whether they were accepted.
void add_leftovers(const std::vector<Leftover>& more, std::vector<Leftover>& leftovers);

/// Whether the statement commits on its own way and may be stopped in between: CREATE INDEX, DROP
/// INDEX, REINDEX and DETACH PARTITION with CONCURRENTLY.
bool works_concurrently(const std::string& statement);

}  // namespace drydock
