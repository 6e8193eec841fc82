// The schema of one database as plain values, kept up to date cheaply.
//
// Reading a schema whole costs tens of milliseconds, and a rehearsal needs it three times a
// migration. So the first look reads everything, and every later one only what changed: the rows
// that carry a newer transaction (catalog_watch.h), what depends on them, and nothing else. When a
// name changes that definitions of others may print, everything is read again. The result is always
// the one that reading everything would give; a test holds refresh() to full() after each of some
// hundred statements.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "harness/model/schema.h"
#include "harness/observe/catalog_query.h"
#include "harness/observe/catalog_reader.h"
#include "harness/observe/catalog_tracker.h"
#include "harness/postgres/connection.h"

namespace drydock {

class SchemaObserver {
 public:
  /// `connection` must outlive the observer and be used for reading catalogs only: search_path and
  /// the settings that decide how definitions print are set on it. Temporary objects of other
  /// sessions are not seen.
  /// `writers_flush`: every session that changes the schema runs flush_counters_statement() before
  /// each refresh(), which then is cheaper.
  explicit SchemaObserver(Connection& connection, bool writers_flush = false);

  /// Brings the snapshot up to date and returns it. Nobody may be changing the schema meanwhile.
  /// The reference is good until the next call; copies are cheap and share their objects.
  const SchemaSnapshot& refresh();

  /// The same, read from scratch; what refresh() knows is neither used nor changed.
  SchemaSnapshot full();

  /// What the last refresh() found touched since the one before.
  const Touched& touched() const { return touched_; }

  /// Whether the last refresh() had to read everything. For tests and measurements.
  bool last_was_full() const { return last_was_full_; }

 private:
  using Units = std::map<std::uint32_t, std::vector<CatalogObject>>;

  /// Everything known about the catalogs at one moment.
  struct State {
    State(const ServerTraits& server, bool counted) : tracker(server, counted) {}
    CatalogTracker tracker;
    Annotations annotations;
    std::map<std::string, Units> units;  ///< by kind id
    SchemaSnapshot snapshot;
  };

  std::unique_ptr<State> read_everything();
  /// False when only reading everything can bring the state up to date.
  bool read_changes(State& state, const CatalogChanges& changes);
  bool read_units(State& state, const CatalogUnits& units,
                  std::vector<std::uint32_t>& relations_with_other_columns);
  void read_annotations_of(State& state, const std::set<std::uint32_t>& oids);

  Connection& connection_;
  ServerTraits server_;
  bool counted_;  ///< counters tell which catalogs were written to
  std::vector<CatalogKind> kinds_;
  std::unique_ptr<State> state_;
  Touched touched_;
  bool last_was_full_ = false;
};

}  // namespace drydock
