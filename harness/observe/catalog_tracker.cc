#include "harness/observe/catalog_tracker.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

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

CatalogTracker::CatalogTracker(const ServerTraits& server, bool counted)
    : watches_(catalog_watches(server)),
      counted_(counted),
      known_(watches_.size()),
      marks_(watches_.size(), kBeforeEverything) {
  std::set<std::string> catalogs;
  for (std::size_t i = 0; i < watches_.size(); ++i) {
    all_.push_back(i);
    if (is_often_written(watches_[i].catalog)) {
      often_.push_back(i);
    } else {
      seldom_.push_back(i);
      catalogs.insert(watches_[i].catalog);
    }
  }
  seldom_catalogs_.assign(catalogs.begin(), catalogs.end());
  if (!server.superuser) always_ = {"role", "user mapping", "subscription"};
}

CatalogChanges CatalogTracker::look(Connection& connection) {
  Found found;
  if (looked_ && counted_) {
    look_where_counters_moved(connection, found);
  } else {
    look_at_everything(connection, found);
  }
  looked_ = true;
  if (!found.fewer.empty()) drop_vanished(connection, found);
  // Only now: a row may belong to an object that a later watch brought.
  for (const CatalogTarget& target : found.touched) {
    resolve(target, found.changes.units, found.changes.touched);
  }
  for (const std::string& kind : always_) found.changes.units[kind].insert(0);
  return std::move(found.changes);
}

void CatalogTracker::look_at_everything(Connection& connection, Found& found) {
  // Counters first: what is written in between is looked at again, not missed.
  if (counted_) {
    const PreparedQuery query = counters_query();
    take_counters(std::string(connection.query_prepared(query.name, query.sql, {}).at(0, 0)));
  }
  take(connection.query_prepared("drydock changes", changes_statement(watches_, all_),
                                 {marks_.front()}),
       all_, found);
}

void CatalogTracker::look_where_counters_moved(Connection& connection, Found& found) {
  const std::vector<Rows> answers = connection.query_prepared_all(
      {counters_query(),
       {"drydock changes often", changes_statement(watches_, often_), {marks_[often_.front()]}}});
  take(answers.at(1), often_, found);
  const std::vector<std::size_t> moved = take_counters(std::string(answers[0].at(0, 0)));
  if (moved.empty()) return;
  std::vector<PreparedQuery> queries;
  for (const std::size_t watch : moved) {
    queries.push_back({fmt::format("drydock changes {}", watch),
                       changes_statement(watches_, {watch}),
                       {marks_[watch]}});
  }
  const std::vector<Rows> more = connection.query_prepared_all(queries);
  for (std::size_t i = 0; i < moved.size(); ++i) take(more[i], {moved[i]}, found);
}

PreparedQuery CatalogTracker::counters_query() const {
  return {"drydock written", written_statement(seldom_catalogs_), {}};
}

std::vector<std::size_t> CatalogTracker::take_counters(const std::string& counters) {
  const std::vector<std::string> before = std::exchange(counters_, split(counters, ' '));
  std::set<std::string> moved;
  for (std::size_t i = 0; i < counters_.size(); ++i) {
    if (i >= before.size() || counters_[i] != before[i]) moved.insert(seldom_catalogs_.at(i));
  }
  std::vector<std::size_t> watches;
  for (const std::size_t watch : seldom_) {
    if (moved.contains(watches_[watch].catalog)) watches.push_back(watch);
  }
  return watches;
}

void CatalogTracker::take(const Rows& rows, const std::vector<std::size_t>& which, Found& found) {
  for (int row = 0; row < rows.size(); ++row) {
    const int watch = std::atoi(std::string(rows.at(row, 0)).c_str());
    if (watch < 0) {
      for (const std::size_t each : which) marks_[each] = rows.at(row, 2);
      continue;
    }
    const std::size_t index = static_cast<std::size_t>(watch);
    take_changed(index, parse_changes(rows.at(row, 2)), found);
    const std::size_t count = std::strtoul(std::string(rows.at(row, 1)).c_str(), nullptr, 10);
    if (watches_[index].counted() && known_[index].size() != count) found.fewer.push_back(index);
  }
}

void CatalogTracker::take_changed(std::size_t watch, std::vector<CatalogRow> rows, Found& found) {
  const CatalogWatch& watched = watches_[watch];
  for (CatalogRow& row : rows) {
    found.touched.insert(found.touched.end(), row.targets.begin(), row.targets.end());
    note_index(watched, row);
    if (!watched.counted()) continue;
    if (watched.role == WatchRole::kAnnotation) {
      found.changes.annotated.insert(annotated_oid(row.id));
    }
    const auto [at, fresh] = known_[watch].try_emplace(row.id);
    if (requires_everything(watched.role, !fresh)) found.changes.everything = true;
    // What a row stands for can change: a table that became a view.
    if (!fresh && at->second != row.targets) {
      found.touched.insert(found.touched.end(), at->second.begin(), at->second.end());
    }
    at->second = std::move(row.targets);
  }
}

/// Which table an index is of, is nowhere to be read once it is dropped.
void CatalogTracker::note_index(const CatalogWatch& watch, const CatalogRow& row) {
  if (watch.catalog != "pg_index" || row.targets.size() != 2) return;
  table_of_index_[row.targets[0].oid] = row.targets[1].oid;
}

void CatalogTracker::touch_table_of_index(const std::vector<CatalogTarget>& dropped,
                                          Touched& touched) {
  for (const CatalogTarget& target : dropped) {
    if (target.kind != "index") continue;
    if (auto node = table_of_index_.extract(target.oid)) touched.relations.insert(node.mapped());
  }
}

void CatalogTracker::drop_vanished(Connection& connection, Found& found) {
  std::vector<PreparedQuery> queries;
  for (const std::size_t watch : found.fewer) {
    queries.push_back({fmt::format("drydock list {}", watch), list_statement(watches_[watch]), {}});
  }
  const std::vector<Rows> lists = connection.query_prepared_all(queries);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const std::size_t watch = found.fewer[i];
    const CatalogWatch& watched = watches_[watch];
    KnownRows living;
    for (const std::string& id : split(lists[i].at(0, 0), ',')) {
      // Rows that are not known yet appeared after the look: the next one brings them.
      if (auto node = known_[watch].extract(id)) living.insert(std::move(node));
    }
    for (const auto& [id, targets] : known_[watch]) {
      for (const CatalogTarget& target : targets) {
        // The row of an object that is gone resolves to nothing later, so it is resolved here.
        target.kind.starts_with('@') ? found.touched.push_back(target)
                                     : resolve(target, found.changes.units, found.changes.touched);
      }
      if (watched.role == WatchRole::kAnnotation) {
        found.changes.annotated.insert(annotated_oid(id));
      }
      if (watched.role == WatchRole::kEverything) found.changes.everything = true;
      touch_table_of_index(targets, found.changes.touched);
    }
    known_[watch] = std::move(living);
  }
}

void CatalogTracker::resolve(const CatalogTarget& target, CatalogUnits& units,
                             Touched& touched) const {
  if (target.kind == kTouchesRelation) {
    touched.relations.insert(target.oid);
    return;
  }
  if (target.kind == kTouchesTypes) {
    touched.types = true;
    return;
  }
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
    for (const CatalogTarget& next : at->second) resolve(next, units, touched);
  }
}

void CatalogTracker::add_dependents(Connection& connection,
                                    const std::vector<std::uint32_t>& relations,
                                    CatalogUnits& units) const {
  const Rows rows =
      connection.query_prepared("drydock dependents", kDependents, {oid_array(relations)});
  Touched touched;  // they print otherwise, and are what they were
  for (int row = 0; row < rows.size(); ++row) {
    const std::string oid(rows.at(row, 1));
    resolve({std::string(rows.at(row, 0)), annotated_oid(oid)}, units, touched);
  }
}

}  // namespace drydock
