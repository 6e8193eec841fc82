// Remembers which catalog rows exist and tells, at each look, what has to be fetched again.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/model/touched.h"
#include "harness/observe/catalog_watch.h"
#include "harness/postgres/connection.h"

namespace drydock {

/// Units to fetch again, by kind id.
using CatalogUnits = std::map<std::string, std::set<std::uint32_t>>;

struct CatalogChanges {
  CatalogUnits units;
  std::set<std::uint32_t> annotated;  ///< oids whose comments or labels changed
  bool everything = false;            ///< the change can be felt anywhere
  Touched touched;
};

class CatalogTracker {
 public:
  /// `counted`: whoever writes to the catalogs flushes its counters before each look
  /// (flush_counters_statement). Catalogs that are seldom written to are then read only when their
  /// counters moved; all of them at each look would take twice as long.
  CatalogTracker(const ServerTraits& server, bool counted);

  /// What changed since the last look; the first time, everything there is.
  CatalogChanges look(Connection& connection);

  /// What cannot be read as rows with an xmin (without superuser rights) is fetched each time.
  const std::set<std::string>& always() const { return always_; }

  /// Adds what prints the columns of the given relations, directly or through types and functions:
  /// views, rules, function bodies, policies, triggers, conditions.
  void add_dependents(Connection& connection, const std::vector<std::uint32_t>& relations,
                      CatalogUnits& units) const;

 private:
  using KnownRows = std::unordered_map<std::string, std::vector<CatalogTarget>>;

  /// What one look has found so far.
  struct Found {
    CatalogChanges changes;
    std::vector<CatalogTarget> touched;
    std::vector<std::size_t> fewer;  ///< watches of which rows vanished
  };

  void look_at_everything(Connection& connection, Found& found);
  void look_where_counters_moved(Connection& connection, Found& found);
  /// The rows of a changes_statement over the watches `which`.
  void take(const Rows& rows, const std::vector<std::size_t>& which, Found& found);
  void take_changed(std::size_t watch, std::vector<CatalogRow> rows, Found& found);
  void note_index(const CatalogWatch& watch, const CatalogRow& row);
  void touch_table_of_index(const std::vector<CatalogTarget>& dropped, Touched& touched);
  void drop_vanished(Connection& connection, Found& found);
  /// Those of `seldom_` whose counters are others than at the last look.
  std::vector<std::size_t> take_counters(const std::string& counters);
  PreparedQuery counters_query() const;
  /// Follows "@catalog" targets to the unit; nothing for rows that are none of ours.
  void resolve(const CatalogTarget& target, CatalogUnits& units, Touched& touched) const;

  std::vector<CatalogWatch> watches_;
  bool counted_;
  std::vector<std::size_t> all_, often_, seldom_;  ///< watches, by their numbers
  std::vector<std::string> seldom_catalogs_;       ///< each once
  std::vector<std::string> counters_;              ///< of seldom_catalogs_, at the last look
  std::vector<KnownRows> known_;                   ///< by watch
  std::map<std::uint32_t, std::uint32_t> table_of_index_;
  std::set<std::string> always_;
  std::vector<std::string> marks_;  ///< by watch
  bool looked_ = false;
};

}  // namespace drydock
