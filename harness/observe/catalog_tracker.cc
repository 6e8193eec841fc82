#include "harness/observe/catalog_tracker.h"

#include <fmt/format.h>

#include <cstdlib>

#include "harness/base/text.h"
#include "harness/observe/catalog_reader.h"

namespace drydock {
namespace {

// Definitions print the columns of a relation when they read from it, and views rename columns that
// clash; a view over a function that returns the relation's row type does so too. So dependencies
// are followed all the way, except into foreign keys, which print names only (and a central table
// has a hundred of them).
const char* const kDependents = R"(
WITH RECURSIVE dependent(classid, objid) AS (
  SELECT 'pg_class'::regclass::oid, unnest($1::oid[])
  UNION
  SELECT d.classid, d.objid
    FROM dependent JOIN pg_depend d
      ON d.refclassid = dependent.classid AND d.refobjid = dependent.objid
   WHERE d.deptype IN ('n', 'a', 'i')
     AND NOT (d.classid = 'pg_constraint'::regclass
              AND EXISTS (SELECT FROM pg_constraint f WHERE f.oid = d.objid AND f.contype = 'f')))
SELECT '@' || classid::regclass, objid FROM dependent)";

bool requires_everything(WatchRole role, bool was_known) {
  return role == WatchRole::kEverything || (role == WatchRole::kRenamesOnly && was_known);
}

/// "16385.pg_class.2": the id of an annotation begins with its object's oid.
std::uint32_t annotated_oid(const std::string& row_id) {
  return static_cast<std::uint32_t>(std::strtoul(row_id.c_str(), nullptr, 10));
}

}  // namespace

CatalogTracker::CatalogTracker(const ServerTraits& server)
    : watches_(catalog_watches(server)),
      statement_(changes_statement(watches_)),
      known_(watches_.size()) {
  if (!server.superuser) always_ = {"role", "user mapping", "subscription"};
}

CatalogChanges CatalogTracker::look(Connection& connection) {
  const Rows rows = connection.query_prepared("drydock changes", statement_, {mark_});
  CatalogChanges changes;
  std::vector<CatalogTarget> touched;
  for (int row = 0; row < rows.size(); ++row) {
    const int watch = std::atoi(std::string(rows.at(row, 0)).c_str());
    if (watch < 0) {
      mark_ = rows.at(row, 2);
      continue;
    }
    const std::size_t index = static_cast<std::size_t>(watch);
    take_changed(index, parse_changes(rows.at(row, 2)), changes, touched);
    const std::size_t count = std::strtoul(std::string(rows.at(row, 1)).c_str(), nullptr, 10);
    if (watches_[index].counted() && known_[index].size() != count) {
      drop_vanished(connection, index, changes, touched);
    }
  }
  // Only now: a row may belong to an object that a later watch brought.
  for (const CatalogTarget& target : touched) resolve(target, changes.units);
  for (const std::string& kind : always_) changes.units[kind].insert(0);
  return changes;
}

void CatalogTracker::take_changed(std::size_t watch, std::vector<CatalogRow> rows,
                                  CatalogChanges& changes, std::vector<CatalogTarget>& touched) {
  const CatalogWatch& watched = watches_[watch];
  for (CatalogRow& row : rows) {
    touched.insert(touched.end(), row.targets.begin(), row.targets.end());
    if (!watched.counted()) continue;
    if (watched.role == WatchRole::kAnnotation) changes.annotated.insert(annotated_oid(row.id));
    const auto [at, fresh] = known_[watch].try_emplace(row.id);
    if (requires_everything(watched.role, !fresh)) changes.everything = true;
    // What a row stands for can change: a table that became a view.
    if (!fresh && at->second != row.targets) {
      touched.insert(touched.end(), at->second.begin(), at->second.end());
    }
    at->second = std::move(row.targets);
  }
}

void CatalogTracker::drop_vanished(Connection& connection, std::size_t watch,
                                   CatalogChanges& changes, std::vector<CatalogTarget>& touched) {
  const CatalogWatch& watched = watches_[watch];
  const Rows rows =
      connection.query_prepared(fmt::format("drydock list {}", watch), list_statement(watched), {});
  KnownRows living;
  for (const std::string& id : split(rows.at(0, 0), ',')) {
    // Rows that are not known yet appeared after the look: the next one brings them.
    if (auto node = known_[watch].extract(id)) living.insert(std::move(node));
  }
  for (const auto& [id, targets] : known_[watch]) {
    for (const CatalogTarget& target : targets) {
      // The row of an object that is gone resolves to nothing later, so it is resolved here.
      target.kind.starts_with('@') ? touched.push_back(target) : resolve(target, changes.units);
    }
    if (watched.role == WatchRole::kAnnotation) changes.annotated.insert(annotated_oid(id));
    if (watched.role == WatchRole::kEverything) changes.everything = true;
  }
  known_[watch] = std::move(living);
}

void CatalogTracker::resolve(const CatalogTarget& target, CatalogUnits& units) const {
  if (!target.kind.starts_with('@')) {
    units[target.kind].insert(target.oid);
    return;
  }
  const std::string row_id = std::to_string(target.oid);
  for (std::size_t i = 0; i < watches_.size(); ++i) {
    if (watches_[i].role != WatchRole::kObject && watches_[i].role != WatchRole::kEverything) {
      continue;
    }
    if (watches_[i].catalog != std::string_view(target.kind).substr(1)) continue;
    const auto at = known_[i].find(row_id);
    if (at == known_[i].end()) continue;
    for (const CatalogTarget& next : at->second) resolve(next, units);
  }
}

void CatalogTracker::add_dependents(Connection& connection,
                                    const std::vector<std::uint32_t>& relations,
                                    CatalogUnits& units) const {
  const Rows rows =
      connection.query_prepared("drydock dependents", kDependents, {oid_array(relations)});
  for (int row = 0; row < rows.size(); ++row) {
    const std::string oid(rows.at(row, 1));
    resolve({std::string(rows.at(row, 0)), annotated_oid(oid)}, units);
  }
}

}  // namespace drydock
