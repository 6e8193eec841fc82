// Remembers which catalog rows exist and tells, at each look, what has to be fetched again.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/observe/catalog_watch.h"
#include "harness/postgres/connection.h"

namespace drydock {

/// Units to fetch again, by kind id.
using CatalogUnits = std::map<std::string, std::set<std::uint32_t>>;

struct CatalogChanges {
  CatalogUnits units;
  std::set<std::uint32_t> annotated;  ///< oids whose comments or labels changed
  bool everything = false;            ///< the change can be felt anywhere
};

class CatalogTracker {
 public:
  explicit CatalogTracker(const ServerTraits& server);

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

  void take_changed(std::size_t watch, std::vector<CatalogRow> rows, CatalogChanges& changes,
                    std::vector<CatalogTarget>& touched);
  void drop_vanished(Connection& connection, std::size_t watch, CatalogChanges& changes,
                     std::vector<CatalogTarget>& touched);
  /// Follows "@catalog" targets to the unit; nothing for rows that are none of ours.
  void resolve(const CatalogTarget& target, CatalogUnits& units) const;

  std::vector<CatalogWatch> watches_;
  std::string statement_;
  std::vector<KnownRows> known_;  ///< by watch
  std::set<std::string> always_;
  std::string mark_ = kBeforeEverything;
};

}  // namespace drydock
