// What the locks of a procedure leave behind in the catalogs.
//
// A procedure that commits has given its locks back before anybody can look. But a column, a
// constraint, an index, a trigger, a policy that came or went proves the lock that it takes to make
// or drop it (PostgreSQL docs, "ALTER TABLE" and the pages of CREATE and DROP), however short it
// was held. What leaves no mark, like LOCK TABLE, is not seen here.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "harness/observe/lock_reader.h"
#include "harness/postgres/connection.h"

namespace drydock {

/// The least that somebody must hold on the relation to make it, and to take it away.
struct CatalogMark {
  LockMode comes = LockMode::kAccessExclusive;
  LockMode goes = LockMode::kAccessExclusive;
};

/// By relation and what stands about it: something that changed is another mark.
using CatalogMarks = std::map<std::pair<Oid, std::string>, CatalogMark>;

/// Of all relations that are not the system's. Throws Error.
CatalogMarks read_catalog_marks(Connection& connection);

/// One entry a relation and mode.
std::vector<SeenLock> locks_between(const CatalogMarks& before, const CatalogMarks& after);

}  // namespace drydock
