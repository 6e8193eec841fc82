// How many rows a table has, without waiting for whoever has locked it.
//
// The server's statistics say how many are live, but know nothing of what came with a copied
// database. There the first pages are counted, before the phase, while nobody holds a lock.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "harness/observe/relation_map.h"
#include "harness/postgres/connection.h"

namespace drydock {

class RowEstimates {
 public:
  /// `connection` is the administrator's; both must outlive the estimates.
  RowEstimates(Connection& connection, const RelationMap& map)
      : connection_(connection), map_(map) {}

  /// REQUIRES: nobody holds locks on the tables. Looks at tables that are new, or in a new file.
  void phase_begins();

  /// In each of `relations`: of a table, of an index's table, of a partitioned table's partitions
  /// together. Takes no lock. `live`: what was just read of the statistics, which need not be read
  /// again.
  std::map<Oid, std::int64_t> rows_in(const std::set<Oid>& relations,
                                      std::map<Oid, std::int64_t> live);

 private:
  /// The tables whose rows are those of `relation`.
  std::vector<Oid> tables_of(Oid relation) const;
  void read_live_rows(const std::set<Oid>& tables, std::map<Oid, std::int64_t>& live);
  void count_first_pages(const std::map<Oid, std::int64_t>& pages);

  Connection& connection_;
  const RelationMap& map_;
  std::map<Oid, Oid> looked_at_;         ///< the file in which the table was then
  std::map<Oid, std::int64_t> counted_;  ///< where the statistics knew of none
};

}  // namespace drydock
